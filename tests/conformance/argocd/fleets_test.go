package argocd

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

// fleets returns the fleets in directories that match a pattern; the repository of each is the parent directory.
func fleets(t *testing.T, pattern string) []fleet {
	t.Helper()
	found, err := fs.Glob(os.DirFS(root), pattern+"/fleet.y*ml")
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: %d fleets, %v", pattern, len(found), err)
	}
	var all []fleet
	for _, file := range found {
		dir := path.Dir(file)
		all = append(all, fleet{repository: filepath.Join(root, path.Dir(dir)), dir: path.Base(dir)})
	}
	return all
}

// cellsOf returns the values that the Argo CD UI offers for the parameter `cell`, if the fleet has cells.
func cellsOf(t *testing.T, f fleet) []string {
	t.Helper()
	parameters, err := announced(f)
	if err != nil {
		t.Fatalf("%s: %v", f.path(), err)
	}
	for _, parameter := range parameters {
		if _, values, found := strings.Cut(parameter.Title, ": "); found {
			return strings.Split(values, ", ")
		}
	}
	return nil
}

// compare renders a fleet or one of its cells, and returns the lines that `generate` prints. The plugin server must return the
// same bytes, and the renderer the same objects.
func compare(t *testing.T, f fleet, cell ...string) []string {
	t.Helper()
	var given []parameter
	args := []string{"generate", "-o", "json"}
	if len(cell) > 0 {
		given = []parameter{text("cell", cell[0])}
		args = append(args, "--cell", cell[0])
	}
	if _, _, code := execute(t, f, args...); code != 0 && len(cell) > 0 {
		// A cell can be empty, which is an error for both.
		checkError(t, rejected(t, f, given...), code, `error\[empty-output\]: `)
		return nil
	}
	want := printed(t, f, args[3:]...)
	texts, err := pluginOutput(f, given...)
	if err != nil {
		t.Errorf("%s %q: %v", f.path(), cell, err)
	}
	if !slices.Equal(texts, want) {
		t.Errorf("%s %q: the plugin server returns other bytes", f.path(), cell)
	}
	manifests := rendered(t, f, given...)
	if err := same(manifests, want, v1alpha1.TrackingMethodAnnotation); err != nil {
		t.Errorf("%s %q: %v", f.path(), cell, err)
	}
	if sent := answer(manifests); sent-answer(nil) > counted(want) {
		t.Errorf("%s %q: Argo CD sends %d bytes, but %d were counted", f.path(), cell, sent, counted(want))
	}
	return want
}

// TestFleets renders every fleet of the repository, and each cell as a separate Application.
func TestFleets(t *testing.T) {
	objects := 0
	all := slices.Concat(fleets(t, "testdata/ok/*/in"), fleets(t, "examples/*"))
	for _, f := range all {
		var lines []string
		if cells := cellsOf(t, f); cells == nil {
			lines = compare(t, f)
		} else {
			for _, cell := range cells {
				lines = append(lines, compare(t, f, cell)...)
			}
		}
		// Argo CD deletes everything if the output is empty: no fleet of the repository must render no object.
		if whole := printed(t, f); len(lines) == 0 || len(lines) != len(whole) {
			t.Errorf("%s: %d objects are rendered, but %d are printed", f.path(), len(lines), len(whole))
		}
		objects += len(lines)
	}
	t.Logf("%d fleets, %d objects", len(all), objects)
}

// TestRootOfRepository renders a fleet in the root of its repository.
func TestRootOfRepository(t *testing.T) {
	compare(t, fleet{repository: filepath.Join(root, "examples/eks"), dir: "."})
}

// TestTracking renders with the other tracking methods, which add a label.
func TestTracking(t *testing.T) {
	for _, method := range []v1alpha1.TrackingMethod{v1alpha1.TrackingMethodLabel, v1alpha1.TrackingMethodAnnotationAndLabel} {
		for _, f := range fleets(t, "examples/*") {
			manifests, err := render(f, method)
			if err == nil {
				err = same(manifests, printed(t, f), method)
			}
			if err != nil {
				t.Errorf("%s, %s: %v", f.path(), method, err)
			}
		}
	}
}

// TestEmptyFleet renders a fleet without clusters: an error, unless fleet.yaml allows it.
func TestEmptyFleet(t *testing.T) {
	const file = "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters: [{list: users.yaml}]\ntemplates: [{file: builtin:eks}]\n"
	f := write(t, map[string]string{"fleet.yaml": file, "users.yaml": "# empty\n"})
	checkError(t, rejected(t, f), 4, `error\[empty-list\]: fleet.yaml:3:19: `)
	f.write(t, "fleet.yaml", file+"safety: {allowEmpty: true}\n")
	if lines := printed(t, f); len(lines) != 0 {
		t.Errorf("expected no lines, found %d", len(lines))
	}
	if manifests := rendered(t, f); len(manifests) != 0 {
		t.Errorf("expected no manifests, found %d: %q", len(manifests), manifests)
	}
}

//go:build linux

package image

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

// parameters are possible parameters of Argo CD. A fleet without the cell rejects them, which is a result, too.
const parameters = `ARGOCD_APP_PARAMETERS=[{"name":"cell","string":"@fleet"}]`

// TestRendersInTheImage runs the image with every fleet of the repository: like Argo CD's plugin server, with the entry point,
// and with the settings of a pod. The output must equal that of the program outside the image.
func TestRendersInTheImage(t *testing.T) {
	image := layOut(t)
	generate, announce := commands(t, image)
	program := entrypoint(t)
	runs := []struct {
		arguments   []string
		environment []string
	}{
		{arguments: generate},
		{generate, []string{parameters}},
		{arguments: announce},
		{arguments: append(program, "generate", ".")},
		{append(program, "validate"), []string{"TZ=Pacific/Kiritimati", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "HOME=/nonexistent", "TMPDIR=/nonexistent"}},
	}
	dirs := fleets(t)
	for _, fleet := range dirs {
		for _, r := range runs {
			there := inside(image, fleet, r.arguments...)
			there.Env = r.environment
			here := exec.Command(binary, r.arguments[1:]...)
			here.Dir = fleet
			// Argo CD passes parameters in the environment; no other variable has an effect.
			here.Env = slices.DeleteFunc(os.Environ(), func(word string) bool { return strings.HasPrefix(word, "ARGOCD_") })
			if slices.Contains(r.environment, parameters) {
				here.Env = append(here.Env, parameters)
			}
			got, want := repository.RunCommand(t, there), repository.RunCommand(t, here)
			if got != want {
				t.Errorf("%s: %q: exit %d, %q\nnot %d, %q", fleet, r.arguments, got.Code, got.Stderr, want.Code, want.Stderr)
			}
			if want.Code != 0 && r.environment == nil && !strings.Contains(fleet, "/testdata/err/") && !hasCells(fleet) {
				t.Errorf("%s: %q: exit %d, %s", fleet, r.arguments, want.Code, want.Stderr)
			}
		}
	}
	t.Logf("%d fleets", len(dirs))
}

// hasCells reports whether a fleet cannot be printed as a whole for Argo CD.
func hasCells(fleet string) bool {
	text, _ := os.ReadFile(filepath.Join(fleet, "fleet.yaml"))
	return strings.Contains(string(text), "\ncells:")
}

package layers

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/repository"
)

// fleet is one add-on with values from all sources: its own values, layers, and a patch.
type fleet struct {
	values, patch *mapping
	layers        []mapping
}

// files returns the values in the order in which Helm gets them.
func (f fleet) files() (files []mapping) {
	if f.values != nil {
		files = append(files, *f.values)
	}
	files = append(files, f.layers...)
	if f.patch != nil {
		files = append(files, *f.patch)
	}
	return files
}

func (m *maker) fleet() (made fleet) {
	for range 1 + m.IntN(4) {
		made.layers = append(made.layers, m.mapping(0))
	}
	if m.IntN(2) == 0 {
		made.values, made.layers = &made.layers[0], made.layers[1:]
	}
	if last := len(made.layers) - 1; last >= 0 && m.IntN(2) == 0 {
		made.patch, made.layers = &made.layers[last], made.layers[:last]
	}
	return made
}

// writeValues writes the values files for Helm.
func (f fleet) writeValues(t *testing.T) (files []string) {
	t.Helper()
	for _, tree := range f.files() {
		files = append(files, put(t, text(tree)))
	}
	return files
}

// write writes the fleet to a directory.
func (f fleet) write(t *testing.T) (dir string) {
	t.Helper()
	files := map[string]string{}
	addon := mapping{
		{"name", scalar("addon")}, {"selector", scalar("all")},
		{"helm", mapping{
			{"repo", scalar("https://example.org/charts")}, {"chart", scalar("chart")}, {"version", scalar("1.0.0")}, {"namespace", scalar("space")},
		}},
	}
	if f.values != nil {
		addon[2].value = append(addon[2].value.(mapping), entry{"values", *f.values})
	}
	if f.patch != nil {
		merge := mapping{{"helm", mapping{{"values", *f.patch}}}}
		addon = append(addon, entry{"patches", list{mapping{{"name", scalar("last")}, {"selector", scalar("all")}, {"merge", merge}}}})
	}
	paths := list{}
	for index, layer := range f.layers {
		path := fmt.Sprintf("values/${ADDON}/%d.yaml", index)
		if index%2 == 1 {
			path = fmt.Sprintf("values/${CLUSTER_NAME}/%d.yaml", index)
		}
		paths = append(paths, scalar(path))
		filled := strings.NewReplacer("${ADDON}", "addon", "${CLUSTER_NAME}", "alice").Replace(path)
		files[filled] = text(layer)
	}
	files["fleet.yaml"] = text(mapping{
		{"apiVersion", scalar("kubectl-fleet.io/v1alpha1")}, {"kind", scalar("Fleet")},
		{"clusters", list{mapping{{"list", scalar("users.yaml")}}}}, {"templates", list{mapping{{"file", scalar("cluster.yaml")}}}},
		{"addons", list{addon}}, {"layers", paths}, {"deliver", scalar("flux")},
		{"source", mapping{{"name", scalar("fleet")}, {"namespace", scalar("flux-system")}}},
	})
	files["users.yaml"] = "alice: {}\n"
	files["cluster.yaml"] = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata: {name: \"${CLUSTER_NAME}\"}\nspec: {topology: {classRef: {name: quick-start}, version: v1.34.0}}\n"
	return repository.New(t, files)
}

// printed returns the values of a HelmRelease in the output, as JSON.
func printed(t *testing.T, dir, format string) []byte {
	t.Helper()
	stdout := string(repository.Print(t, dir, "generate", "-o", format))
	separator := map[string]string{"yaml": "\n---\n", "json": "\n"}[format]
	for _, document := range strings.Split(stdout, separator) {
		var object struct {
			Kind string
			Spec struct{ Values json.RawMessage }
		}
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			t.Fatal(err)
		}
		if object.Kind == "HelmRelease" {
			return object.Spec.Values
		}
	}
	t.Fatalf("there is no HelmRelease:\n%s", stdout)
	return nil
}

// put writes a file.
func put(t *testing.T, text string) string {
	t.Helper()
	const name = "values.yaml"
	return filepath.Join(repository.New(t, map[string]string{name: text}), name)
}

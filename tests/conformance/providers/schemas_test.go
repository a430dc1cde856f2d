package providers

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

// openSchemas returns definitions that allow every field of the kinds of a template. The values of the variables are random,
// and only their substitution is compared.
func openSchemas(t *testing.T, template []byte) string {
	t.Helper()
	known, err := os.ReadFile(filepath.Join(repository.Root, "src/builtin/schemas/kinds.txt"))
	if err != nil {
		t.Fatal(err)
	}
	all := []any{}
	for _, line := range strings.Split(strings.TrimSpace(string(known)), "\n") {
		row := strings.Fields(line)
		used := regexp.MustCompile(`(?m)^ *(- )?kind: "?` + regexp.QuoteMeta(row[1]) + `"?$`)
		group, _, grouped := strings.Cut(row[0], "/")
		if !grouped {
			group = ""
		}
		if !used.Match(template) {
			continue
		}
		scope := map[string]string{"N": "Namespaced", "C": "Cluster"}[row[2]]
		var versions []any
		for _, other := range strings.Split(strings.TrimSpace(string(known)), "\n") {
			fields := strings.Fields(other)
			prefix := group + "/"
			if group == "" {
				prefix = ""
			}
			if name, same := strings.CutPrefix(fields[0], prefix); same && fields[1] == row[1] && !strings.Contains(name, "/") {
				versions = append(versions, map[string]any{"name": name, "served": true, "storage": false, "schema": map[string]any{
					"openAPIV3Schema": map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true},
				}})
			}
		}
		all = append(all, map[string]any{
			"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
			"spec": map[string]any{"group": group, "scope": scope, "names": map[string]any{"kind": row[1]}, "versions": versions},
		})
	}
	list, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": all})
	if err != nil {
		t.Fatal(err)
	}
	return string(list)
}

package sveltos

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	clusterTemplate = `{"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster",
"metadata": {"name": "${CLUSTER_NAME}", "annotations": ANNOTATIONS},
"spec": {"infrastructureRef": {"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "DockerCluster", "name": "x"}}}
`
	// What stands for a field until the rest is quoted: no member's text can hold it.
	mark = "${field:"
)

var marked = regexp.MustCompile(`"` + regexp.QuoteMeta(mark) + `(\w+)}"`)

// written is a value as the fleet's files say it: expressions are what they are, other dollars are doubled.
func written(value any) any {
	switch value := value.(type) {
	case string:
		return strings.ReplaceAll(value, "$", "$$")
	case ownField:
		return mark + string(value) + "}"
	case lookup:
		return value.path
	case joined:
		var text strings.Builder
		for _, part := range value {
			if name, is := part.(ownField); is {
				text.WriteString("${" + string(name) + "}")
			} else {
				text.WriteString(written(part).(string))
			}
		}
		return text.String()
	case []any:
		items := make([]any, len(value))
		for index, item := range value {
			items[index] = written(item)
		}
		return items
	case map[string]any:
		entries := map[string]any{}
		for key, item := range value {
			entries[written(key).(string)] = written(item)
		}
		return entries
	}
	return value
}

// yamlOf writes a value as JSON, which is YAML, but for the fields.
func yamlOf(t testing.TB, value any) string {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return marked.ReplaceAllString(out.String(), "$${$1}")
}

// write writes the fleet to a folder.
func (f fleet) write(t testing.TB) (folder string) {
	t.Helper()
	folder = t.TempDir()
	files := map[string]string{
		"members.yaml": yamlOf(t, f.members),
		"cluster.yaml": strings.Replace(clusterTemplate, "ANNOTATIONS", yamlOf(t, written(f.annotations)), 1),
	}
	var addons []any
	for _, addon := range f.addons {
		entry := map[string]any{"name": addon.name}
		if addon.selector != "" {
			entry["selector"] = selectors[addon.selector].written
		}
		if addon.dependsOn != nil {
			entry["dependsOn"] = addon.dependsOn
		}
		if addon.helm != nil {
			entry["helm"] = written(addon.helm)
		} else {
			entry["manifests"] = addon.name + "/*"
			for path := range addon.manifests {
				if strings.Contains(path, "/") {
					entry["manifests"] = addon.name + "/${type}/*"
				}
			}
		}
		for name, text := range addon.manifests {
			files[addon.name+"/"+name] = text
		}
		var patches []any
		for _, patch := range addon.patches {
			patches = append(patches, map[string]any{
				"name": patch.name, "selector": selectors[patch.selector].written,
				"merge": map[string]any{"helm": written(patch.helm)},
			})
		}
		if patches != nil {
			entry["patches"] = patches
		}
		addons = append(addons, entry)
	}
	files["fleet.yaml"] = yamlOf(t, map[string]any{
		"apiVersion": "kubectl-fleet.io/v1alpha1", "kind": "Fleet",
		"clusters":  []any{map[string]any{"list": "members.yaml", "labels": map[string]any{"type": "${type}"}}},
		"templates": []any{map[string]any{"file": "cluster.yaml"}},
		"addons":    addons, "deliver": "sveltos",
	})
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

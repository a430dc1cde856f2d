package fleets

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

const (
	clusterTemplate = `{"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster",
"metadata": {"name": "${CLUSTER_NAME}", "annotations": ANNOTATIONS},
"spec": {"infrastructureRef": {"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "DockerCluster", "name": "x"}}}
`
	// placeholder represents a field until the rest is quoted: no member's string can contain it.
	placeholder = "${field:"
)

var marked = regexp.MustCompile(`"` + regexp.QuoteMeta(placeholder) + `(\w+)}"`)

// Source is the location of the fleet's repository.
var Source = map[string]any{
	"kind": "GitRepository", "name": "fleet", "namespace": "flux-system", "repoURL": "https://git.example.org/fleet.git", "revision": "main",
}

// written returns a value as in the fleet's files: expressions are unchanged, and other dollar signs are doubled.
func written(value any) any {
	switch value := value.(type) {
	case string:
		return strings.ReplaceAll(value, "$", "$$")
	case Field:
		return placeholder + string(value) + "}"
	case Lookup:
		return value.Path
	case Joined:
		return text(value)
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

// text returns a string of strings and fields as in the fleet's files.
func text(parts []any) string {
	var text strings.Builder
	for _, part := range parts {
		if name, is := part.(Field); is {
			text.WriteString("${" + string(name) + "}")
		} else {
			text.WriteString(written(part).(string))
		}
	}
	return text.String()
}

// yamlOf writes a value as JSON, which is valid YAML, except for the fields.
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

// Write writes the fleet to a directory.
func (f Fleet) Write(t testing.TB) (dir string) {
	t.Helper()
	files := map[string]string{
		"members.yaml": yamlOf(t, f.Members),
		"cluster.yaml": strings.Replace(clusterTemplate, "ANNOTATIONS", yamlOf(t, written(f.Annotations)), 1),
	}
	var addons, layers []any
	for _, addon := range f.AddOns {
		addons = append(addons, addon.entry())
		for path, text := range addon.Manifests {
			files[addon.Name+"/"+path] = text
		}
	}
	for _, layer := range f.Layers {
		layers = append(layers, text(layer.Path))
		for path, values := range layer.Files {
			files[path] = yamlOf(t, written(values))
		}
	}
	clusters := map[string]any{"list": "members.yaml", "labels": map[string]any{"type": "${type}"}}
	if f.Namespace != "" {
		clusters["namespace"] = f.Namespace
	}
	fleet := map[string]any{
		"apiVersion": "kubectl-fleet.io/v1alpha1", "kind": "Fleet",
		"clusters": []any{clusters}, "templates": []any{map[string]any{"file": "cluster.yaml"}},
		"addons": addons, "layers": layers, "deliver": f.Deliver, "source": Source,
	}
	if f.Name != "" {
		fleet["metadata"] = map[string]any{"name": f.Name}
	}
	files["fleet.yaml"] = yamlOf(t, fleet)
	return repository.New(t, files)
}

// entry returns the add-on as in fleet.yaml.
func (a AddOn) entry() map[string]any {
	entry := map[string]any{"name": a.Name}
	if a.Selector != "" {
		entry["selector"] = selectors[a.Selector].written
	}
	if a.DependsOn != nil {
		entry["dependsOn"] = a.DependsOn
	}
	if a.OnRemove != "" {
		entry["onRemove"] = a.OnRemove
	}
	if a.TakeOwnership {
		entry["takeOwnership"] = true
	}
	if a.Helm != nil {
		entry["helm"] = written(a.Helm)
	} else {
		entry["manifests"] = a.Name + "/" + a.Pattern
	}
	var patches []any
	for _, patch := range a.Patches {
		patches = append(patches, map[string]any{
			"name": patch.Name, "selector": selectors[patch.Selector].written,
			"merge": map[string]any{"helm": written(patch.Helm)},
		})
	}
	if patches != nil {
		entry["patches"] = patches
	}
	return entry
}

package sveltos

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"kubectl-fleet.io/conformance/fleets"
)

// sound is a fleet whose objects the test changes: an add-on with variants in strings and values, an add-on that it depends on,
// and an add-on with separate values.
var sound = fleet{fleets.Fleet{
	Members: map[string]map[string]any{"alice": {"type": "production"}, "bob": {"type": "staging"}},
	AddOns: []fleets.AddOn{
		{Name: "needed", Helm: fleets.Chart("1.0.0", map[string]any{"text": "{{ x }}"})},
		{
			Name: "varied", Selector: fleets.All, DependsOn: []string{"needed"}, Helm: fleets.Chart("1.0.0", map[string]any{"a": 1}),
			Patches: []fleets.Patch{{Name: "newer", Selector: "production", Helm: map[string]any{
				"version": "2.0.0", "values": map[string]any{"b": 2}, "runtimeValues": map[string]any{"c": fleets.Lookup{Path: ".metadata.labels.type", Field: "type"}},
			}}},
		},
		{
			Name: "files", Selector: fleets.All, Pattern: fleets.ByType + "*.yaml", Manifests: map[string]string{
				"production/x.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: x}}",
				"staging/x.yaml":    "{apiVersion: v1, kind: Namespace, metadata: {name: x, labels: {a: b}}}",
			},
		},
		{
			Name: "texts", Selector: fleets.All, TakeOwnership: true, Helm: fleets.Chart("1.0.0", nil),
			Patches: []fleets.Patch{{Name: "newer", Selector: "production", Helm: map[string]any{"version": "2.0.0"}}},
		},
	},
	Deliver: "sveltos",
}}

// TestBrokenObjects verifies that each change of valid objects is detected.
func TestBrokenObjects(t *testing.T) {
	dir := sound.Write(t)
	for _, broken := range []struct {
		name, kind, object string
		path               []string
		value              func(any) any
		words              string
	}{
		{"nothing", "", "", nil, nil, ""},
		{"nothing is watched", "ClusterProfile", "texts", []string{"spec", "templateResourceRefs"}, gone, "Sveltos does not detect the change"},
		{"no selector", "ClusterProfile", "texts", []string{"spec", "clusterSelector"}, gone, "only one of the two deploys it"},
		{"empty selector", "ClusterProfile", "texts", []string{"spec", "clusterSelector"}, to(map[string]any{}), "only one of the two deploys it"},
		{"nothing needs it", "ClusterProfile", "varied", []string{"spec", "dependsOn"}, gone, "needed on alice: only one of the two deploys it"},
		{"what is needed is not there", "ClusterProfile", "varied", []string{"spec", "dependsOn"}, to([]any{"other"}), "varied depends on other, which does not exist"},
		{"a circle", "ClusterProfile", "needed", []string{"spec", "dependsOn"}, to([]any{"varied"}), "needed depends on itself"},
		{"another name of values", "ConfigMap", "varied-base", []string{"metadata", "name"}, to("varied-none"), "there is no ConfigMap projectsveltos/varied-base"},
		{"values that are not run", "ConfigMap", "varied-newer", []string{"metadata", "annotations"}, gone, "invalid map key"},
		{"other values", "ConfigMap", "varied-newer", []string{"data", "values.yaml"}, change(": 2", ": 3"), `values["b"]: 2 -> 3`},
		{"one value more", "ConfigMap", "varied-newer", []string{"data", "values.yaml"}, change("b: 2", "b: 2\nd: 4"), `values["d"] is new: 4`},
		{"raw braces", "ClusterProfile", "needed", chartField("values"), change(`\u007b\u007b`, "{{"), `function "x" not defined`},
		{"braces that are run once", "ClusterProfile", "needed", chartField("values"), change(`\u007b\u007b x }}`, "{{ `{{ x }}` }}"), `function "x" not defined`},
		{"another version", "ClusterProfile", "texts", chartField("chartVersion"), change("2.0.0", "2.10"), `Version:"2.10"`},
		{"an installation that takes nothing over", "ClusterProfile", "texts", append(chartField("options"), "installOptions"), gone, "TakesOver:[2]bool{false, true}"},
		{"a ConfigMap for each variant", "ClusterProfile", "files", []string{"spec", "policyRefs", "name"}, to("{{ .Cluster.metadata.labels.type }}"), "Sveltos rejects objects that now come from"},
		{"labels that nothing watches", "ClusterProfile", "files", []string{"spec", "templateResourceRefs"}, gone, "Sveltos does not detect the change"},
		{"no fallback", "ClusterProfile", "texts", chartField("chartVersion"), change(" | default `"+unknown+"`", ""), `the version without a variant is ""`},
		{"an error for no variant", "ClusterProfile", "texts", chartField("chartVersion"), to("{{ .Cluster.metadata.labels.type }}"), "it remains after it is deselected"},
		{"another release for each cluster", "ClusterProfile", "texts", chartField("releaseName"), to("{{ .Cluster.metadata.name }}"), "the release to uninstall is"},
		{"a label that tells another variant", "Cluster", "bob", []string{"metadata", "labels", "kubectl-fleet.io/varied"}, to("newer"), `Version:"2.0.0"`},
	} {
		t.Run(broken.name, func(t *testing.T) {
			all, _ := objects(t, dir)
			for _, content := range all {
				object := unstructured.Unstructured{Object: content}
				if object.GetKind() == broken.kind && object.GetName() == broken.object {
					breakAt(t, content, broken.path, broken.value)
				}
			}
			problems := sound.problems(t, all)
			found := slices.ContainsFunc(problems, func(problem string) bool { return strings.Contains(problem, broken.words) })
			if found != (broken.words != "") {
				t.Errorf("not among %q", problems)
			}
		})
	}
}

// problems returns all errors of the objects.
func (f fleet) problems(t *testing.T, objects []map[string]any) []string {
	t.Helper()
	m := management(t, objects)
	_, problems := m.upgrades()
	return slices.Concat(problems, f.compare(t, m), m.dependencies(), m.removal())
}

func chartField(name string) []string { return []string{"spec", "helmCharts", name} }

func gone(any) any { return nil }

func to(value any) func(any) any { return func(any) any { return value } }

func change(old, new string) func(any) any {
	return func(text any) any { return strings.Replace(text.(string), old, new, 1) }
}

// breakAt changes the value at a path of an object with one chart.
func breakAt(t *testing.T, object map[string]any, path []string, value func(any) any) {
	t.Helper()
	for ; len(path) > 1; path = path[1:] {
		switch below := object[path[0]].(type) {
		case map[string]any:
			object = below
		case []any:
			object = below[0].(map[string]any)
		}
	}
	was, is := object[path[0]], value(object[path[0]])
	if reflect.DeepEqual(was, is) {
		t.Fatalf("the object did not change: %v", was)
	}
	if object[path[0]] = is; is == nil {
		delete(object, path[0])
	}
}

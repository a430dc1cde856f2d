package deliveries

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"kubectl-fleet.io/conformance/fleets"
)

// sound is a fleet whose objects the test changes.
var sound = fleets.Fleet{
	Members: map[string]map[string]any{"alice": {"type": "production"}, "bob": {"type": "staging"}},
	AddOns: []fleets.AddOn{
		{
			Name: "varied", Selector: fleets.All, Helm: fleets.Chart("1.0.0", map[string]any{"count": 1}),
			Patches: []fleets.Patch{{Name: "more", Selector: "production", Helm: map[string]any{"version": "2.0.0", "values": map[string]any{"count": 33}}}},
		},
		{Name: "objects", Selector: fleets.All, OnRemove: "leave", Pattern: "*.yaml", Manifests: map[string]string{
			"a.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: one-namespace}\n",
		}},
	},
}

// TestBrokenObjects verifies that each change of valid objects is detected.
func TestBrokenObjects(t *testing.T) {
	for _, broken := range []struct {
		delivery, kind, name string
		// Each row replaces a string in the JSON of an object; without a replacement, the object is removed.
		was, is string
		words   []string
	}{
		{"sveltos", "ConfigMap", "varied-more", "count: 33", "count: 34", []string{`missing: alice/alice`, `"count":33`, `unexpected: alice/alice`, `"count":34`}},
		{"sveltos", "ClusterProfile", "varied", "2.0.0", "2.0.1", []string{`unexpected: alice/alice`, `"Version":"2.0.1"`}},
		{"sveltos", "ClusterProfile", "varied", "https://example.org/charts", "https://example.org/chart", []string{`missing: alice/alice`, `missing: bob/bob`}},
		{"sveltos", "Cluster", "bob", `"kubectl-fleet.io/cluster":"bob"`, `"x":"y"`, []string{`missing: bob/bob`}},
		{"sveltos", "ConfigMap", "objects", "one-namespace", "other", []string{`missing: alice/alice`, `missing: bob/bob`}},
		{"argocd", "Application", "varied.alice", `"count":33`, `"count":34`, []string{`missing: alice/alice`, `"count":33`, `"count":34`}},
		{"argocd", "Application", "varied.alice", `"2.0.0"`, `"2.0.1"`, []string{`"Version":"2.0.1"`}},
		{"argocd", "Application", "varied.bob", "", "", []string{`missing: bob/bob`}},
		{"argocd", "Application", "varied.bob", `"name":"bob"`, `"name":"alice"`, []string{`missing: bob/bob`, `unexpected: alice/alice`}},
		{"argocd", "Application", "objects.bob", `"*.yaml"`, `"*.yml"`, []string{`missing: bob/bob`, `one-namespace`}},
		{"argocd", "Application", "objects.bob", `"path":"objects"`, `"path":"."`, []string{`missing: bob/bob`, `unexpected: bob/bob`}},
		{"flux", "HelmRelease", "varied.alice", `"count":33`, `"count":34`, []string{`missing: alice/alice`, `"count":33`, `"count":34`}},
		{"flux", "HelmRelease", "varied.alice", `"2.0.0"`, `"2.0.1"`, []string{`"Version":"2.0.1"`}},
		{"flux", "HelmRelease", "varied.alice", `"targetNamespace":"space"`, `"targetNamespace":"other"`, []string{`"Namespace":"other"`}},
		{"flux", "HelmRelease", "varied.bob", "", "", []string{`missing: bob/bob`}},
		{"flux", "HelmRelease", "varied.bob", "bob-kubeconfig", "alice-kubeconfig", []string{"no cluster has the kubeconfig bob/alice-kubeconfig"}},
		{"flux", "HelmRepository", "example.org-charts", "https://example.org/charts", "https://example.org/moved", []string{`missing: bob/bob`, `https://example.org/moved`}},
		{"flux", "HelmRepository", "example.org-charts", "", "", []string{"there is no HelmRepository flux-system/example.org-charts"}},
		{"flux", "Kustomization", "objects.bob", `"./objects"`, `"./"`, []string{`unexpected: bob/bob`}},
		{"caaph", "HelmChartProxy", "varied.alice", "count: 33", "count: 34", []string{`missing: alice/alice`, `"count":33`, `"count":34`}},
		{"caaph", "HelmChartProxy", "varied.alice", `"2.0.0"`, `"2.0.1"`, []string{`"Version":"2.0.1"`}},
		{"caaph", "HelmChartProxy", "varied.bob", "", "", []string{`missing: bob/bob`}},
		{"caaph", "HelmChartProxy", "varied.bob", `"namespace":"bob"`, `"namespace":"alice"`, []string{`missing: bob/bob`}},
		{"caaph", "HelmChartProxy", "varied.bob", `"matchLabels":{"kubectl-fleet.io/cluster":"bob"}`, ``, []string{"the selector"}},
		{"caaph", "Cluster", "bob", `"kubectl-fleet.io/cluster":"bob"`, `"x":"y"`, []string{`missing: bob/bob`}},
		{"caaph", "ConfigMap", "objects.alice", "one-namespace", "other", []string{`missing: alice/alice`, `"name":"other"`}},
	} {
		t.Run(broken.delivery+"/"+broken.kind+"/"+broken.is, func(t *testing.T) {
			sound := sound
			sound.Deliver = broken.delivery
			objects, dir := printed(t, sound)
			if found := problems(t, sound, objects, dir); len(found) > 0 {
				t.Fatalf("the unchanged fleet has errors: %q", found)
			}
			at := slices.IndexFunc(objects, func(content map[string]any) bool {
				object := unstructured.Unstructured{Object: content}
				return object.GetKind() == broken.kind && object.GetName() == broken.name
			})
			if at < 0 {
				t.Fatalf("there is no %s %s", broken.kind, broken.name)
			}
			if broken.was == "" {
				objects = slices.Delete(objects, at, at+1)
			} else {
				objects[at] = changed(t, objects[at], broken.was, broken.is)
			}
			found := strings.Join(problems(t, sound, objects, dir), "\n")
			if found == "" {
				t.Fatal("no problem is reported")
			}
			for _, words := range broken.words {
				if !strings.Contains(found, words) {
					t.Errorf("%q is not in\n%s", words, found)
				}
			}
		})
	}
}

// TestMissingFileIsDetected verifies that a missing file is detected.
func TestMissingFileIsDetected(t *testing.T) {
	for _, delivery := range []string{"argocd", "flux"} {
		sound := sound
		sound.Deliver = delivery
		objects, dir := printed(t, sound)
		if err := os.Remove(filepath.Join(dir, "objects/a.yaml")); err != nil {
			t.Fatal(err)
		}
		if found := problems(t, sound, objects, dir); len(found) != len(sound.Members) {
			t.Errorf("%s: %q", delivery, found)
		}
	}
}

// changed returns an object with a replaced string in its JSON.
func changed(t *testing.T, object map[string]any, was, is string) (other map[string]any) {
	t.Helper()
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), was) {
		t.Fatalf("%s is not in %s", was, text)
	}
	if err := json.Unmarshal([]byte(strings.Replace(string(text), was, is, 1)), &other); err != nil {
		t.Fatal(err)
	}
	return other
}

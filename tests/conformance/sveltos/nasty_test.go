package sveltos

import (
	"fmt"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/fleets"
)

// TestRandom checks generated fleets, the same in each run.
func TestRandom(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			fleet{fleets.NewMaker(seed).Fleet()}.check(t)
		})
	}
}

// TestNasty checks a fleet with all hostile strings, in every way that values and manifests are deployed.
func TestNasty(t *testing.T) {
	long := strings.Repeat("long-", 12) + "end"
	f := fleets.Fleet{
		Members:     map[string]map[string]any{},
		Annotations: map[string]any{"vpc": fleets.Joined{fleets.Field("vpc")}, "example.org/vpc": fleets.Joined{fleets.Field("vpc")}},
		AddOns: []fleets.AddOn{
			{Name: "inline", Selector: fleets.All, Helm: fleets.Chart("1.10", fleets.NastyValues())},
			{Name: "referred", Selector: fleets.All, Helm: fleets.Chart("1.10", fleets.NastyValues()), Patches: []fleets.Patch{
				{Name: "first", Selector: "production", Helm: map[string]any{"values": map[string]any{"list": nil, "deep": "{{ gone }}", "v000": fleets.NastyValues()}}},
				{Name: "second", Selector: fleets.All, Helm: map[string]any{"values": map[string]any{"keys": map[string]any{"{{ more": "}}", "1.10": nil}, "v001": []any{}}}},
			}},
			{Name: "templates", Selector: fleets.All, Helm: fleets.With(fleets.Chart("1", fleets.NastyValues()), "runtimeValues", map[string]any{
				"v000":            fleets.Lookup{Path: ".metadata.annotations.vpc", Field: "vpc"},
				"keys":            map[string]any{"a: {{ b }}": fleets.Lookup{Path: `.Cluster.metadata.labels["type"]`, Field: "type"}},
				"list":            fleets.Lookup{Path: `.metadata.annotations["example.org/vpc"]`, Field: "vpc"},
				"{{ new \\ }} \"": map[string]any{"x": fleets.Lookup{Path: `.metadata.labels["kubectl-fleet.io/cluster"]`, Field: "name"}},
			})},
			{Name: "whole", Selector: "in", Helm: fleets.With(fleets.Chart("1", nil), "values", fleets.Field("tree")), Patches: []fleets.Patch{
				{Name: "more", Selector: "staging", Helm: map[string]any{"runtimeValues": map[string]any{"map": map[string]any{"y": fleets.Lookup{Path: ".metadata.labels.type", Field: "type"}}}}},
			}},
			{Name: "emptied", Selector: fleets.All, Helm: fleets.Chart("1.0", map[string]any{"a": "{{"}), Patches: []fleets.Patch{
				{Name: "bare", Selector: "production", Helm: map[string]any{"values": nil}}, {Name: "again", Selector: "production", Helm: map[string]any{"values": map[string]any{"b": 1}}},
			}},
			{Name: "own", Selector: fleets.All, Helm: fleets.Chart("x", map[string]any{
				"text": fleets.Joined{fleets.Field("text")}, "both": fleets.Joined{"{{ }} ", fleets.Field("text"), " {{ x }}"}, "tree": fleets.Field("tree"), "n": fleets.Field("number"),
				"cluster": fleets.Joined{fleets.Field("name"), "-x"},
			})},
			{Name: long, Selector: fleets.All, DependsOn: []string{"needed"}, Helm: fleets.With(fleets.With(fleets.Chart("x", nil), "version", fleets.Joined{fleets.Field("version")}), "release", "long")},
			{Name: "ranges", Selector: "production", Helm: fleets.With(fleets.Chart(">=1.0.0 <2.0.0", nil), "release", "other"), Patches: []fleets.Patch{
				{Name: "newer", Selector: fleets.All, Helm: map[string]any{"version": ">=2.0.0  <3.0.0 || >=4.0.0", "chart": "folder/chart-2", "repo": "https://example.org/a?b=c&d='e'(f)"}},
			}},
			{Name: "nowhere", Selector: "nobody", Helm: fleets.Chart("1", nil), Patches: []fleets.Patch{{Name: "p", Selector: "exists", Helm: map[string]any{"version": "2"}}}},
			{Name: "registry", Selector: fleets.All, Helm: fleets.With(fleets.Chart("1.0.0", nil), "repo", "oci://example.org/charts"), Patches: []fleets.Patch{
				{Name: "mirror", Selector: "staging", Helm: map[string]any{"repo": "oci://mirror.example.org:5000/a/b/", "chart": "chart.mirrored"}},
			}},
			{Name: "needed", DependsOn: []string{"deeper"}, Helm: fleets.Chart("1.0.0", nil)},
			{Name: "deeper", Pattern: "*", Manifests: map[string]string{
				"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: \"{{ .Values.x }} ${x} \\t\"\n  z: |\n    ---\n    {{ z }} \n",
				"b.yaml": "---\napiVersion: v1\r\nkind: Namespace\r\nmetadata: {name: b}\n---\n# {{ nothing }}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: b2}",
			}},
			{Name: "by-type", Selector: fleets.All, Pattern: fleets.ByType + "*", Manifests: map[string]string{
				"production/x.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: p}}", "production/y.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: q}}",
				"staging/x.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: s}}\n", "test/x.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: t}}",
			}},
		},
	}
	texts := fleets.Own()
	for index, text := range texts {
		f.Members[fmt.Sprintf("m%03d", index)] = map[string]any{
			"type": []any{"production", "staging", "test"}[index%3], "text": text, "number": index, "vpc": text,
			"version": fleets.Versions[index%len(fleets.Versions)], "tree": map[string]any{"list": texts[:index%7], "map": map[string]any{"x": text}},
		}
	}
	for name, member := range f.Members {
		member["name"] = name
	}
	fleet{f}.check(t)
}

// Package lookups evaluates values that are looked up in a Cluster with the template engines of the delivery methods.
package lookups

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/repository"
)

// nasty are strings that a template engine or a YAML parser could misinterpret.
var nasty = []string{
	"", " ", "~", "null", "true", "no", "1", "1.10", "012", "1e3", ".inf", "2020-01-01", "<<", "!x", "&a", "*a", "%x", "@x", "`x`",
	"- a", "? a", "a: b", "a #b", "#x", "---", "...", "{a}", "[a]", "'", `"`, "{", "}}", "{{", "{{ .Cluster.metadata.name }}",
	"{{ fail `x` }}", "{{- end -}}", "{{/*", `\`, `\n`, `C:\new`, "\t", "a\tb", " a", "a ", "\n", "a\n", "\na", "a\nb: c", "a\n\n# b\n",
	"a\r\nb", "é", "日本語", "😀", "\u00a0", "\u2028", "\ufeff", "$", "${x}", "$x", "a\x00b", "\x1b[0m", "<no value>", "<a & b>",
	strings.Repeat("long ", 60), strings.Repeat("lines of {{ text }}\n", 20),
}

// paths are the locations of looked-up values, each with the path in the Cluster.
var paths = map[string][]string{
	".metadata.annotations.vpc":                   {"metadata", "annotations", "vpc"},
	`.metadata.annotations["aws.amazon.com/vpc"]`: {"metadata", "annotations", "aws.amazon.com/vpc"},
	`.metadata["annotations"]["1st"]`:             {"metadata", "annotations", "1st"},
	`.Cluster.metadata.labels["a/b"]`:             {"metadata", "labels", "a/b"},
	".Cluster.spec.controlPlaneEndpoint.host":     {"spec", "controlPlaneEndpoint", "host"},
	`.Cluster["made-up"]["x y"].z`:                {"made-up", "x y", "z"},
	`.Cluster["made-up"].list`:                    {"made-up", "list"},
	".Cluster.spec.controlPlaneEndpoint.port":     {"spec", "controlPlaneEndpoint", "port"},
	".Cluster.spec.paused":                        {"spec", "paused"},
	".Cluster.spec":                               {"spec"},
	`.Cluster.spec["topology"]`:                   {"spec", "topology"},
}

// clusterOf returns a Cluster with a string at each path that is looked up.
func clusterOf(text string) object {
	return object{
		"metadata": object{
			"name":        "alice",
			"annotations": object{"vpc": text, "aws.amazon.com/vpc": text, "1st": text},
			"labels":      object{"a/b": text},
		},
		"spec": object{
			"controlPlaneEndpoint": object{"host": text, "port": int64(6443)}, "paused": false,
			"topology": object{text: []any{text, nil, 1.5, true}},
		},
		"made-up": object{"x y": object{"z": text}, "list": []any{text, object{text: text}}},
	}
}

// static are the values without lookups; in two of them, substitution makes braces adjacent.
func static() object {
	values := object{"joined": "${left}${right} .x }}", "half": "{${left}", "list": []any{}, "over": "{{ fail `x` }}"}
	for index, text := range nasty {
		text = strings.ReplaceAll(text, "$", "$$")
		values[fmt.Sprintf("v%02d", index)] = text
		values["list"] = append(values["list"].([]any), text, object{"{{ " + fmt.Sprint(index): text})
	}
	return values
}

// printed returns the values that a fleet prints for its cluster, by the delivery method that evaluates them.
func printed(t *testing.T, runtime object, deliveries ...string) map[string]string {
	t.Helper()
	addons := []any{}
	for _, deliver := range deliveries {
		addons = append(addons, object{"name": deliver, "selector": "all", "deliver": deliver, "helm": object{
			"repo": "https://example.org", "chart": "x", "version": "1.0.0", "namespace": deliver, "values": static(), "runtimeValues": runtime,
		}})
	}
	files := map[string]string{}
	for name, content := range map[string]any{
		"fleet.yaml": object{
			"apiVersion": "kubectl-fleet.io/v1alpha1", "kind": "Fleet",
			"clusters":  []any{object{"list": "users.yaml", "variables": object{"left": "{", "right": "{"}}},
			"templates": []any{object{"file": "cluster.yaml"}},
			"addons":    addons,
		},
		"users.yaml": object{"alice": object{}},
		"cluster.yaml": object{
			"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": object{"name": "${CLUSTER_NAME}"}, "spec": object{"paused": false},
		},
	} {
		text, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	out := repository.Print(t, repository.New(t, files), "generate", "-o", "json")
	texts := map[string]string{}
	for line := range strings.Lines(string(out)) {
		var printed struct {
			Kind string
			Data map[string]string
			Spec struct{ ValuesTemplate string }
		}
		if err := json.Unmarshal([]byte(line), &printed); err != nil {
			t.Fatal(err)
		}
		switch printed.Kind {
		case "HelmChartProxy":
			texts["caaph"] = printed.Spec.ValuesTemplate
		case "ConfigMap":
			texts["sveltos"] = printed.Data["values.yaml"]
		}
	}
	if len(texts) != len(deliveries) {
		t.Fatalf("values are printed for %v", slices.Collect(maps.Keys(texts)))
	}
	return texts
}

// asRead returns a value as a YAML parser reads it.
func asRead(t *testing.T, value any) (read any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err == nil {
		err = yaml.Unmarshal(text, &read)
	}
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func at(cluster object, keys []string) any {
	var value any = cluster
	for _, key := range keys {
		value = value.(object)[key]
	}
	return value
}

// TestLookups verifies that looked-up values equal those of the Cluster, and that other values are unchanged.
func TestLookups(t *testing.T) {
	runtime := object{"over": ".metadata.annotations.vpc", "{{ nested": object{}}
	for path := range paths {
		runtime["{{ nested"].(object)[path] = path
	}
	texts := printed(t, runtime, "caaph", "sveltos")
	for name, run := range engines {
		for _, text := range nasty {
			cluster := clusterOf(text)
			filled, err := run(texts[name], cluster)
			if err != nil {
				t.Errorf("%s, %q: %v", name, text, err)
				continue
			}
			var got any
			if err := yaml.Unmarshal([]byte(filled), &got); err != nil {
				t.Errorf("%s, %q: %v", name, text, err)
				continue
			}
			want := static()
			for index, text := range nasty {
				want[fmt.Sprintf("v%02d", index)] = text
				want["list"].([]any)[2*index] = text
				want["list"].([]any)[2*index+1] = object{"{{ " + fmt.Sprint(index): text}
			}
			want["joined"], want["half"], want["over"] = "{{ .x }}", "{{", text
			nested := object{}
			for path, keys := range paths {
				nested[path] = at(cluster, keys)
			}
			want["{{ nested"] = nested
			if want := asRead(t, want); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %q: got\n%v\nwant\n%v", name, text, got, want)
			}
		}
	}
}

// TestMissing verifies that each engine fails for a Cluster without a key or its parent key.
func TestMissing(t *testing.T) {
	for path, keys := range paths {
		texts := printed(t, object{"x": path}, "caaph", "sveltos")
		for name, run := range engines {
			if _, err := run(texts[name], clusterOf("text")); err != nil {
				t.Errorf("%s, %s: %v", name, path, err)
			}
			for depth := range keys {
				cluster := clusterOf("text")
				delete(at(cluster, keys[:depth]).(object), keys[depth])
				if filled, err := run(texts[name], cluster); err == nil {
					t.Errorf("%s, %s: without %q the result is\n%s", name, path, keys[depth], filled)
				}
			}
		}
	}
}

// TestMissingObject verifies that a missing object is an error.
func TestMissingObject(t *testing.T) {
	texts := printed(t, object{"x": ".InfraCluster.spec.vpc"}, "caaph")
	cluster := clusterOf("text")
	if filled, err := engines["caaph"](texts["caaph"], cluster); err == nil {
		t.Errorf("without an object, the result is\n%s", filled)
	}
	cluster["infraCluster"] = object{"spec": object{"vpc": "*a"}}
	if filled, err := engines["caaph"](texts["caaph"], cluster); err != nil || !strings.HasSuffix(filled, "x: \"*a\"\n") {
		t.Errorf("%v\n%s", err, filled)
	}
}

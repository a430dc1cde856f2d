package sveltos

import (
	"fmt"
	"strings"
	"testing"
)

// nasty are texts that a template, a reader of YAML or what quotes and folds lines could take for something else.
var nasty = []string{
	"", " ", "~", "null", "true", "no", "y", "1", "1.10", "012", "0x1F", "1_000", "1e3", ".5", ".inf", "12:30:45", "2020-01-01",
	"=", "<<", "!x", "&a", "*a", "%x", "@x", "`x`", "- a", "? a", "a: b", "a #b", "#x", "---", "...", "{a}", "[a]", "a,b", "'", `"`,
	"{{", "}}", "{", "{{{", "{{{{", "{{ .Values.x }}", "{{- end -}}", "{{/* a */}}", "{{ `a` }}", `{{ "a" }}`, "a {{ b }} c: d",
	"{{\n}}", "{\n{", "'{{'", `"{{"`, `\{{`, `{\{`, `\u007b{`, `\u007b{ {{`, `{{ "\"" }}`, `{{ '\'' }}`, "{{ .Cluster.metadata.name }}",
	`\`, `\\`, `\n`, `C:\new`, "\t", "a\tb", "a\t", " a", "a ", "a  ", "\n", "a\n", "a\n\n", "\na", "a\nb", "a\nlist: {}", "a\r\nb", "a\r", "\ra",
	"line\n  {{ line }}\n\ttab {{ x }} \n", "trailing {{ blank }} \nline ", "é", "日本語", "😀", "😀 {{ 😀 }}", "\u00a0", "\u2028", "\ufeff",
	"$", "$$", "${x}", "$${x}", "${{ x }}", "$x {{ $x }}", "a\x00b", "\x1b[0m", "<no value>", "<a & b>", "'a' \"b\" `c`",
	strings.Repeat("long ", 30) + "{{ end }}", strings.Repeat("{{", 60), strings.Repeat("x", 200), strings.Repeat("a\\ b ", 40),
	strings.Repeat("lines of text\n", 20), strings.Repeat("lines of {{ text }}\n", 20), strings.Repeat("ends with a blank \n", 5),
}

// keys are the texts that can be keys, too.
func keys() (keys []string) {
	for _, text := range nasty {
		// The longest keys are refused, and `<<` is lost by kustomize.
		if text != "<<" {
			keys = append(keys, text)
		}
	}
	return keys
}

// nastyValues has all of the texts as values, as keys and in lists.
func nastyValues() map[string]any {
	list, byKey := []any{nil, true, false, 0, -1, 1.5, 1e6, 1e21, map[string]any{}, []any{}, []any{[]any{"{{"}}}, map[string]any{}
	values := map[string]any{"list": list, "keys": byKey}
	for index, text := range nasty {
		values[fmt.Sprintf("v%03d", index)] = text
		values["list"] = append(values["list"].([]any), text, map[string]any{"of": []any{text}})
	}
	for index, key := range keys() {
		byKey[key] = index
		if index%10 == 0 {
			values["deep"] = map[string]any{key: values["deep"]}
		}
	}
	return values
}

// own are texts that members may say: another engine's braces are none of them.
func own() (texts []any) {
	for _, text := range nasty {
		if !strings.Contains(text, "{{") && !strings.Contains(text, "${") {
			texts = append(texts, text)
		}
	}
	return texts
}

func chart(version string, values map[string]any) map[string]any {
	return map[string]any{
		"repo": "https://example.org/charts", "chart": "chart", "version": version, "namespace": "space", "values": values,
	}
}

func with(helm map[string]any, key string, value any) map[string]any {
	helm[key] = value
	return helm
}

// versions look like numbers, or are ranges with blanks.
var versions = []any{
	"1.10", "1", "1.0", "01", "1e3", "0x10", "v1.16.3", "1.2.3-rc.1+build.5", ">=1.0.0 <2.0.0", "^1.2 || ~2.0", ">= 1.0,  < 2", "1.x", "*",
	"1.0.0 - 2.0.0", "=1.2.3", "~1", "2020-01-01", "null", "~", "y", strings.Repeat(">=1.0.0 ", 20) + "<2",
}

// TestNasty follows a fleet with all that is nasty, in each of the ways that values and texts take.
func TestNasty(t *testing.T) {
	long := strings.Repeat("long-", 12) + "end"
	f := fleet{
		members:     map[string]map[string]any{},
		annotations: map[string]any{"vpc": joined{ownField("vpc")}, "example.org/vpc": joined{ownField("vpc")}},
		addons: []addOn{
			{name: "inline", selector: all, helm: chart("1.10", nastyValues())},
			{name: "referred", selector: all, helm: chart("1.10", nastyValues()), patches: []patch{
				{"first", "production", map[string]any{"values": map[string]any{"list": nil, "deep": "{{ gone }}", "v000": nastyValues()}}},
				{"second", all, map[string]any{"values": map[string]any{"keys": map[string]any{"{{ more": "}}", "1.10": nil}, "v001": []any{}}}},
			}},
			{name: "templates", selector: all, helm: with(chart("1", nastyValues()), "runtimeValues", map[string]any{
				"v000":            lookup{".metadata.annotations.vpc", "vpc"},
				"keys":            map[string]any{"a: {{ b }}": lookup{`.Cluster.metadata.labels["type"]`, "type"}},
				"list":            lookup{`.metadata.annotations["example.org/vpc"]`, "vpc"},
				"{{ new \\ }} \"": map[string]any{"x": lookup{`.metadata.labels["kubectl-fleet.io/cluster"]`, "name"}},
			})},
			{name: "whole", selector: "in", helm: with(chart("1", nil), "values", ownField("tree")), patches: []patch{
				{"more", "staging", map[string]any{"runtimeValues": map[string]any{"map": map[string]any{"y": lookup{".metadata.labels.type", "type"}}}}},
			}},
			{name: "emptied", selector: all, helm: chart("1.0", map[string]any{"a": "{{"}), patches: []patch{
				{"bare", "production", map[string]any{"values": nil}}, {"again", "production", map[string]any{"values": map[string]any{"b": 1}}},
			}},
			{name: "own", selector: all, helm: chart("x", map[string]any{
				"text": joined{ownField("text")}, "both": joined{"{{ ", ownField("text"), " }}"}, "tree": ownField("tree"), "n": ownField("number"),
				"cluster": joined{ownField("name"), "-x"},
			})},
			{name: long, selector: all, dependsOn: []string{"needed"}, helm: with(with(chart("x", nil), "version", joined{ownField("version")}), "release", "long")},
			{name: "ranges", selector: "production", helm: with(chart(">=1.0.0 <2.0.0", nil), "release", "other"), patches: []patch{
				{"newer", all, map[string]any{"version": ">=2.0.0  <3.0.0 || >=4.0.0", "chart": "folder/chart-2", "repo": "https://example.org/a?b=c&d='e'(f)"}},
			}},
			{name: "nowhere", selector: "nobody", helm: chart("1", nil), patches: []patch{{"p", "exists", map[string]any{"version": "2"}}}},
			{name: "registry", selector: all, helm: with(chart("1.0.0", nil), "repo", "oci://example.org/charts"), patches: []patch{
				{"mirror", "staging", map[string]any{"repo": "oci://mirror.example.org:5000/a/b/", "chart": "chart.mirrored"}},
			}},
			{name: "needed", dependsOn: []string{"deeper"}, helm: chart("1.0.0", nil)},
			{name: "deeper", manifests: map[string]string{
				"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: \"{{ .Values.x }} ${x} \\t\"\n  z: |\n    ---\n    {{ z }} \n",
				"b.yaml": "---\napiVersion: v1\r\nkind: Namespace\r\nmetadata: {name: b}\n---\n# {{ nothing }}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: b2}",
			}},
			{name: "by-type", selector: all, manifests: map[string]string{
				"production/x.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: p}}", "production/y.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: q}}",
				"staging/x.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: s}}\n", "test/x.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: t}}",
			}},
		},
	}
	texts := own()
	for index, text := range texts {
		f.members[fmt.Sprintf("m%03d", index)] = map[string]any{
			"type": []any{"production", "staging", "test"}[index%3], "text": text, "number": index, "vpc": text,
			"version": versions[index%len(versions)], "tree": map[string]any{"list": texts[:index%7], "map": map[string]any{"x": text}},
		}
	}
	for name, member := range f.members {
		member["name"] = name
	}
	f.check(t)
}

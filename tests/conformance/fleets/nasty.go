package fleets

import (
	"fmt"
	"strings"
)

// Nasty are strings that a template engine, a YAML parser or a YAML writer could misinterpret.
var Nasty = []string{
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

// keys returns the strings that can be keys.
func keys() (keys []string) {
	for _, text := range Nasty {
		// The longest keys are rejected, and kustomize loses `<<`.
		if text != "<<" {
			keys = append(keys, text)
		}
	}
	return keys
}

// NastyValues contains all strings as values, as keys and in sequences.
func NastyValues() map[string]any {
	list, byKey := []any{nil, true, false, 0, -1, 1.5, 1e6, 1e21, map[string]any{}, []any{}, []any{[]any{"{{"}}}, map[string]any{}
	values := map[string]any{"list": list, "keys": byKey}
	for index, text := range Nasty {
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

// Own are strings that members can set, without the braces of other template engines.
func Own() (texts []any) {
	for _, text := range Nasty {
		if !strings.Contains(text, "{{") && !strings.Contains(text, "${") {
			texts = append(texts, text)
		}
	}
	return texts
}

// apart returns a literal that creates no expression with a member's string after it: that is an error.
func apart(text string) string {
	if strings.HasSuffix(text, "{") || strings.HasSuffix(text, "$") {
		return text + " "
	}
	return text
}

// Chart returns a chart with a version and values.
func Chart(version string, values map[string]any) map[string]any {
	return map[string]any{
		"repo": "https://example.org/charts", "chart": "chart", "version": version, "namespace": "space", "values": values,
	}
}

// With returns a chart with one added or replaced key.
func With(helm map[string]any, key string, value any) map[string]any {
	helm[key] = value
	return helm
}

// Versions look like numbers, or are ranges with spaces.
var Versions = []any{
	"1.10", "1", "1.0", "01", "1e3", "0x10", "v1.16.3", "1.2.3-rc.1+build.5", ">=1.0.0 <2.0.0", "^1.2 || ~2.0", ">= 1.0,  < 2", "1.x", "*",
	"1.0.0 - 2.0.0", "=1.2.3", "~1", "2020-01-01", "null", "~", "y", strings.Repeat(">=1.0.0 ", 20) + "<2",
}

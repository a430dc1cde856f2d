package selectors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

// fleet has a template for each selector, whose only object is named after the number of the selector.
type fleet struct {
	clusters  []map[string]string
	selectors []selector
}

// write returns the directory of the fleet, without the templates of some selectors. Each template is on a separate line.
func (f fleet) write(t *testing.T, without map[int]bool) string {
	t.Helper()
	files := map[string]string{}
	members := map[string]map[string]string{}
	for index, labels := range f.clusters {
		fields := map[string]string{}
		for number, key := range labelKeys {
			if value, found := labels[key]; found {
				fields[fmt.Sprintf("f%d", number)] = value
			}
		}
		members[name(index)] = fields
	}
	// JSON is valid YAML.
	files["clusters.yaml"] = written(t, members)
	labels, fields := map[string]string{}, map[string]any{}
	for number, key := range labelKeys {
		labels[key] = fmt.Sprintf("${f%d}", number)
		// A label is omitted if the member omits its field.
		fields[fmt.Sprintf("f%d", number)] = map[string]any{"default": nil}
	}
	lines := []string{
		"apiVersion: kubectl-fleet.io/v1alpha1",
		"kind: Fleet",
		"clusters:",
		"- {list: clusters.yaml, fields: " + written(t, fields) + ", labels: " + written(t, labels) + "}",
		"safety: {deletion: allow, allowEmpty: true}",
		"templates:",
	}
	for index, selector := range f.selectors {
		if without[index] {
			lines = append(lines, "#")
			continue
		}
		file := fmt.Sprintf("t%d.yaml", index)
		lines = append(lines, fmt.Sprintf("- {file: %s, selector: %s}", file, written(t, selector)))
		files[file] = fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s%d}\n", index)
	}
	files["fleet.yaml"] = strings.Join(lines, "\n") + "\n"
	return repository.New(t, files)
}

// before is the number of lines of fleet.yaml before the templates.
const before = 6

func name(cluster int) string { return fmt.Sprintf("c%02d", cluster) }

func written(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rejected returns the invalid selectors, each with the codes of its errors.
func (f fleet) rejected(t *testing.T) map[int][]string {
	t.Helper()
	result := repository.Run(t, f.write(t, nil), "validate", "-o", "json")
	var report struct {
		Messages []struct {
			Severity, Code, File string
			Line                 int
		}
	}
	if err := json.Unmarshal([]byte(result.Stdout), &report); err != nil {
		t.Fatalf("exit %d: %v: %.2000s", result.Code, err, result.Stdout)
	}
	rejected := map[int][]string{}
	for _, found := range report.Messages {
		if found.Severity != "error" {
			continue
		}
		index := found.Line - before - 1
		if found.File != "fleet.yaml" || index < 0 {
			t.Fatalf("%s at %s:%d", found.Code, found.File, found.Line)
		}
		rejected[index] = append(rejected[index], found.Code)
	}
	return rejected
}

// selected returns the clusters that the template of each selector matches.
func (f fleet) selected(t *testing.T, without map[int]bool) map[int]map[int]bool {
	t.Helper()
	text := repository.Print(t, f.write(t, without), "generate", "-o", "json")
	selected := map[int]map[int]bool{}
	for line := range bytes.Lines(text) {
		var object struct {
			Kind     string
			Metadata struct{ Name, Namespace string }
		}
		if err := json.Unmarshal(line, &object); err != nil {
			t.Fatal(err)
		}
		if object.Kind != "ConfigMap" {
			continue
		}
		var selector, cluster int
		if _, err := fmt.Sscanf(object.Metadata.Name+" "+object.Metadata.Namespace, "s%d c%d", &selector, &cluster); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if selected[selector] == nil {
			selected[selector] = map[int]bool{}
		}
		selected[selector][cluster] = true
	}
	return selected
}

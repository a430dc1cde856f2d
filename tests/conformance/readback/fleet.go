// Package readback compiles fleets with the binary under test, and reads the manifests like their consumers.
package readback

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

// Fleet is a directory with one cluster, its variables and one template file.
type Fleet struct {
	variables strings.Builder
	template  strings.Builder
}

// Variable sets a variable to a value written as flow YAML.
func (f *Fleet) Variable(name, flow string) {
	fmt.Fprintf(&f.variables, "    %s: %s\n", name, flow)
}

// Object adds an object to the template; the spec is block YAML, indented by two.
func (f *Fleet) Object(name, spec string) {
	fmt.Fprintf(&f.template, "---\napiVersion: conformance.kubectl-fleet.io/v1\nkind: Strings\nmetadata: {name: %q}\nspec:\n%s", name, spec)
}

// Run compiles the fleet.
func (f *Fleet) Run(t testing.TB, format string) repository.Result {
	t.Helper()
	variables := ""
	if f.variables.Len() > 0 {
		variables = "  variables:\n" + f.variables.String()
	}
	dir := repository.New(t, map[string]string{
		"fleet.yaml": "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: users.yaml\n  key: user\n" + variables +
			"templates:\n- file: templates/object.yaml\n",
		"users.yaml":            "- user: alice\n",
		"templates/object.yaml": f.template.String(),
	})
	return repository.Run(t, dir, "generate", "-o", format)
}

var place = regexp.MustCompile(`(fleet|templates/object)\.yaml:[0-9]+:[0-9]+`)

// Rejected reports an unexpected result if the fleet is not rejected, or an empty string.
func (f *Fleet) Rejected(t testing.TB) error {
	t.Helper()
	result := f.Run(t, "yaml")
	switch {
	case result.Code != 3:
		return fmt.Errorf("exit %d, not 3: %s", result.Code, result.Stderr)
	case result.Stdout != "":
		return fmt.Errorf("stdout has %d bytes", len(result.Stdout))
	case !place.MatchString(result.Stderr):
		return fmt.Errorf("no place in: %s", result.Stderr)
	}
	return nil
}

// Quote writes a string as double-quoted YAML in which `$` starts no expression.
func Quote(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteRune(c)
		case c == '\n':
			out.WriteString(`\n`)
		case c == '$':
			out.WriteString("$$")
		case c < ' ' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 || c == 0xfeff || c&^1 == 0xfffe:
			fmt.Fprintf(&out, "\\u%04x", c)
		default:
			out.WriteRune(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

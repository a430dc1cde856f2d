package layers

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A tree is values as a user writes them: the strings of scalars, not their typed values.
type (
	scalar  string
	list    []any
	mapping []entry
	entry   struct {
		key   string
		value any
	}
)

// keys are few, so that files set the same keys. Helm treats the name of a subchart and `global` differently.
var keys = []string{"a", "b", "c", "d.e", `"1.10"`, `"true"`, `"a b"`, Subchart, "global"}

// scalars are plain strings that YAML parsers could misinterpret, quoted strings and block scalars.
var scalars = []scalar{
	"1.10", "1.0", "0o17", "017", "0x1F", "1e3", "1E+2", ".5", "+1", "-7", "2.5", "1234567890123", "0b11", "1_000", "12:30:45", "2020-01-01",
	"yes", "no", "on", "off", "y", "n", "True", "FALSE", "a", "a b", "v1.2.3", "é", "http://example.org/#a", "'it''s'", "=",
	`"1.10"`, `"0o17"`, `"yes"`, `"1e3"`, `"~"`, "'null'", `"a\nb\n"`, `"\ta "`, `"{{ .Values.a }}"`, `"#"`, `"\\n"`, `"\""`, `"\u00e9"`,
	"|\na\n  b\n\nc", "|-\na\nb", "|+\na\n\n", ">\na\nb\n\nc", ">-\n{{ a }}\nb",
}

// empty are values that are false in a template.
var empty = []scalar{"null", "~", "", "Null", "false", "0", "0.0", `""`, "''", "{}", "[]"}

type maker struct{ *rand.Rand }

func newMaker(seed uint64) *maker { return &maker{rand.New(rand.NewPCG(seed, 0))} }

func pick[T any](m *maker, from []T) T { return from[m.IntN(len(from))] }

func (m *maker) mapping(depth int) mapping {
	made, known := mapping{}, map[string]bool{}
	for range m.IntN(6 - min(depth, 3)) {
		if key := pick(m, keys); !known[key] {
			known[key] = true
			made = append(made, entry{key, m.value(depth + 1)})
		}
	}
	return made
}

func (m *maker) value(depth int) any {
	switch kind := m.IntN(10); {
	case kind < 4 && depth < 5:
		return m.mapping(depth)
	case kind < 6 && depth < 5:
		items := list{}
		for range m.IntN(4) {
			items = append(items, m.value(depth+1))
		}
		return items
	case kind < 8:
		return pick(m, empty)
	}
	return pick(m, scalars)
}

// text returns a tree as a file in block style.
func text(tree mapping) string {
	if len(tree) == 0 {
		return "{}\n"
	}
	var out strings.Builder
	tree.write(&out, "")
	return out.String()
}

func (m mapping) write(out *strings.Builder, indent string) {
	for _, entry := range m {
		fmt.Fprintf(out, "%s%s:", indent, entry.key)
		write(out, entry.value, indent)
	}
}

// write writes a value after a key or a dash.
func write(out *strings.Builder, value any, indent string) {
	below := indent + "  "
	switch value := value.(type) {
	case mapping:
		if len(value) == 0 {
			out.WriteString(" {}\n")
			return
		}
		out.WriteString("\n")
		value.write(out, below)
	case list:
		if len(value) == 0 {
			out.WriteString(" []\n")
			return
		}
		out.WriteString("\n")
		for _, item := range value {
			out.WriteString(below + "-")
			write(out, item, below)
		}
	case scalar:
		lines := strings.Split(string(value), "\n")
		fmt.Fprintf(out, " %s\n", lines[0])
		for _, line := range lines[1:] {
			if line != "" {
				out.WriteString(below + line)
			}
			out.WriteString("\n")
		}
	}
}

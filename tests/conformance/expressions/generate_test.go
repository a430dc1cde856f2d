package expressions

import (
	"math/rand/v2"
	"strings"
)

// variables are the variables that have a value; X and Y never have one.
var variables = map[string]string{
	"A": "alpha-Beta.gamma",
	"V": "v1.34.0",
	"P": "/usr/local/lib",
	"R": "aXbXaXb",
	"E": "",
	"N": "3",
	"M": "-2",
	"B": `back\slash`,
	"S": "a*b?c[d]",
	"G": "*b?",
	"U": "Äpfel-größe",
	"T": "{a: 1, 'b': \"c\"} # d",
}

var names = []string{"A", "V", "P", "R", "E", "N", "M", "B", "S", "G", "U", "T", "X", "Y"}

// generator generates strings, most of which are expressions.
type generator struct{ *rand.Rand }

func pick[T any](g generator, from ...T) T { return from[g.IntN(len(from))] }

func (g generator) text() string {
	var b strings.Builder
	for range 1 + g.IntN(3) {
		if g.IntN(3) == 0 {
			b.WriteString(pick(g, "a", " ", "-", "$", "$$", "$X", "$(X)", "{{ ds.meta_data }}", "}", `\`, `"`, "ö", "$${A}", "$$$"))
		} else {
			b.WriteString(g.expression(0))
		}
	}
	text := b.String()
	if g.IntN(8) == 0 {
		text = g.damaged(text)
	}
	return text
}

// damaged removes, repeats or inserts a character.
func (g generator) damaged(text string) string {
	runes := []rune(text)
	at := g.IntN(len(runes))
	instead := pick(g, "", string(runes[at])+string(runes[at]), pick(g, "}", "$", "{", ":", "/", "#", "%", "^", ",", "=", "-", `\`, " ", "*", "[", "]"))
	return string(runes[:at]) + instead + string(runes[at+1:])
}

func (g generator) expression(depth int) string {
	name := pick(g, names...)
	switch g.IntN(12) {
	case 0:
		return "${" + name + "}"
	case 1:
		return "${" + pick(g, "", " ", "  ") + name + pick(g, "", " ", "\t") + "}"
	case 2:
		return "${#" + name + "}"
	case 3:
		return "${" + name + pick(g, ",", ",,", "^", "^^", ",^", "^^") + "}"
	case 4, 5:
		return "${" + name + ":" + g.argument(depth, offsets) + pick(g, "}", ":"+g.argument(depth, offsets)+"}")
	case 6, 7:
		return "${" + name + pick(g, "#", "##", "%", "%%") + g.argument(depth, patterns) + "}"
	case 8, 9:
		return "${" + name + pick(g, "/", "//", "/#", "/%") + g.argument(depth, texts) + "/" +
			pick(g, "", g.argument(depth, texts)) + "}"
	default:
		b := strings.Builder{}
		for range g.IntN(4) {
			b.WriteString(g.argument(depth, defaults))
		}
		return "${" + name + pick(g, ":=", ":=", ":-", "=", ":?", ":+") + b.String() + "}"
	}
}

func (g generator) argument(depth int, from []string) string {
	if depth < 4 && g.IntN(5) == 0 {
		return g.expression(depth + 1)
	}
	return pick(g, from...)
}

var (
	offsets  = []string{"0", "1", "2", "3", "7", "40", "+2", "00", "x", " -3", "9223372036854775807", "-1"}
	patterns = []string{
		"a", "*", "?", "*-", "v*.", "v1", "*.*", "??", "[a-c]*", "[^a]", `\*`, "[", "]", "[a", "/*/", "*/", "lib",
		"*X", "a*b?", "[]", "[a-]", "[b-a]", `a\`, "**", "*?*", "X*", "-*", "e", "*e", "*g*", "#", "$", "{", `[\]d]*`,
		"*[lu]*l", "*[.-]", "?*l", "a.*", ".?*", "0", "*0",
	}
	texts = []string{
		"a", "X", ".", "-", `\.`, `\/`, `\\`, "$$", "$", "$a", "{", "*", "alpha", "v", "0", "lib", `\\.`, "é", "b?", "ö",
		`\/usr`, " ", "{{", "aX", `"`, `$\/`,
	}
	defaults = []string{
		"d", `"q"`, "''", "a: b", "#", "$", "$$", "$X", "[]", "{", "{a", `\`, `\\`, `\/`, "=", ":", "-", " ", "ü", "192.168.0.0/16",
		"%", "${", "$(X)",
	}
)

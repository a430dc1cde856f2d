package readback

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

// TestNastyStrings compiles strings that YAML tools often change, in every position.
func TestNastyStrings(t *testing.T) {
	fleet, want := stringsFleet(unique(append(nasty, long()...)), true)
	check(t, fleet, want)
}

// TestRandomStrings compiles 100,000 strings, the same in each run.
func TestRandomStrings(t *testing.T) {
	const fleets, size = 20, 5_000
	for n := range fleets {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewSource(int64(n)))
			batch := make([]string, size)
			for i := range batch {
				batch[i] = randomString(random)
			}
			fleet, want := stringsFleet(unique(batch), n%4 == 0)
			check(t, fleet, want)
		})
	}
}

// TestRejectedCharacters verifies that each character that Go parsers do not preserve is an error, in each position.
func TestRejectedCharacters(t *testing.T) {
	characters := []rune{0x7f, 0xfffe, 0xffff}
	for c := rune(0x80); c < 0xa0; c++ {
		characters = append(characters, c)
	}
	for _, c := range characters {
		text := "a" + string(c) + "b"
		for form, fleet := range formsOf(text) {
			if err := fleet.Rejected(t); err != nil {
				t.Errorf("%U as %s: %v", c, form, err)
			}
		}
	}
}

// TestPlaceholders verifies that the character that represents expressions in the compiler is an error.
func TestPlaceholders(t *testing.T) {
	for form, fleet := range formsOf("a\ue000b") {
		if err := fleet.Rejected(t); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
}

// TestRejectedKeys verifies that keys that Go parsers omit or cannot read are errors.
func TestRejectedKeys(t *testing.T) {
	for _, key := range []string{"<<", strings.Repeat("k", 1023), strings.Repeat("\n", 512), strings.Repeat("<", 171)} {
		for form, fleet := range formsOf(key) {
			err := fleet.Rejected(t)
			if strings.HasSuffix(form, "key") && err != nil {
				t.Errorf("%.20q as %s: %v", key, form, err)
			}
			if strings.HasSuffix(form, "value") && err == nil {
				t.Errorf("%.20q as %s is rejected", key, form)
			}
		}
	}
}

// long returns strings near the maximum lengths. As keys, the first three have the maximum length of a key.
func long() []string {
	return []string{
		strings.Repeat("k", 1022), strings.Repeat("\n", 511), strings.Repeat("<", 170),
		strings.Repeat("wide ", 200) + ".",
	}
}

// formsOf returns the string as a value and as a key, in fleet.yaml and in a template.
func formsOf(text string) map[string]*Fleet {
	forms := map[string]*Fleet{}
	form := func(name, variable, spec string) {
		fleet := &Fleet{}
		fleet.Variable("X", variable)
		fleet.Object("x", spec)
		forms[name] = fleet
	}
	form("fleet.yaml value", "["+Quote(text)+"]", "  x: ${X}\n")
	form("fleet.yaml key", "{"+Quote(text)+`: "v"}`, "  x: ${X}\n")
	form("template value", "[]", "  x: "+Quote(text)+"\n")
	form("template key", "[]", "  "+Quote(text)+": v\n")
	return forms
}

// stringsFleet contains each string in a list, as key and value of a mapping that a sole `${X}` inserts and, if `filled`, also
// inside quoted and block scalars and keys, and as a literal of the template.
func stringsFleet(texts []string, filled bool) (*Fleet, map[string]any) {
	const chunk = 1_000
	fleet, want := &Fleet{}, map[string]any{}
	for first := 0; first < len(texts); first += chunk {
		texts := texts[first:min(first+chunk, len(texts))]
		name := fmt.Sprintf("variables-%d", first)
		list, mapping := []string{}, []string{}
		wantList, wantMap := []any{}, map[string]any{}
		for _, text := range texts {
			list = append(list, Quote(text))
			wantList = append(wantList, text)
			// This test does not depend on whether keys of a mapping in fleet.yaml are substituted.
			if text != "<<" && !strings.Contains(text, "$") {
				mapping = append(mapping, Quote(text)+": "+Quote(text))
				wantMap[text] = text
			}
		}
		fleet.Variable(fmt.Sprintf("LIST_%d", first), "["+strings.Join(list, ", ")+"]")
		fleet.Variable(fmt.Sprintf("MAP_%d", first), "{"+strings.Join(mapping, ", ")+"}")
		fleet.Object(name, fmt.Sprintf("  list: ${LIST_%d}\n  nested:\n  - - map: ${MAP_%d}\n", first, first))
		want[name] = map[string]any{"list": wantList, "nested": []any{[]any{map[string]any{"map": wantMap}}}}
		if filled {
			fill(fleet, want, first, texts)
		}
	}
	return fleet, want
}

func fill(fleet *Fleet, want map[string]any, first int, texts []string) {
	for i, text := range texts {
		variable := fmt.Sprintf("S_%d", first+i)
		fleet.Variable(variable, Quote(text))
		name := fmt.Sprintf("filled-%d", first+i)
		x := "${" + variable + "}"
		literals := map[string]any{text: text}
		literal := Quote(text) + ": " + Quote(text)
		if text == "<<" {
			literals, literal = map[string]any{"a": text}, "a: "+Quote(text)
		}
		spec := "  quoted: \"" + x + "\"\n  single: '<" + x + ">'\n  block: |\n    " + x + "\n  lines: |-\n    first\n    " + x + "\n    last\n" +
			"  folded: >\n    a\n    " + x + "\n  items:\n  - \"" + x + "\"\n  - - |\n      a " + x + "\n  literals:\n    " + literal + "\n"
		wantSpec := map[string]any{
			"quoted": text, "single": "<" + text + ">", "block": text + "\n", "lines": "first\n" + text + "\nlast",
			"folded": "a " + text + "\n", "items": []any{text, []any{"a " + text + "\n"}}, "literals": literals,
		}
		if len(text) < 100 {
			spec += "  keys: {\"key " + x + "\": 1}\n"
			wantSpec["keys"] = map[string]any{"key " + text: int64(1)}
		}
		fleet.Object(name, spec)
		want[name] = wantSpec
	}
}

func unique(texts []string) []string {
	seen := map[string]bool{}
	var kept []string
	for _, text := range texts {
		if !seen[text] {
			seen[text] = true
			kept = append(kept, text)
		}
	}
	return kept
}

// alphabet contains the characters that YAML, JSON and Go parsers treat differently, and some others.
var alphabet = append(strings.Split("abynxXoOeETZtf0127899--__..::/,=+@#!&*?|>%~`'\"\\[]{}()<>$^;", ""),
	" ", " ", " ", "\t", "\n", "\n", "\r", "\x00", "\x1b", "é", "\u0300", "\u00a0", "\u200b", "\u2028", "\u2029", "\u3000", "\ufeff", "\ufffd",
	"\U0001f600", "\U000e0001", "---", "...", "<<", "null", "true", "no", "0x", "${", "{{", "}}", ".inf", "2020-01-01", "\n---\n", "\n\n", "- ", ": ")

func randomString(random *rand.Rand) string {
	length := 1 + random.Intn(8)
	if random.Intn(10) == 0 {
		length = 40
	}
	var text strings.Builder
	for range length {
		text.WriteString(alphabet[random.Intn(len(alphabet))])
	}
	return text.String()
}

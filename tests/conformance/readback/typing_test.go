package readback

import (
	"fmt"
	"math"
	"math/big"
	"math/rand"
	"regexp"
	"strconv"
	"strings"
	"testing"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// TestPlainScalars verifies that plain scalars of a template have the type that sigs.k8s.io/yaml gives them in the template:
// literals, sole expressions, and literals with an expression.
func TestPlainScalars(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	seen, refused, texts := map[string]bool{}, []string{}, []string{}
	for len(texts) < 20_000 {
		text := randomPlain(random)
		if seen[text] || !isOneScalar(text) {
			continue
		}
		seen[text] = true
		if isUnrepresentable(text) {
			refused = append(refused, text)
		} else {
			texts = append(texts, text)
		}
	}
	const chunk = 2_000
	for first := 0; first < len(texts); first += chunk {
		fleet, want := &Fleet{}, map[string]any{}
		var literal, filled, joined strings.Builder
		expected := []any{}
		for i, text := range texts[first : first+chunk] {
			fleet.Variable(fmt.Sprintf("S%d", i), Quote(text))
			fleet.Variable(fmt.Sprintf("REST%d", i), Quote(text[1:]))
			fmt.Fprintf(&literal, "  - %s\n", text)
			fmt.Fprintf(&filled, "  - ${S%d}\n", i)
			fmt.Fprintf(&joined, "  - %s${REST%d}\n", text[:1], i)
			expected = append(expected, typed(t, text))
		}
		for name, items := range map[string]string{"literal": literal.String(), "filled": filled.String(), "joined": joined.String()} {
			fleet.Object(name, "  items:\n"+items)
			want[name] = map[string]any{"items": expected}
		}
		t.Run(fmt.Sprint(first), func(t *testing.T) {
			t.Parallel()
			check(t, fleet, want)
		})
	}
	refused = append([]string{".nan", "-.inf", "+.Inf", "1e400", "9223372036854775808", "-9223372036854775809", "0xffffffffffffffff", "18446744073709551616"}, refused...)
	for _, text := range refused[:min(60, len(refused))] {
		fleet := &Fleet{}
		fleet.Object("x", "  x: "+text+"\n")
		if err := fleet.Rejected(t); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// typed parses a plain scalar with sigs.k8s.io/yaml, with the number types of Kubernetes.
func typed(t *testing.T, text string) any {
	t.Helper()
	json, err := yaml.YAMLToJSON([]byte("v: " + text + "\n"))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	var object map[string]any
	if err := utiljson.Unmarshal(json, &object); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return object["v"]
}

// structure matches a string that is not exactly one plain scalar.
var structure = regexp.MustCompile(`^[-?:]?$|^[-?:] |^ | $|:$|: | #`)

func isOneScalar(text string) bool {
	return !structure.MatchString(text)
}

var (
	decimal = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	special = regexp.MustCompile(`^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// isUnrepresentable reports whether JSON or 64 bits cannot represent a number, which must be rejected.
func isUnrepresentable(text string) bool {
	if special.MatchString(text) {
		return true
	}
	if !strings.ContainsAny(text[:1], "+-.0123456789") {
		return false
	}
	digits := strings.ReplaceAll(text, "_", "")
	if integer, ok := new(big.Int).SetString(digits, 0); ok {
		return !integer.IsInt64()
	}
	value, _ := strconv.ParseFloat(digits, 64)
	return decimal.MatchString(digits) && math.IsInf(value, 0)
}

var plainAlphabets = [][]string{
	strings.Split("0127890+-._eExXoObBaf:TZ", ""),
	{"0", "1", "9", "-", "-", "2020", "2021", "01", "1", "T", "Z", ":", ".", "12", "+01:00", " "},
	{"0", "1", "9", ".", "e", "+", "-", "00", "99999", "123456789", "5"},
	{"y", "Y", "n", "N", "es", "ES", "o", "O", "ff", "FF", "true", "True", "rue", "null", "Null", "~", ".inf", ".nan", "+", "-", ".", "false", "F", "<<", "="},
}

func randomPlain(random *rand.Rand) string {
	switch random.Intn(6) {
	case 0:
		return strconv.FormatFloat(random.NormFloat64()*math.Pow(10, float64(random.Intn(40)-20)), "gef"[random.Intn(3)], -1, 64)
	case 1:
		return fmt.Sprint(int64(random.Uint64()) >> random.Intn(64))
	}
	letters := plainAlphabets[random.Intn(len(plainAlphabets))]
	var text strings.Builder
	for range 1 + random.Intn(8) {
		text.WriteString(letters[random.Intn(len(letters))])
	}
	return text.String()
}

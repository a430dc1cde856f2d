package selectors

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// labelKeys are the label keys of clusters; no key contains another.
var labelKeys = []string{"a", "ab", "A", "a.b", "a_b", "example.org/a", "example.org/ab", "sub.example.org/a", strings.Repeat("k", 63)}

// labelValues are the label values of clusters. Some are a number or a boolean if they are not quoted.
var labelValues = []string{"", "x", "xy", "xyz", "X", "x.y", "x-y", "x_y", "1", "01", "1.0", "true", "on", "null", strings.Repeat("v", 63)}

// ownKey is the label that each cluster has by default: its name.
const ownKey = "kubectl-fleet.io/cluster"

// otherKeys are on no cluster. Only the first three are valid keys in Kubernetes.
var otherKeys = []string{
	"b", "example.org/b", strings.Repeat("d", 253) + "/a",
	"", "/", "/a", "a/", "a/b/c", "-a", "a-", ".a", "a b", "ä", "A.io/x", "example..org/a", "a/" + strings.Repeat("k", 64),
	strings.Repeat("d", 254) + "/a", strings.Repeat("k", 64), "example.org/", "exa_mple.org/a", "a\n",
}

// otherValues are on no cluster. Only the first two are valid values in Kubernetes.
var otherValues = []string{"w", "xyzz", "-x", "x-", ".x", "x y", "ä", "x/y", "x,y", strings.Repeat("v", 64), " x", "x\n", "*"}

// selector is a selector as in a manifest; a nil is omitted.
type selector struct {
	MatchLabels      map[string]string `json:"matchLabels,omitempty"`
	MatchExpressions []expression      `json:"matchExpressions,omitempty"`
}

type expression struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values,omitempty"`
}

// generator generates clusters and selectors.
type generator struct{ *rand.Rand }

func pick[T any](g generator, from []T) T { return from[g.IntN(len(from))] }

// clusters returns the labels of clusters: each except the first has some of the keys.
func (g generator) clusters(count int) []map[string]string {
	all := make([]map[string]string, count)
	for index := range all {
		all[index] = map[string]string{ownKey: name(index)}
		for _, key := range labelKeys {
			if g.IntN(3) > 0 && index > 0 {
				all[index][key] = pick(g, labelValues)
			}
		}
	}
	return all
}

func (g generator) key() string {
	if g.IntN(40) == 0 {
		return pick(g, otherKeys)
	}
	if g.IntN(20) == 0 {
		return ownKey
	}
	return pick(g, labelKeys)
}

func (g generator) value() string {
	if g.IntN(30) == 0 {
		return pick(g, otherValues)
	}
	return pick(g, labelValues)
}

// selector returns a selector with up to four requirements, often several on the same key. Most requirements match one cluster,
// because large selectors would otherwise match no cluster.
func (g generator) selector(clusters []map[string]string) selector {
	made := selector{}
	model := pick(g, clusters)
	again := ""
	for range pick(g, []int{0, 1, 1, 1, 2, 2, 2, 3, 3, 4}) {
		key := g.key()
		if again != "" && g.IntN(3) == 0 {
			key = again
		}
		again = key
		value, has := model[key]
		isMeant := g.IntN(8) > 0
		if isMeant && has && g.IntN(3) == 0 {
			g.match(&made, key, value)
			continue
		}
		if !isMeant && g.IntN(3) == 0 {
			g.match(&made, key, g.value())
			continue
		}
		made.MatchExpressions = append(made.MatchExpressions, g.expression(key, value, has, isMeant))
	}
	return made
}

func (g generator) match(made *selector, key, value string) {
	if made.MatchLabels == nil {
		made.MatchLabels = map[string]string{}
	}
	made.MatchLabels[key] = value
}

// expression returns a requirement that a label satisfies with its value or its absence, if `matching` is set.
func (g generator) expression(key, value string, has, isMeant bool) expression {
	made := expression{Key: key}
	for range 1 + g.IntN(4) {
		made.Values = append(made.Values, g.value())
	}
	switch {
	case isMeant && has:
		made.Operator = pick(g, []string{"In", "In", "NotIn", "Exists"})
		if made.Operator == "In" {
			made.Values[g.IntN(len(made.Values))] = value
		}
	case isMeant:
		made.Operator = pick(g, []string{"NotIn", "DoesNotExist"})
	default:
		made.Operator = pick(g, []string{"In", "NotIn", "Exists", "DoesNotExist", "In", "NotIn", "Exists", "DoesNotExist", "in", "Equals", ""})
	}
	listed := strings.HasSuffix(made.Operator, "n") || made.Operator == ""
	if listed == (g.IntN(40) == 0) {
		made.Values = nil
	} else if !listed && g.IntN(40) > 0 {
		made.Values = nil
	}
	return made
}

func (s selector) String() string { return fmt.Sprintf("%q %q", s.MatchLabels, s.MatchExpressions) }

package expressions

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/drone/envsubst/v2/path"
)

// difference says how an outcome of kubectl-fleet may differ from clusterctl's.
type difference string

const (
	none     difference = "none"
	refuses  difference = "clusterctl gives a value, we refuse"
	accepts  difference = "clusterctl refuses, we give a value"
	disagree difference = "the values differ"
)

func compare(theirs, ours outcome) difference {
	switch {
	case theirs.refused && ours.refused:
		return none
	case theirs.refused:
		return accepts
	case ours.refused:
		return refuses
	case theirs.value != ours.value:
		return disagree
	}
	return none
}

// exception is a difference that is meant, and what shows that a string falls under it.
type exception struct {
	name       string
	difference difference
	covers     func(text string) bool
}

var (
	literalWithBlanks = regexp.MustCompile(`\$\$\{(\s+[\w$]+\s*|[\w$]+\s+)\}`)
	mapKey            = regexp.MustCompile(`\$\{#?[\pL\pN_]+\.[\pL\pN_]`)
)

var exceptions = []exception{
	{"an unset variable is a mistake wherever it is needed", refuses, some(func(c call) bool {
		return !c.set && !c.unused && !(c.isDefault() && len(c.args) > 0)
	})},
	{"an offset or a length is a number of at most 32 bits", refuses, some(func(c call) bool {
		return c.Name == ":" && slices.ContainsFunc(c.args, func(argument string) bool {
			_, err := strconv.ParseInt(argument, 10, 32)
			return err != nil
		})
	})},
	{"a length is not negative", refuses, some(func(c call) bool {
		return c.Name == ":" && len(c.args) == 2 && strings.HasPrefix(c.args[1], "-")
	})},
	{"a pattern is well formed", refuses, some(func(c call) bool {
		return c.trims() && malformed(c.args[0])
	})},
	{"a pattern at the end has no sets and no escapes, which drone reads backwards", refuses, some(func(c call) bool {
		return c.trims() && strings.HasPrefix(c.Name, "%") && strings.ContainsAny(c.args[0], `[\`)
	})},
	{"a pattern has a limited length", refuses, some(func(c call) bool {
		return c.trims() && len(c.args[0]) > 256
	})},
	{"`,^` and `^,` are no functions", refuses, func(text string) bool {
		return strings.Contains(text, ",^") || strings.Contains(text, "^,")
	}},
	{"an empty replacement at the start or end has no effect with drone", refuses, some(func(c call) bool {
		return (c.Name == "/#" || c.Name == "/%") && len(c.args) == 1
	})},
	{"nesting has a limited depth", refuses, some(func(c call) bool { return c.depth > 64 })},
	{"lengths, offsets and patterns count characters", disagree, some(func(c call) bool {
		return (c.Name == "#" || c.Name == ":" || c.trims()) && len(c.value) != utf8.RuneCountInString(c.value)
	})},
	{"a default is not evaluated where it is not used, so that drone cannot panic in it", accepts, some(func(c call) bool {
		return c.unused && c.Name == ":"
	})},
	{"what `$${` starts is text and keeps its blanks", disagree, literalWithBlanks.MatchString},
	{"a dot reaches into a map", accepts, mapKey.MatchString},
}

// find names the exception that a string falls under; empty if there is none.
func find(difference difference, text string) string {
	for _, exception := range exceptions {
		if exception.difference == difference && exception.covers(text) {
			return exception.name
		}
	}
	return ""
}

func some(wanted func(call) bool) func(string) bool {
	return func(text string) bool { return slices.ContainsFunc(calls(text), wanted) }
}

// malformed reports whether drone would give up on a pattern, whatever it is matched with: its check
// stops at the first character that does not match, so every part is tried with one that does.
func malformed(pattern string) bool {
	for start := range pattern {
		for _, name := range []string{"a", pattern[start:]} {
			if _, err := path.Match(pattern[start:], name); err != nil {
				return true
			}
		}
	}
	return false
}

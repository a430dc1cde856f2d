package expressions

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/drone/envsubst/v2/path"
)

// difference is a permitted difference between the outcomes of kubectl-fleet and clusterctl.
type difference string

const (
	none     difference = "none"
	refuses  difference = "clusterctl accepts, kubectl-fleet rejects"
	accepts  difference = "clusterctl rejects, kubectl-fleet accepts"
	disagree difference = "the values differ"
)

func compare(theirs, ours outcome) difference {
	switch {
	case theirs.rejected && ours.rejected:
		return none
	case theirs.rejected:
		return accepts
	case ours.rejected:
		return refuses
	case theirs.value != ours.value:
		return disagree
	}
	return none
}

// exception is an intended difference, and a predicate for the strings that it applies to.
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
	{"an unset variable is an error if it is required", refuses, some(func(c call) bool {
		return !c.set && !c.unused && !(c.isDefault() && len(c.args) > 0)
	})},
	{"an offset or a length must be an integer of at most 32 bits", refuses, some(func(c call) bool {
		return c.Name == ":" && slices.ContainsFunc(c.args, func(argument string) bool {
			_, err := strconv.ParseInt(argument, 10, 32)
			return err != nil
		})
	})},
	{"a length must not be negative", refuses, some(func(c call) bool {
		return c.Name == ":" && len(c.args) == 2 && strings.HasPrefix(c.args[1], "-")
	})},
	{"a pattern must be valid", refuses, some(func(c call) bool {
		return c.trims() && malformed(c.args[0])
	})},
	{"a pattern at the end must not contain sets or escapes, which drone reads backwards", refuses, some(func(c call) bool {
		return c.trims() && strings.HasPrefix(c.Name, "%") && strings.ContainsAny(c.args[0], `[\`)
	})},
	{"the length of a pattern is limited", refuses, some(func(c call) bool {
		return c.trims() && len(c.args[0]) > 256
	})},
	{"`,^` and `^,` are not functions", refuses, func(text string) bool {
		return strings.Contains(text, ",^") || strings.Contains(text, "^,")
	}},
	{"an empty replacement at the start or end has no effect with drone", refuses, some(func(c call) bool {
		return (c.Name == "/#" || c.Name == "/%") && len(c.args) == 1
	})},
	{"the nesting depth is limited", refuses, some(func(c call) bool { return c.depth > 64 })},
	{"lengths, offsets and patterns count characters", disagree, some(func(c call) bool {
		return (c.Name == "#" || c.Name == ":" || c.trims()) && len(c.value) != utf8.RuneCountInString(c.value)
	})},
	{"an unused default is not evaluated, so drone's panic in it does not matter", accepts, some(func(c call) bool {
		return c.unused && c.Name == ":"
	})},
	{"a string that begins with `$${` is literal and keeps its spaces", disagree, literalWithBlanks.MatchString},
	{"a dot reads a key of a mapping", accepts, mapKey.MatchString},
}

// find returns the name of the exception for a string, or an empty string if there is none.
func find(difference difference, text string) string {
	for _, exception := range exceptions {
		if exception.difference == difference && exception.covers(text) {
			return exception.name
		}
	}
	return ""
}

func some(expected func(call) bool) func(string) bool {
	return func(text string) bool { return slices.ContainsFunc(calls(text), expected) }
}

// malformed reports whether drone rejects a pattern for some value. Its check stops at the first character that does not match,
// so every part is tried with a value that matches it.
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

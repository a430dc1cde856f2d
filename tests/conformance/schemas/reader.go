package schemas

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
)

// Reader validates objects with the generated files only, as the program does.
type Reader struct {
	roots    map[string]child
	nodes    []node
	patterns map[string]*regexp.Regexp
}

// NewReader reads the generated files.
func NewReader() (*Reader, error) {
	r := &Reader{roots: map[string]child{}, patterns: map[string]*regexp.Regexp{}}
	kinds, err := os.ReadFile(filepath.Join(Directory(), "kinds.txt"))
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(kinds)) {
		fields := strings.Fields(line)
		r.roots[fields[0]+" "+fields[1]] = child(fields[3])
	}
	lines, err := os.ReadFile(filepath.Join(Directory(), "nodes.txt"))
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(lines) {
		var n node
		if err := json.Unmarshal(line, &n); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(r.nodes), err)
		}
		r.nodes = append(r.nodes, n)
	}
	return r, nil
}

// Problem is what a node forbids: the member of the node, and the path of the value.
type Problem struct{ Member, Path string }

func (r *Reader) node(c child) node {
	for text, letter := range letters {
		if letter == c {
			var n node
			if err := json.Unmarshal([]byte(text), &n); err != nil {
				panic(err)
			}
			return n
		}
	}
	number, err := strconv.Atoi(string(c))
	if err != nil {
		panic(err)
	}
	return r.nodes[number]
}

// Check returns the problems of an object, or false if its kind is unknown.
func (r *Reader) Check(object map[string]any) ([]Problem, bool) {
	root, is := r.roots[fmt.Sprint(object["apiVersion"], " ", object["kind"])]
	if !is {
		return nil, false
	}
	object = maps.Clone(object)
	delete(object, "apiVersion")
	delete(object, "kind")
	return r.value("", object, r.node(root), false), true
}

// value validates a value. A partial node knows neither all fields nor types.
func (r *Reader) value(path string, value any, n node, partial bool) (all []Problem) {
	bad := func(member string) { all = append(all, Problem{member, path}) }
	if len(n.Enum) > 0 && !slices.ContainsFunc(n.Enum, func(text json.RawMessage) bool { return equal(text, value) }) {
		bad("e")
	}
	if value == nil {
		if n.Type != "" && !n.Nullable {
			bad("z")
		}
		return all
	}
	if _, list := value.([]any); list && n.Type == "s" && n.Format != "" {
		bad("list")
		return all
	}
	if !is(value, n.Type) {
		bad("t")
		return all
	}
	switch value := value.(type) {
	case string:
		r.text(value, n, bad)
	case int64, float64:
		number(value, n, bad)
	case []any:
		all = append(all, r.list(path, value, n, partial)...)
	case map[string]any:
		all = append(all, r.mapping(path, value, n, partial)...)
	case bool:
		if n.Format == "quantity" {
			bad("f")
		}
	}
	if slices.ContainsFunc(n.All, func(c child) bool { return !r.fulfills(value, c) }) {
		bad("all")
	}
	if len(n.Any) > 0 && !slices.ContainsFunc(n.Any, func(c child) bool { return r.fulfills(value, c) }) {
		bad("any")
	}
	if len(n.One) > 0 {
		fulfilled := 0
		for _, c := range n.One {
			if r.fulfills(value, c) {
				fulfilled++
			}
		}
		if fulfilled != 1 {
			bad("one")
		}
	}
	if n.Not != "" && r.fulfills(value, n.Not) {
		bad("not")
	}
	return all
}

func (r *Reader) fulfills(value any, c child) bool {
	return len(r.value("", value, r.node(c), true)) == 0
}

func is(value any, kind string) bool {
	if kind == "" {
		return true
	}
	switch value := value.(type) {
	case map[string]any:
		return kind == "o"
	case []any:
		return kind == "a"
	case string:
		return kind == "s" || kind == "x"
	case bool:
		return kind == "b"
	case int64:
		return kind == "i" || kind == "n" || kind == "x"
	case float64:
		// An integer with a fraction of zero is an integer.
		return kind == "n" || (kind == "i" || kind == "x") && value == math.Trunc(value) && math.Abs(value) < 1<<53
	}
	panic(fmt.Sprintf("%T", value))
}

func equal(text json.RawMessage, value any) bool {
	var expected any
	if err := json.Unmarshal(text, &expected); err != nil {
		panic(err)
	}
	if integer, is := value.(int64); is {
		value = float64(integer)
	}
	return reflect.DeepEqual(expected, value)
}

func (r *Reader) text(value string, n node, bad func(string)) {
	length := int64(utf8.RuneCountInString(value))
	if n.Least != nil && length < *n.Least {
		bad("n0")
	}
	if n.Most != nil && length > *n.Most {
		bad("n1")
	}
	if n.Pattern != "" {
		if r.patterns[n.Pattern] == nil {
			r.patterns[n.Pattern] = regexp.MustCompile(n.Pattern)
		}
		if !r.patterns[n.Pattern].MatchString(value) {
			bad("re")
		}
	}
	switch n.Format {
	case "", "int32":
	case "base64":
		if _, err := base64.StdEncoding.DecodeString(value); err != nil {
			bad("f")
		}
	case "quantity":
		if _, err := resource.ParseQuantity(value); err != nil {
			bad("f")
		}
	default:
		if !strfmt.Default.Validates(n.Format, value) {
			bad("f")
		}
	}
}

func number(value any, n node, bad func(string)) {
	number, is := value.(float64)
	if integer, isInteger := value.(int64); !is && isInteger {
		number = float64(integer)
	}
	if n.Minimum != nil && (number < *n.Minimum || n.ExclusiveMinimum && number == *n.Minimum) {
		bad("lo")
	}
	if n.Maximum != nil && (number > *n.Maximum || n.ExclusiveMaximum && number == *n.Maximum) {
		bad("hi")
	}
	if n.MultipleOf != nil && math.Mod(number, *n.MultipleOf) != 0 {
		bad("of")
	}
	if n.Format == "int32" && (number < math.MinInt32 || number > math.MaxInt32) {
		bad("f")
	}
}

func (r *Reader) list(path string, value []any, n node, partial bool) (all []Problem) {
	bad := func(member string) { all = append(all, Problem{member, path}) }
	if n.Least != nil && int64(len(value)) < *n.Least {
		bad("n0")
	}
	if n.Most != nil && int64(len(value)) > *n.Most {
		bad("n1")
	}
	if n.Format == "quantity" {
		bad("f")
	}
	seen := map[string]bool{}
	for i, item := range value {
		at := fmt.Sprintf("%s[%d]", path, i)
		if n.Distinct && seen[text(item)] {
			all = append(all, Problem{"d", at})
		}
		if n.Distinct {
			seen[text(item)] = true
		}
		if fields, is := item.(map[string]any); is && len(n.Keys) > 0 {
			keys := map[string]any{}
			for _, key := range n.Keys {
				if fields[key] != nil {
					keys[key] = fields[key]
				}
			}
			if seen[text(keys)] {
				all = append(all, Problem{"k", at})
			}
			seen[text(keys)] = true
		}
		switch {
		case n.Items != "":
			all = append(all, r.value(at, item, r.node(n.Items), partial)...)
		case !partial && !n.Unknown:
			all = append(all, r.value(at, item, node{}, false)...)
		}
	}
	return all
}

func text(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (r *Reader) mapping(path string, value map[string]any, n node, partial bool) (all []Problem) {
	bad := func(member string) { all = append(all, Problem{member, path}) }
	if n.Format == "quantity" {
		bad("f")
	}
	present := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(value)) {
		at, field := path+"."+name, value[name]
		schema, is := n.Properties[name]
		if !is {
			schema = n.Further
		}
		if schema == "" && n.Embedded {
			switch name {
			case "apiVersion", "kind":
				schema = "s"
				if field == "" {
					bad("m")
				}
			case "metadata":
				schema = r.node(r.roots["v1 Namespace"]).Properties["metadata"]
			}
		}
		switch {
		// What the API server does not expect to be null, it drops if it is null.
		case field == nil && (schema == "" && partial || schema != "" && !r.node(schema).Nullable):
			continue
		case schema != "":
			all = append(all, r.value(at, field, r.node(schema), partial)...)
		case !partial && !n.Unknown:
			all = append(all, Problem{"p", at})
		}
		present[name] = true
	}
	if n.Least != nil && int64(len(present)) < *n.Least {
		bad("n0")
	}
	if n.Most != nil && int64(len(present)) > *n.Most {
		bad("n1")
	}
	required := n.Required
	if n.Embedded {
		required = append(slices.Clip(required), "apiVersion", "kind")
	}
	for _, name := range required {
		if !present[name] {
			all = append(all, Problem{"r", path + "." + name})
		}
	}
	return all
}

package schemas

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "sigs.k8s.io/json"

	"kubectl-fleet.io/conformance/repository"
)

// TestRoundTrip verifies that the generated files lose nothing: they accept and reject the same objects as the definitions, except
// for rules of CEL. The objects are those of all fleets, and each of them with one change.
func TestRoundTrip(t *testing.T) {
	reader, err := NewReader()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	objects, changed := 0, 0
	for _, fleet := range repository.Fleets(t) {
		for _, document := range generate(t, fleet, "-o", "json") {
			object := parse(t, document)
			if isNew := !seen[shape(object)]; !isNew || compare(t, reader, object) == unknown {
				continue
			}
			seen[shape(object)] = true
			objects++
			kind := fmt.Sprint(object["apiVersion"], object["kind"])
			for place, mutant := range mutants(object) {
				// The same change at the same place of another object rarely has another result.
				if !seen[kind+place] {
					seen[kind+place] = true
					compare(t, reader, mutant)
					changed++
				}
			}
		}
	}
	t.Logf("%d objects, %d changed objects", objects, changed)
}

// TestRandomObjects verifies the same with random objects of every kind, which reach the fields that no fleet sets.
func TestRandomObjects(t *testing.T) {
	reader, err := NewReader()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	accepted, rejected := 0, 0
	for _, kind := range slices.Sorted(maps.Keys(reader.roots)) {
		apiVersion, name, _ := strings.Cut(kind, " ")
		for range 300 {
			object := reader.randomMapping(random, reader.node(reader.roots[kind]), 0)
			object["apiVersion"], object["kind"] = apiVersion, name
			switch compare(t, reader, object) {
			case valid:
				accepted++
			case invalid:
				rejected++
			}
		}
	}
	t.Logf("%d valid objects, %d invalid objects", accepted, rejected)
}

// shape returns the text of an object without its names.
func shape(object map[string]any) string {
	object = maps.Clone(object)
	delete(object, "metadata")
	return text(object)
}

func parse(t *testing.T, document []byte) map[string]any {
	t.Helper()
	var object map[string]any
	if _, err := kjson.UnmarshalStrict(document, &object); err != nil {
		t.Fatal(err)
	}
	return object
}

type verdict int

const (
	unknown verdict = iota
	valid
	invalid
)

// compare reports a difference between the generated files and the code of the API server.
func compare(t *testing.T, reader *Reader, object map[string]any) verdict {
	t.Helper()
	found, is := reader.Check(object)
	if !is {
		return unknown
	}
	if slices.ContainsFunc(found, func(p Problem) bool { return p.Member == "list" }) {
		// The API server looks only at the items of a list that it finds instead of a string with a format.
		return unknown
	}
	expected, err := judge(object)
	if errors.Is(err, ErrNoSchema) {
		return unknown
	}
	kind := schema.FromAPIVersionAndKind(fmt.Sprint(object["apiVersion"]), fmt.Sprint(object["kind"]))
	if kind.Kind == "CustomResourceDefinition" && len(found) == 0 {
		// The files do not repeat the schema of a schema in itself.
		return valid
	}
	// The types of Go do not restrict values further, and the metadata is validated elsewhere.
	sure := slices.DeleteFunc(slices.Clone(found), func(p Problem) bool {
		return restricts(p) && (known.builtin.Recognizes(kind) || strings.HasPrefix(p.Path, ".metadata"))
	})
	if len(expected) > 0 && len(found) == 0 || len(expected) == 0 && len(sure) > 0 {
		t.Errorf("%s\nthe API server: %v\nthe files: %v", text(object), expected, found)
	}
	if len(expected) > 0 {
		return invalid
	}
	return valid
}

// restricts reports whether a problem is not one of types. An address of a network is a string.
func restricts(p Problem) bool {
	return p.Member != "t" && p.Member != "p" && (p.Member != "f" || strings.HasSuffix(p.Path, ".cidr"))
}

// judge returns what the API server says about an object, except for names and rules.
func judge(object map[string]any) (problems []error, err error) {
	kind := schema.FromAPIVersionAndKind(fmt.Sprint(object["apiVersion"]), fmt.Sprint(object["kind"]))
	if known.builtin.Recognizes(kind) {
		_, _, err := known.strict.Decode([]byte(text(object)), nil, nil)
		if strict, is := runtime.AsStrictDecodingError(err); is {
			return strict.Errors(), nil
		}
		if err != nil {
			problems = append(problems, err)
		}
		return problems, nil
	}
	definition := known.definitions[kind.GroupKind()]
	if definition == nil {
		return nil, ErrNoSchema
	}
	version, err := definition.version(kind.Version)
	if err != nil {
		return nil, ErrNoSchema
	}
	object = runtime.DeepCopyJSON(object)
	if object["metadata"] == nil {
		object["metadata"] = map[string]any{}
	}
	problems, malformed := version.decode(object)
	if malformed != nil {
		return []error{malformed}, nil
	}
	for _, err := range version.validate(object) {
		problems = append(problems, err)
	}
	return problems, nil
}

// mutants returns the object with one change each, at every place of its content, by the place and the change.
func mutants(object map[string]any) iter.Seq2[string, map[string]any] {
	return func(yield func(string, map[string]any) bool) {
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if name == "apiVersion" || name == "kind" || name == "status" {
				continue
			}
			for change, value := range changes(object[name]) {
				if !yield(name+"."+change, with(object, name, value)) {
					return
				}
			}
			without := maps.Clone(object)
			delete(without, name)
			if !yield(name+" dropped", without) || !yield(name+" renamed", with(without, name+"z", object[name])) {
				return
			}
		}
	}
}

func with(object map[string]any, name string, value any) map[string]any {
	object = maps.Clone(object)
	object[name] = value
	return object
}

// others replace each value once.
var others = []any{nil, "", "banana", "10m", strings.Repeat("a", 300), int64(0), int64(-1), int64(70000), int64(1) << 40, 2.5, 3.0, true,
	[]any{}, map[string]any{}, []any{nil}}

// changes returns other values for a value.
func changes(value any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i, other := range others {
			if !yield(fmt.Sprint("other ", i), other) {
				return
			}
		}
		switch value := value.(type) {
		case map[string]any:
			for place, mutant := range mutants(value) {
				if !yield(place, mutant) {
					return
				}
			}
		case []any:
			for i := range value {
				for place, changed := range changes(value[i]) {
					list := slices.Clone(value)
					list[i] = changed
					if !yield("[]"+place, list) {
						return
					}
				}
				if !yield("repeated", append(slices.Clone(value), value[i])) {
					return
				}
			}
		}
	}
}

// random returns a value that often fulfills a node.
func (r *Reader) random(random *rand.Rand, n node, depth int) any {
	if random.IntN(40) == 0 {
		return odd[random.IntN(len(odd))]
	}
	if len(n.Enum) > 0 && random.IntN(10) > 0 {
		var value any
		if err := json.Unmarshal(n.Enum[random.IntN(len(n.Enum))], &value); err != nil {
			panic(err)
		}
		if number, is := value.(float64); is {
			return int64(number)
		}
		return value
	}
	switch n.Type {
	case "o":
		return r.randomMapping(random, n, depth)
	case "a":
		list := []any{}
		for range random.IntN(3) {
			if n.Items != "" {
				list = append(list, r.random(random, r.node(n.Items), depth+1))
			}
		}
		return list
	case "s":
		return words[random.IntN(len(words))]
	case "i":
		return int64(random.IntN(5))
	case "n":
		return float64(random.IntN(5)) / 2
	case "b":
		return random.IntN(2) == 0
	}
	return odd[random.IntN(len(odd))]
}

func (r *Reader) randomMapping(random *rand.Rand, n node, depth int) map[string]any {
	fields := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(n.Properties)) {
		needed := slices.Contains(n.Required, name) && random.IntN(20) > 0
		if depth > 12 || !needed && (name == "status" || name == "metadata" || random.IntN(4+len(n.Properties)) > 3) {
			continue
		}
		fields[name] = r.random(random, r.node(n.Properties[name]), depth+1)
	}
	if n.Further != "" && random.IntN(2) == 0 {
		fields["a"] = r.random(random, r.node(n.Further), depth+1)
	}
	if n.Embedded {
		fields["apiVersion"], fields["kind"] = "v1", "ConfigMap"
	}
	if random.IntN(60) == 0 {
		fields["unexpected"] = "a"
	}
	return fields
}

var (
	words = []string{"a", "b", "banana", "10m", "1h0m0s", "10.0.0.0/8", "https://example.org/a", "v1.34.0", "2026-01-02T03:04:05Z", "YQ==", "", "A b", "example.org", "10.0.0.1", "fd00::1"}
	odd   = []any{nil, "", "a", int64(0), int64(3), int64(-1), 2.5, true, []any{}, []any{"a"}, map[string]any{}, map[string]any{"a": "b"}}
)

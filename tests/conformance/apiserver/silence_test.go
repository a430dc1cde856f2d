package apiserver

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"k8s.io/client-go/dynamic"

	"kubectl-fleet.io/conformance/schemas"
)

// TestOtherValues verifies that the schemas of built-in kinds reject nothing that the server accepts: other values in every field of
// the objects in valid/. It reports how many of the values that the server rejects the schemas accept.
func TestOtherValues(t *testing.T) {
	config := server(t)
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	mapper := mapper(t, config)
	reader, err := schemas.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	accepted, rejected := 0, 0
	missed := map[string]int{}
	seen := map[string]bool{}
	for _, object := range validObjects(t) {
		if problems, known := reader.Check(object.Object); len(problems) > 0 || !known {
			t.Errorf("%s %s: %v", object.GetKind(), object.GetName(), problems)
			continue
		}
		places, err := schemas.Places(object.Object)
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range places {
			path := place.Path
			if name := path[len(path)-1]; len(path) == 1 && (name == "metadata" || name == "kind" || name == "apiVersion") ||
				len(path) == 2 && path[0] == "metadata" && (name == "name" || name == "namespace") || seen[place.Field] {
				continue
			}
			seen[place.Field] = true
			value := at(object.Object, path)
			if list, is := value.([]any); is && len(list) > 0 {
				path = append(slices.Clip(path), 0)
				value = list[0]
			}
			for _, other := range others(value) {
				mutant := changed(object.Object, path, other)
				problems, _ := reader.Check(mutant)
				err := send(t, client, mapper, mutant)
				switch {
				case err == nil && len(problems) > 0:
					t.Errorf("the server accepts %#v in %v (%s) of %s %s, but not the schemas: %v", other, path, place.Field, object.GetKind(), object.GetName(), problems)
				case err == nil:
					accepted++
				default:
					rejected++
					if len(problems) == 0 {
						missed[place.Field]++
						t.Logf("only the server rejects %#v in %s: %.200v", other, place.Field, err)
					}
				}
			}
		}
	}
	for _, field := range schemas.Restricted() {
		if !seen[field] {
			t.Errorf("no object in valid/ has a %s, which has a limit", field)
		}
	}
	sum := 0
	for _, field := range slices.Sorted(maps.Keys(missed)) {
		sum += missed[field]
	}
	t.Logf("%d values accepted; %d values rejected, %d of them only by the server, in %d of %d fields", accepted, rejected, sum, len(missed), len(seen))
}

func at(value any, path []any) any {
	for _, step := range path {
		switch step := step.(type) {
		case int:
			value = value.([]any)[step]
		case string:
			value = value.(map[string]any)[step]
		}
	}
	return value
}

// others returns values that could replace a value. Among them is no integer of more than 32 bits: where one does not fit, the server
// drops the other bits and accepts what remains.
func others(value any) []any {
	switch value.(type) {
	case string:
		return []any{"", "Banana", "a b!", "a-b", "a.b", "A_B", "/a", "1", strings.Repeat("a", 64), strings.Repeat("a", 254), int64(5), true, []any{}, map[string]any{}}
	case bool:
		return []any{"true", int64(1)}
	case int64, float64:
		return []any{int64(-1), int64(0), int64(1), int64(2), int64(101), int64(256), int64(70000), int64(2e9), 1.5, "1", "a", true}
	case map[string]any:
		return []any{"a", int64(1), []any{}, map[string]any{"unknownField": "a"}}
	case []any:
		return []any{"a", map[string]any{}}
	}
	return nil
}

package webhooks

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// change sets a value at a path of keys and indices, or removes it if the value is nil.
type change struct {
	path  []string
	value any
}

func (c change) String() string {
	value, _ := json.Marshal(c.value)
	return fmt.Sprintf("%s: %s", strings.Join(c.path, "."), value)
}

// good is an object without errors.
func good(t *testing.T, kind string) (object map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(objects[kind]), &object); err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return object
}

// paths returns the existing paths below metadata and spec, in order.
func paths(value any, at []string) (all [][]string) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if len(at) > 0 || key == "spec" || key == "metadata" {
				path := append(slices.Clone(at), key)
				all = append(append(all, path), paths(value[key], path)...)
			}
		}
	case []any:
		for index := range value {
			path := append(slices.Clone(at), strconv.Itoa(index))
			all = append(append(all, path), paths(value[index], path)...)
		}
	}
	return slices.DeleteFunc(all, func(path []string) bool { return len(path) < 2 })
}

func valueAt(value any, path []string) any {
	for _, key := range path {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[key]
		case []any:
			index, _ := strconv.Atoi(key)
			value = inner[index]
		}
	}
	return value
}

// changesOf returns possible changes of a field: its removal, or another value of its type. A field that accepts a number and a
// percentage gets both.
func changesOf(path []string, value any) []change {
	all := []change{{path, nil}}
	text, isText := value.(string)
	_, isNumber := value.(float64)
	if isText {
		for _, text := range texts {
			all = append(all, change{path, text})
		}
	}
	if isNumber || strings.HasSuffix(text, "%") || path[len(path)-1] == "maxSurge" {
		for _, number := range numbers {
			all = append(all, change{path, number})
		}
	}
	if path[len(path)-1] == "maxSurge" {
		all = append(all, change{path, "50%"}, change{path, "half"})
	}
	return all
}

func (c change) apply(object map[string]any) {
	var parent any = object
	for _, key := range c.path[:len(c.path)-1] {
		switch inner := parent.(type) {
		case map[string]any:
			if inner[key] == nil {
				inner[key] = map[string]any{}
			}
			parent = inner[key]
		case []any:
			index, _ := strconv.Atoi(key)
			if index >= len(inner) {
				return
			}
			parent = inner[index]
		}
	}
	last := c.path[len(c.path)-1]
	switch parent := parent.(type) {
	case map[string]any:
		if c.value == nil {
			delete(parent, last)
		} else {
			parent[last] = c.value
		}
	case []any:
		if index, _ := strconv.Atoi(last); index < len(parent) && c.value != nil {
			parent[index] = c.value
		}
	}
}

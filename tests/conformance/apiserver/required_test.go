package apiserver

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/restmapper"

	"kubectl-fleet.io/conformance/schemas"
)

// TestBuiltin verifies what the schemas of built-in kinds state beyond types, with one valid object of each kind in valid/: without a
// required field, or with another value of a field that has fixed values, the server must reject it.
func TestBuiltin(t *testing.T) {
	config := server(t)
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	mapper := mapper(t, config)
	missing, err := schemas.Required()
	if err != nil {
		t.Fatal(err)
	}
	// Whether the server has accepted an object without the field, or with an empty string in it, at least once.
	without, empty := map[string]bool{}, map[string]bool{}
	optional, emptied := map[string]bool{}, map[string]bool{}
	for _, object := range validObjects(t) {
		name := object.GetKind() + " " + object.GetName()
		if err := send(t, client, mapper, object.Object); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		places, err := schemas.Places(object.Object)
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range places {
			accepts := func(path []any, value any) bool {
				return send(t, client, mapper, changed(object.Object, path, value)) == nil
			}
			if place.Required {
				without[place.Field] = accepts(place.Path, nil) || without[place.Field]
				optional[place.Field] = place.Optional
			}
			if place.Distinct {
				if accepts(append(slices.Clip(place.Path), 0), repeated) {
					t.Errorf("%s: %v can contain an item twice", name, place.Path)
				}
			}
			if len(place.Values) > 0 {
				path := place.Path
				if place.List {
					path = append(slices.Clip(path), 0)
				}
				if accepts(path, "Banana") {
					t.Errorf("%s: %v (%s) can have other values", name, path, place.Field)
				}
				empty[place.Field] = accepts(path, "") || empty[place.Field]
				emptied[place.Field] = place.Empty
			}
		}
	}
	for field, accepted := range without {
		if accepted != optional[field] {
			t.Errorf("the server accepts an object without %s: %v; add or remove its row in the schemas", field, accepted)
		}
	}
	for field, accepted := range empty {
		if accepted != emptied[field] {
			t.Errorf("the server accepts an empty string in %s: %v; add or remove its row in the schemas", field, accepted)
		}
	}
	missing = slices.DeleteFunc(missing, func(field string) bool { _, verified := without[field]; return verified })
	t.Logf("%d required fields, %d fields with fixed values; not verified: %v", len(without), len(empty), missing)
}

// validObjects returns the objects in valid/.
func validObjects(t *testing.T) (all []*unstructured.Unstructured) {
	t.Helper()
	files, err := filepath.Glob("valid/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("valid/: %d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text))); ; {
			document, err := reader.Read()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			object := &unstructured.Unstructured{}
			if err := utilyaml.Unmarshal(document, &object.Object); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			all = append(all, object)
		}
	}
	return all
}

// send applies an object without keeping it.
func send(t *testing.T, client dynamic.Interface, mapper *restmapper.DeferredDiscoveryRESTMapper, content map[string]any) error {
	t.Helper()
	text, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	return apply(t, client, mapper, &unstructured.Unstructured{Object: content}, text)
}

// repeated stands for an item that follows its list again.
var repeated any = new(int)

// changed returns an object with another value at a path, or without that field.
func changed(object map[string]any, path []any, value any) map[string]any {
	object = runtime.DeepCopyJSON(object)
	var at any = object
	for _, step := range path[:len(path)-1] {
		switch step := step.(type) {
		case int:
			at = at.([]any)[step]
		case string:
			at = at.(map[string]any)[step]
		}
	}
	switch last := path[len(path)-1].(type) {
	case int:
		if value == repeated {
			value = at.([]any)[last]
			return changed(object, path[:len(path)-1], append(slices.Clone(at.([]any)), value))
		}
		at.([]any)[last] = value
	case string:
		at.(map[string]any)[last] = value
		if value == nil {
			delete(at.(map[string]any), last)
		}
	}
	return object
}

package schemas

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Place is a field of an object of a built-in kind, and what the documents of Kubernetes state about it.
type Place struct {
	// Path consists of names and indexes.
	Path []any
	// Field is the name of the definition and of the field.
	Field string
	// Required is set if the documents or fields inside of it require the field; Optional, if this package knows that an API server does not.
	Required, Optional bool
	// Values are all values that the documents allow; Empty is set if an API server allows the empty string.
	Values []string
	Empty  bool
	// Distinct is set if the value is a list without equal items or keys.
	Distinct bool
	// List is set if the value is a list, which contains the values.
	List bool
}

var kubernetesKinds = sync.OnceValues(readKubernetes)

// Places returns the fields that an object of a built-in kind sets.
func Places(object map[string]any) ([]Place, error) {
	k, err := kubernetesKinds()
	if err != nil {
		return nil, err
	}
	of := schema.FromAPIVersionAndKind(fmt.Sprint(object["apiVersion"]), fmt.Sprint(object["kind"]))
	for _, kind := range k.kinds {
		if kind.GroupVersionKind == of {
			return k.places(nil, object, *k.definitions[kind.definition], kind.definition), nil
		}
	}
	return nil, fmt.Errorf("%v: %w", of, ErrNoSchema)
}

func (k *builtinKinds) places(path []any, value any, s openAPISchema, definition string) (all []Place) {
	if name := s.refers(); name != "" {
		if _, is := overrides[name]; is {
			return nil
		}
		return k.places(path, value, *k.definitions[name], name)
	}
	switch value := value.(type) {
	case []any:
		if s.Items != nil {
			for i, item := range value {
				all = append(all, k.places(append(slices.Clip(path), i), item, *s.Items, "")...)
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			at, field := append(slices.Clip(path), name), definition+"."+name
			property, is := s.Properties[name]
			if !is {
				if s.AdditionalProperties != nil {
					all = append(all, k.places(at, value[name], *s.AdditionalProperties, "")...)
				}
				continue
			}
			place := Place{Path: at, Field: field, Required: k.definitions[definition] != nil && k.requires(definition, name), Optional: optional[stable(definition)+"."+name] != ""}
			place.Distinct = len(property.ListMapKeys) > 0 || property.ListType == "set"
			place.List = property.Type == "array"
			place.Values, place.Empty = k.values.of(definition, name), k.allowsEmpty(definition, name)
			all = append(append(all, place), k.places(at, value[name], property, "")...)
		}
	}
	return all
}

// Restricted returns all fields with a limit that only the code of the API server has.
func Restricted() []string { return slices.Sorted(maps.Keys(limits)) }

// Required returns all fields that the documents require in objects that users create.
func Required() ([]string, error) {
	k, err := kubernetesKinds()
	if err != nil {
		return nil, err
	}
	seen, fields := map[string]bool{}, map[string]bool{}
	for _, kind := range k.kinds {
		root := *k.definitions[kind.definition]
		root.Properties = maps.Clone(root.Properties)
		delete(root.Properties, "status")
		k.required(root, kind.definition, seen, fields)
	}
	return slices.Sorted(maps.Keys(fields)), nil
}

func (k *builtinKinds) required(s openAPISchema, definition string, seen, fields map[string]bool) {
	if name := s.refers(); name != "" {
		if seen[name] {
			return
		}
		seen[name] = true
		k.required(*k.definitions[name], name, seen, fields)
		return
	}
	for _, field := range s.Required {
		fields[stable(definition)+"."+field] = true
	}
	for _, property := range s.Properties {
		k.required(property, "", seen, fields)
	}
	for _, further := range []*openAPISchema{s.Items, s.AdditionalProperties} {
		if further != nil {
			k.required(*further, "", seen, fields)
		}
	}
}

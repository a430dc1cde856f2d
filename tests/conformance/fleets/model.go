// Package fleets generates fleets as data. The files of a fleet and the expected software of each cluster are computed from the data.
package fleets

import (
	"maps"
	"slices"
	"strings"
)

// Fleet is a fleet as data.
type Fleet struct {
	// The fields of each member. Its cluster has its name; the field `type` is the cluster's label.
	Members map[string]map[string]any
	// The Clusters' annotations.
	Annotations map[string]any
	// The namespace of all clusters; by default each has its own.
	Namespace string
	AddOns    []AddOn
	// Layers are lowest first.
	Layers []Layer
	// What delivers the add-ons.
	Deliver string
}

// AddOn is a chart, or manifests.
type AddOn struct {
	Name string
	// A key of the selectors, or nothing: the clusters of its dependents.
	Selector  string
	DependsOn []string
	Helm      map[string]any
	// Files by path, instead of a chart. Where the pattern has the type, those in a directory are for the clusters of it.
	Manifests map[string]string
	// Pattern is the path of the manifests in the add-on's directory.
	Pattern string
	Patches []Patch
	// What becomes of it where it is no longer selected; by default it is uninstalled.
	OnRemove string
	// Whether Helm takes over objects that it has not made.
	TakeOwnership bool
}

// Patch changes an add-on's chart for the members that a selector matches.
type Patch struct {
	Name, Selector string
	Helm           map[string]any
}

// Layer is a path with variables, and the values in those of its files that exist.
type Layer struct {
	Path  []any
	Files map[string]map[string]any
}

// of is the layer's path for an add-on on a member's cluster.
func (l Layer) of(addon AddOn, member map[string]any) string {
	variables := maps.Clone(member)
	variables["ADDON"] = addon.Name
	return join(l.Path, variables)
}

// ByType is in the path of manifests whose directories are named by the types of clusters.
const ByType = "${type}/"

// All is the selector of all clusters.
const All = "all"

// types are those of clusters; one more matches nobody.
var types = []string{"production", "staging", "test"}

// selectors are written as fleet.yaml has them, in addition to which types of clusters they match.
var selectors = map[string]struct {
	written any
	types   []string
}{
	All:          {All, types},
	"production": {ofType("production"), []string{"production"}},
	"staging":    {ofType("staging"), []string{"staging"}},
	"nobody":     {ofType("nobody"), nil},
	"in":         {expression("In", "test", "staging"), []string{"staging", "test"}},
	"notIn":      {expression("NotIn", "test", "nobody"), []string{"production", "staging"}},
	"exists":     {expression("Exists"), types},
	"not":        {expression("DoesNotExist"), nil},
	"twice": {map[string]any{"matchLabels": ofType("test")["matchLabels"], "matchExpressions": []any{
		map[string]any{"key": "type", "operator": "In", "values": []any{"test"}},
		map[string]any{"key": "kubectl-fleet.io/cluster", "operator": "NotIn", "values": []any{"test"}},
	}}, []string{"test"}},
}

func ofType(value string) map[string]any {
	return map[string]any{"matchLabels": map[string]any{"type": value}}
}

func expression(operator string, values ...any) map[string]any {
	expression := map[string]any{"key": "type", "operator": operator}
	if values != nil {
		expression["values"] = values
	}
	return map[string]any{"matchExpressions": []any{expression}}
}

type (
	// Field is a member's field as a value, whatever it is.
	Field string
	// Joined is a string of strings and fields.
	Joined []any
	// Lookup is a runtime value: what a member's field has put to a path of its Cluster.
	Lookup struct{ Path, Field string }
)

// meant is what a value means for a member.
func meant(value any, member map[string]any) any {
	switch value := value.(type) {
	case Field:
		return member[string(value)]
	case Lookup:
		return member[value.Field]
	case Joined:
		return join(value, member)
	case []any:
		items := make([]any, len(value))
		for index, item := range value {
			items[index] = meant(item, member)
		}
		return items
	case map[string]any:
		entries := map[string]any{}
		for key, item := range value {
			entries[key] = meant(item, member)
		}
		return entries
	}
	return value
}

func join(parts []any, member map[string]any) string {
	var text strings.Builder
	for _, part := range parts {
		text.WriteString(meant(part, member).(string))
	}
	return text.String()
}

// matches reports whether a selector matches a member.
func matches(selector string, member map[string]any) bool {
	return slices.Contains(selectors[selector].types, member["type"].(string))
}

// GoesTo reports whether an add-on goes to a member's cluster.
func (f Fleet) GoesTo(addon AddOn, member map[string]any) bool {
	if addon.Selector != "" {
		return matches(addon.Selector, member)
	}
	return slices.ContainsFunc(f.AddOns, func(other AddOn) bool {
		return slices.Contains(other.DependsOn, addon.Name) && f.GoesTo(other, member)
	})
}

// chart is an add-on's chart for a member: what it says itself, the layers that exist, and the patches that match.
func (f Fleet) chart(addon AddOn, member map[string]any) map[string]any {
	helm := maps.Clone(addon.Helm)
	for _, layer := range f.Layers {
		if over, is := layer.Files[layer.of(addon, member)]; is {
			values, _ := helm["values"].(map[string]any)
			helm["values"] = merged(values, over)
		}
	}
	for _, patch := range addon.Patches {
		if !matches(patch.Selector, member) {
			continue
		}
		for key, over := range patch.Helm {
			// Null takes away what an add-on says, but in values it is one.
			values, isMap := helm[key].(map[string]any)
			more, merges := over.(map[string]any)
			switch {
			case over == nil:
				delete(helm, key)
			case isMap && merges:
				helm[key] = merged(values, more)
			default:
				helm[key] = over
			}
		}
	}
	return helm
}

// merged is what Helm makes of two files of values.
func merged(values, over map[string]any) map[string]any {
	result := map[string]any{}
	maps.Copy(result, values)
	for key, over := range over {
		below, isMap := values[key].(map[string]any)
		more, merges := over.(map[string]any)
		if isMap && merges {
			result[key] = merged(below, more)
		} else {
			result[key] = over
		}
	}
	return result
}

// Lookups reports whether an add-on has runtime values.
func (f Fleet) Lookups() bool {
	looks := func(helm map[string]any) bool { return helm["runtimeValues"] != nil }
	return slices.ContainsFunc(f.AddOns, func(addon AddOn) bool {
		return looks(addon.Helm) || slices.ContainsFunc(addon.Patches, func(patch Patch) bool { return looks(patch.Helm) })
	})
}

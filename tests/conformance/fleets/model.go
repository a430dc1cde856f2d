// Package fleets generates fleets as data. The files of a fleet and the expected software of each cluster are computed from the data.
package fleets

import (
	"maps"
	"slices"
	"strings"
)

// Fleet is a fleet as data.
type Fleet struct {
	// The name of the fleet, or nothing.
	Name string
	// The fields of each member. The name of a cluster is that of its member; the field `type` is a label of the cluster.
	Members map[string]map[string]any
	// The annotations of the Clusters.
	Annotations map[string]any
	// The namespace of all clusters; by default each cluster has its own namespace.
	Namespace string
	AddOns    []AddOn
	// The layers, lowest first.
	Layers []Layer
	// The delivery method of the add-ons.
	Deliver string
}

// AddOn is a chart, or manifests.
type AddOn struct {
	Name string
	// A key of the selectors. If empty, the add-on is deployed to the clusters of its dependents.
	Selector  string
	DependsOn []string
	Helm      map[string]any
	// Files by path, instead of a chart. If the pattern contains the type, the files in a directory are for the clusters of that
	// type.
	Manifests map[string]string
	// Pattern is the path of the manifests in the add-on's directory.
	Pattern string
	Patches []Patch
	// The behavior for clusters that are no longer selected; by default, the add-on is uninstalled.
	OnRemove string
	// Whether Helm takes over objects that it did not create.
	TakeOwnership bool
}

// Patch changes an add-on's chart for the members that a selector matches.
type Patch struct {
	Name, Selector string
	Helm           map[string]any
}

// Layer is a path with variables, and the values of the files that exist.
type Layer struct {
	Path  []any
	Files map[string]map[string]any
}

// of returns the path of the layer for an add-on on the cluster of a member.
func (l Layer) of(addon AddOn, member map[string]any) string {
	variables := maps.Clone(member)
	variables["ADDON"] = addon.Name
	return join(l.Path, variables)
}

// ByType is a path of manifests whose directories are named after the types of clusters.
const ByType = "${type}/"

// All is the selector of all clusters.
const All = "all"

// types are the types of clusters, and one type that no cluster has.
var types = []string{"production", "staging", "test"}

// selectors contains each selector as in fleet.yaml, and the types of clusters that it matches.
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
	// Field is the value of a member's field.
	Field string
	// Joined is a string that consists of strings and fields.
	Joined []any
	// Lookup is a runtime value: the value of a member's field at a path of its Cluster.
	Lookup struct{ Path, Field string }
)

// resolve returns the resolved value for a member.
func resolve(value any, member map[string]any) any {
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
			items[index] = resolve(item, member)
		}
		return items
	case map[string]any:
		entries := map[string]any{}
		for key, item := range value {
			entries[key] = resolve(item, member)
		}
		return entries
	}
	return value
}

func join(parts []any, member map[string]any) string {
	var text strings.Builder
	for _, part := range parts {
		text.WriteString(resolve(part, member).(string))
	}
	return text.String()
}

// matches reports whether a selector matches a member.
func matches(selector string, member map[string]any) bool {
	return slices.Contains(selectors[selector].types, member["type"].(string))
}

// Object returns the name of an add-on's object that all clusters share.
func (f Fleet) Object(addon AddOn) string {
	if f.Name == "" {
		return addon.Name
	}
	return f.Name + "." + addon.Name
}

// GoesTo reports whether an add-on is deployed to the cluster of a member.
func (f Fleet) GoesTo(addon AddOn, member map[string]any) bool {
	if addon.Selector != "" {
		return matches(addon.Selector, member)
	}
	return slices.ContainsFunc(f.AddOns, func(other AddOn) bool {
		return slices.Contains(other.DependsOn, addon.Name) && f.GoesTo(other, member)
	})
}

// chart returns the chart of an add-on for a member, with the layers that exist and the patches that match.
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
			// Null removes a value of the add-on, except in Helm values, where it is kept.
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

// merged returns two values files merged like Helm does.
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

package sveltos

import (
	"maps"
	"slices"
	"strings"
)

// fleet is a fleet as data. Its files are written from this, and so is computed what has to reach which cluster.
type fleet struct {
	// The fields of each member. Its cluster has its name; the field `type` is the cluster's label.
	members map[string]map[string]any
	// The Clusters' annotations.
	annotations map[string]any
	addons      []addOn
}

type addOn struct {
	name string
	// A key of selectors, or nothing: the clusters of its dependents.
	selector  string
	dependsOn []string
	helm      map[string]any
	// Files by path, instead of a chart; those in a folder are for the clusters of that type.
	manifests map[string]string
	patches   []patch
}

type patch struct {
	name, selector string
	helm           map[string]any
}

// all is the selector of all clusters.
const all = "all"

// selectors are written as fleet.yaml has them, beside which types of clusters they match.
var selectors = map[string]struct {
	written any
	types   []string
}{
	all:          {all, []string{"production", "staging", "test"}},
	"production": {ofType("production"), []string{"production"}},
	"staging":    {ofType("staging"), []string{"staging"}},
	"nobody":     {ofType("nobody"), nil},
	"in":         {expression("In", "test", "staging"), []string{"staging", "test"}},
	"notIn":      {expression("NotIn", "test", "nobody"), []string{"production", "staging"}},
	"exists":     {expression("Exists"), []string{"production", "staging", "test"}},
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
	// ownField is a member's field as a value, whatever it is.
	ownField string
	// joined is a text of texts and fields.
	joined []any
	// lookup is a runtime value: what a member's field has put to a path of its Cluster.
	lookup struct{ path, field string }
)

// meant is what a value means for a member.
func meant(value any, member map[string]any) any {
	switch value := value.(type) {
	case ownField:
		return member[string(value)]
	case lookup:
		return member[value.field]
	case joined:
		var text strings.Builder
		for _, part := range value {
			text.WriteString(meant(part, member).(string))
		}
		return text.String()
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

// matches says whether a selector matches a member.
func matches(selector string, member map[string]any) bool {
	return slices.Contains(selectors[selector].types, member["type"].(string))
}

// goesTo says whether an add-on goes to a member's cluster.
func (f fleet) goesTo(addon addOn, member map[string]any) bool {
	if addon.selector != "" {
		return matches(addon.selector, member)
	}
	return slices.ContainsFunc(f.addons, func(other addOn) bool {
		return slices.Contains(other.dependsOn, addon.name) && f.goesTo(other, member)
	})
}

// chart is an add-on's chart for a member, with the patches that match merged in.
func (a addOn) chart(member map[string]any) map[string]any {
	helm := maps.Clone(a.helm)
	for _, patch := range a.patches {
		if !matches(patch.selector, member) {
			continue
		}
		for key, over := range patch.helm {
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

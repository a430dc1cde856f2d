package fleets

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
)

// Maker generates the same fleets for the same seed.
type Maker struct {
	*rand.Rand
	// Whether add-ons have runtime values.
	Lookups bool
}

// NewMaker returns a generator for a seed.
func NewMaker(seed uint64) *Maker { return &Maker{Rand: rand.New(rand.NewPCG(seed, 0)), Lookups: true} }

func pick[T any](m *Maker, from []T) T { return from[m.IntN(len(from))] }

// Fleet generates a fleet.
func (m *Maker) Fleet() Fleet {
	f := Fleet{Members: map[string]map[string]any{}, Annotations: map[string]any{"vpc": Joined{Field("vpc")}}}
	for index := range 1 + m.IntN(12) {
		name := fmt.Sprintf("m%02d", index)
		f.Members[name] = map[string]any{
			"name": name, "type": pick(m, types), "text": pick(m, Own()), "number": m.IntN(10),
			"version": pick(m, Versions), "vpc": pick(m, Own()),
			"tree": map[string]any{"a": pick(m, Own()), "list": []any{pick(m, Own()), true}},
		}
	}
	if m.IntN(3) == 0 {
		f.Namespace = "shared"
	}
	var everywhere []string
	for index := range 1 + m.IntN(8) {
		name := fmt.Sprintf("addon-%d", index)
		addon := m.addon(name)
		if m.IntN(5) == 0 {
			addon = m.manifests(name)
		}
		for _, needed := range everywhere {
			// The first add-ons are deployed to the clusters of the others, so the others need them.
			if m.IntN(2) == 0 || index == 1 {
				addon.DependsOn = append(addon.DependsOn, needed)
			}
		}
		if index == 0 {
			addon.Selector = All
		}
		if addon.Selector == All || addon.Selector == "exists" {
			everywhere = append(everywhere, addon.Name)
		}
		f.AddOns = append(f.AddOns, addon)
	}
	if len(f.AddOns) > 1 && m.IntN(2) == 0 {
		f.AddOns[0].Selector = ""
	}
	f.Layers = m.layers(f)
	if m.IntN(3) == 0 {
		f.Name = "edge"
	}
	return f
}

// usedSelectors are the selectors of add-ons and patches.
var usedSelectors = []string{All, All, "exists", "production", "staging", "in", "notIn", "twice", "nobody", "not"}

func (m *Maker) addon(name string) AddOn {
	addon := AddOn{Name: name, Selector: pick(m, usedSelectors), Helm: map[string]any{
		"repo":  pick(m, []string{"https", "https", "http", "oci"}) + "://example.org/" + pick(m, []string{name, "a/b", "a-b", "a-b/"}),
		"chart": "chart", "version": pick(m, Versions), "namespace": pick(m, []string{"space", "other-space"}),
		"values": m.values(0),
	}}
	if m.IntN(2) == 0 {
		addon.Helm["release"] = "release-" + name
	}
	if m.IntN(3) == 0 && m.Lookups {
		addon.Helm["runtimeValues"] = map[string]any{pick(m, someKeys): Lookup{".metadata.annotations.vpc", "vpc"}}
	}
	if m.IntN(4) == 0 {
		addon.Helm["version"] = Joined{Field("version")}
	}
	for index := range m.IntN(4) {
		change := map[string]any{}
		if m.IntN(4) > 0 {
			change["values"] = m.values(0)
		} else if m.IntN(4) == 0 {
			change["values"] = nil
		}
		if m.IntN(3) == 0 {
			change["version"] = pick(m, Versions)
		}
		if m.IntN(4) == 0 {
			change["repo"] = fmt.Sprintf("%s://example.org/%s/%d", pick(m, []string{"https", "oci"}), name, index)
		}
		if m.IntN(4) == 0 {
			change["chart"] = pick(m, []string{"other", "folder/chart"})
		}
		if len(change) == 0 {
			change["version"] = "9.9.9"
		}
		addon.Patches = append(addon.Patches, Patch{fmt.Sprintf("patch-%d", index), pick(m, usedSelectors), change})
	}
	addon.TakeOwnership = m.IntN(3) == 0
	return addon
}

// manifests generates an add-on of plain objects: in one directory, in a subdirectory, or in one directory for each type.
func (m *Maker) manifests(name string) AddOn {
	// Not all delivery methods can remove manifests.
	addon := AddOn{Name: name, Selector: pick(m, usedSelectors), Manifests: map[string]string{}, OnRemove: "leave"}
	add := func(dir string, names ...string) {
		for _, file := range names {
			addon.Manifests[dir+file] = fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s-%d}\ndata: {a: \"{{ x }} $${y} %d\"}\n", name, len(addon.Manifests), m.IntN(10))
		}
	}
	switch addon.Pattern = pick(m, []string{"*.yaml", "[a-c]?{1,2}.{yaml,yml}", "**/*.yaml", "**/only.yaml", ByType + "*.yaml"}); addon.Pattern {
	case "*.yaml":
		add("", "a.yaml", "b.yaml")
	case "**/*.yaml":
		add("", "a.yaml")
		add("below/deep/", "b.yaml", "c.yaml")
	case "**/only.yaml":
		add(pick(m, []string{"", "below/", "below/deep/"}), "only.yaml")
	case ByType + "*.yaml":
		for _, dir := range types {
			add(dir+"/", dir+".yaml", "a.yaml")
		}
	default:
		add("", "a-1.yaml", "c-2.yml")
	}
	return addon
}

// layers generates values for all clusters, for the clusters of a type, and for one cluster; some files do not exist.
func (m *Maker) layers(f Fleet) (layers []Layer) {
	for _, path := range [][]any{{"values/", Field("ADDON")}, {Field("type"), "/", Field("ADDON")}, {"own/", Field("name"), "/", Field("ADDON")}} {
		if m.IntN(3) == 0 {
			continue
		}
		layer := Layer{append(path, ".yaml"), map[string]map[string]any{}}
		for _, addon := range f.AddOns {
			for _, name := range slices.Sorted(maps.Keys(f.Members)) {
				path := layer.of(addon, f.Members[name])
				if _, known := layer.Files[path]; !known && addon.Helm != nil && m.IntN(3) > 0 {
					layer.Files[path] = m.values(0)
				}
			}
		}
		layers = append(layers, layer)
	}
	return layers
}

// someKeys are few, so that patches change existing keys.
var someKeys = []string{"a", "b", "c", "1.10", "{{ d }}", "e: {{ f }}", "true", "é \\ \"g\""}

func (m *Maker) values(depth int) map[string]any {
	values := map[string]any{}
	// A patch cannot change a field inside a value of a member, so no patch contains a mapping here.
	if m.IntN(5) == 0 {
		values["own"] = pick(m, []any{Joined{Field("text"), " " + apart(pick(m, Nasty)), " {{ x }}"}, Field("tree"), Field("number"), "{{", nil})
	}
	for range m.IntN(5) {
		values[pick(m, someKeys)] = m.value(depth)
	}
	return values
}

func (m *Maker) value(depth int) any {
	switch kind := m.IntN(12); {
	case kind < 3 && depth < 4:
		return m.values(depth + 1)
	case kind == 3:
		return []any{m.value(depth + 1), pick(m, Nasty)}
	case kind == 4:
		return pick(m, []any{nil, true, false, 0, -7, 2.5, 1234567890123})
	}
	return pick(m, Nasty)
}

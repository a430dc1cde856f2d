package sveltos

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestRandom follows fleets that are made up, the same ones each time.
func TestRandom(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			(&maker{rand.New(rand.NewPCG(seed, 0))}).fleet().check(t)
		})
	}
}

// maker makes up fleets.
type maker struct{ *rand.Rand }

func pick[T any](m *maker, from []T) T { return from[m.IntN(len(from))] }

func (m *maker) fleet() fleet {
	f := fleet{members: map[string]map[string]any{}, annotations: map[string]any{"vpc": joined{ownField("vpc")}}}
	for index := range 1 + m.IntN(12) {
		name := fmt.Sprintf("m%02d", index)
		f.members[name] = map[string]any{
			"name": name, "type": pick(m, selectors[all].types), "text": pick(m, own()), "number": m.IntN(10),
			"version": pick(m, versions), "vpc": pick(m, own()),
			"tree": map[string]any{"a": pick(m, own()), "list": []any{pick(m, own()), true}},
		}
	}
	var everywhere []string
	for index := range 1 + m.IntN(8) {
		addon := m.addon(fmt.Sprintf("addon-%d", index))
		for _, needed := range everywhere {
			// The first ones go where the others go, so they are needed by all.
			if m.IntN(2) == 0 || index == 1 {
				addon.dependsOn = append(addon.dependsOn, needed)
			}
		}
		if index == 0 {
			addon.selector = all
		}
		if addon.selector == all || addon.selector == "exists" {
			everywhere = append(everywhere, addon.name)
		}
		f.addons = append(f.addons, addon)
	}
	if len(f.addons) > 1 && m.IntN(2) == 0 {
		f.addons[0].selector = ""
	}
	return f
}

func (m *maker) addon(name string) addOn {
	made := []string{all, all, "exists", "production", "staging", "in", "notIn", "twice", "nobody", "not"}
	addon := addOn{name: name, selector: pick(m, made), helm: map[string]any{
		"repo": "https://example.org/" + name, "chart": "chart", "version": pick(m, versions), "namespace": "space", "release": name,
		"values": m.values(0),
	}}
	if m.IntN(3) == 0 {
		addon.helm["runtimeValues"] = map[string]any{pick(m, someKeys): lookup{".metadata.annotations.vpc", "vpc"}}
	}
	if m.IntN(4) == 0 {
		addon.helm["version"] = joined{ownField("version")}
	}
	for index := range m.IntN(4) {
		change := map[string]any{}
		if m.IntN(4) > 0 {
			change["values"] = m.values(0)
		} else if m.IntN(4) == 0 {
			change["values"] = nil
		}
		if m.IntN(3) == 0 {
			change["version"] = pick(m, versions)
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
		addon.patches = append(addon.patches, patch{fmt.Sprintf("patch-%d", index), pick(m, made), change})
	}
	return addon
}

// someKeys are few, so that patches meet what is there.
var someKeys = []string{"a", "b", "c", "1.10", "{{ d }}", "e: {{ f }}", "true", "é \\ \"g\""}

func (m *maker) values(depth int) map[string]any {
	values := map[string]any{}
	// A patch cannot go on inside of what a member says, so no patch has a mapping here.
	if m.IntN(5) == 0 {
		values["own"] = pick(m, []any{joined{pick(m, nasty), ownField("text"), "{{ x }}"}, ownField("tree"), ownField("number"), "{{", nil})
	}
	for range m.IntN(5) {
		values[pick(m, someKeys)] = m.value(depth)
	}
	return values
}

func (m *maker) value(depth int) any {
	switch kind := m.IntN(12); {
	case kind < 3 && depth < 4:
		return m.values(depth + 1)
	case kind == 3:
		return []any{m.value(depth + 1), pick(m, nasty)}
	case kind == 4:
		return pick(m, []any{nil, true, false, 0, -7, 2.5, 1234567890123})
	}
	return pick(m, nasty)
}

package sveltos

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"

	"kubectl-fleet.io/conformance/fleets"
	"kubectl-fleet.io/conformance/schemas"
)

// fleet is a fleet that Sveltos deploys.
type fleet struct{ fleets.Fleet }

// known are the schemas of the generated objects.
var known = sync.OnceValues(schemas.New)

// run writes the fleet and returns its output, after validating it like the API server.
func (f fleet) run(t testing.TB) *Management {
	t.Helper()
	known, err := known()
	if err != nil {
		t.Fatal(err)
	}
	f.Deliver = "sveltos"
	objects, lines := objects(t, f.Write(t))
	for document := range bytes.Lines(lines) {
		object, problems := known.Check(document)
		if len(problems) > 0 {
			t.Errorf("%v: %v", object, errors.Join(problems...))
		}
	}
	return management(t, objects)
}

// check follows the fleet to its clusters.
func (f fleet) check(t *testing.T) {
	t.Helper()
	m := f.run(t)
	upgrades, problems := m.upgrades()
	for _, problem := range slices.Concat(problems, f.compare(t, m), m.dependencies(), m.removal()) {
		t.Error(problem)
	}
	t.Logf("%d upgrades", upgrades)
}

// compare reports missing and unexpected software on the clusters.
func (f fleet) compare(t testing.TB, m *Management) (problems []string) {
	t.Helper()
	matching, err := m.Matching()
	if err != nil {
		return []string{err.Error()}
	}
	if len(m.Profiles) != len(f.AddOns) || len(m.Clusters) != len(f.Members) {
		return []string{fmt.Sprintf("%d profiles and %d clusters", len(m.Profiles), len(m.Clusters))}
	}
	profiles := map[string]*Profile{}
	for _, profile := range m.Profiles {
		profiles[profile.Metadata.Name] = profile
	}
	for _, addon := range f.AddOns {
		reached := map[string]Cluster{}
		for _, cluster := range matching[f.Object(addon)] {
			reached[cluster.object().GetName()] = cluster
		}
		for _, name := range slices.Sorted(maps.Keys(f.Members)) {
			member, at := f.Members[name], fmt.Sprintf("%s on %s: ", addon.Name, name)
			cluster, is := reached[name]
			if is != f.GoesTo(addon, member) {
				problems = append(problems, at+"only one of the two deploys it")
			}
			if !is {
				continue
			}
			delivery, err := m.Deliver(profiles[f.Object(addon)], cluster)
			if err != nil {
				problems = append(problems, at+err.Error())
				continue
			}
			for _, change := range f.changes(t, addon, member, delivery) {
				problems = append(problems, at+change)
			}
		}
	}
	return problems
}

// changes returns the differences between a delivery and the expected delivery.
func (f fleet) changes(t testing.TB, addon fleets.AddOn, member map[string]any, got Delivery) []string {
	t.Helper()
	if addon.Helm == nil {
		var want []map[string]any
		for _, text := range addon.Texts(member) {
			objects, err := objectsOf(text)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, objects...)
		}
		return changes("objects", want, got.Objects)
	}
	if len(got.Releases) != 1 {
		return []string{fmt.Sprintf("%d releases", len(got.Releases))}
	}
	meant, release := f.Release(addon, member), got.Releases[0]
	want := Release{meant.Repository, meant.Chart, meant.Version, meant.Name, meant.Namespace, meant.Values, [2]bool{addon.TakeOwnership, addon.TakeOwnership}}
	found := changes("values", want.Values, release.Values)
	want.Values, release.Values = nil, nil
	return append(changes("release", want, release), found...)
}

// changes returns the locations where two values differ, each with both values.
func changes(path string, before, after any) (found []string) {
	if reflect.DeepEqual(before, after) {
		return nil
	}
	was, wasMap := before.(map[string]any)
	is, isMap := after.(map[string]any)
	if !wasMap || !isMap {
		return []string{fmt.Sprintf("%s: %#v -> %#v", path, before, after)}
	}
	keys := maps.Clone(was)
	maps.Copy(keys, is)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		at := fmt.Sprintf("%s[%q]", path, key)
		switch _, stays := is[key]; {
		case !stays:
			found = append(found, at+" is gone")
		case !hasKey(was, key):
			found = append(found, fmt.Sprintf("%s is new: %#v", at, is[key]))
		default:
			found = append(found, changes(at, was[key], is[key])...)
		}
	}
	return found
}

func hasKey(entries map[string]any, key string) bool {
	_, is := entries[key]
	return is
}

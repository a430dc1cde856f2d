package sveltos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"kubectl-fleet.io/conformance/schemas"
)

// release is what an add-on means for a member.
func (a addOn) release(t testing.TB, member map[string]any) Release {
	t.Helper()
	helm := a.chart(member)
	text := func(key string) string {
		text, _ := meant(helm[key], member).(string)
		return text
	}
	values, _ := meant(helm["values"], member).(map[string]any)
	if runtime, is := helm["runtimeValues"].(map[string]any); is {
		values = merged(values, meant(runtime, member).(map[string]any))
	}
	release := Release{text("repo"), text("chart"), text("version"), text("release"), text("namespace"), plain(t, values), [2]bool{true, true}}
	if release.Name == "" {
		release.Name = a.name
	}
	if strings.HasPrefix(release.Repository, "oci://") {
		release.Chart = strings.TrimSuffix(release.Repository, "/") + "/" + release.Chart
		release.Repository = ""
	}
	return release
}

// plain is a value with the numbers that Sveltos, like Helm, makes of YAML.
func plain(t testing.TB, values map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	result := map[string]any{}
	if err := json.Unmarshal(text, &result); err != nil {
		t.Fatal(err)
	}
	if result == nil {
		return map[string]any{}
	}
	return result
}

// known are the schemas of what is printed.
var known = sync.OnceValues(schemas.New)

// run writes the fleet and gives what was printed, if the API server takes it.
func (f fleet) run(t testing.TB) *Management {
	t.Helper()
	known, err := known()
	if err != nil {
		t.Fatal(err)
	}
	objects, lines := objects(t, f.write(t))
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

// compare says what does not reach the clusters as it is meant, and what does that is not.
func (f fleet) compare(t testing.TB, m *Management) (problems []string) {
	t.Helper()
	matching, err := m.Matching()
	if err != nil {
		return []string{err.Error()}
	}
	if len(m.Profiles) != len(f.addons) || len(m.Clusters) != len(f.members) {
		return []string{fmt.Sprintf("%d profiles and %d clusters", len(m.Profiles), len(m.Clusters))}
	}
	profiles := map[string]*Profile{}
	for _, profile := range m.Profiles {
		profiles[profile.Metadata.Name] = profile
	}
	for _, addon := range f.addons {
		reached := map[string]Cluster{}
		for _, cluster := range matching[addon.name] {
			reached[cluster.object().GetName()] = cluster
		}
		for _, name := range slices.Sorted(maps.Keys(f.members)) {
			member, at := f.members[name], fmt.Sprintf("%s on %s: ", addon.name, name)
			cluster, is := reached[name]
			if is != f.goesTo(addon, member) {
				problems = append(problems, at+"it goes there or not, the wrong way round")
			}
			if !is {
				continue
			}
			delivery, err := m.Deliver(profiles[addon.name], cluster)
			if err != nil {
				problems = append(problems, at+err.Error())
				continue
			}
			for _, change := range addon.changes(t, member, delivery) {
				problems = append(problems, at+change)
			}
		}
	}
	return problems
}

// changes says in what a delivery differs from what is meant.
func (a addOn) changes(t testing.TB, member map[string]any, got Delivery) []string {
	t.Helper()
	if a.helm == nil {
		var want []map[string]any
		for _, path := range slices.Sorted(maps.Keys(a.manifests)) {
			if folder, _, is := strings.Cut(path, "/"); is && folder != member["type"] {
				continue
			}
			// They are delivered as they are written.
			objects, err := objectsOf(a.manifests[path])
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
	want, release := a.release(t, member), got.Releases[0]
	found := changes("values", want.Values, release.Values)
	want.Values, release.Values = nil, nil
	return append(changes("release", want, release), found...)
}

// changes gives the places where two values differ, each with what it was and what it is.
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

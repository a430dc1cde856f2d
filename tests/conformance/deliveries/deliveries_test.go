package deliveries

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/fleets"
	"kubectl-fleet.io/conformance/readers"
	"kubectl-fleet.io/conformance/repository"
)

// deliveries are those that a fleet can be delivered by: Flux looks nothing up.
func deliveries(f fleets.Fleet) []string {
	names := slices.Sorted(maps.Keys(Readers))
	if f.Lookups() {
		names = slices.DeleteFunc(names, func(name string) bool { return name == "flux" })
	}
	return names
}

// TestAgree verifies that generated fleets reach their clusters as expected with every delivery method.
func TestAgree(t *testing.T) {
	lines := map[string]int{}
	for seed := range uint64(40) {
		maker := fleets.NewMaker(seed)
		maker.Lookups = seed%3 == 0
		made := maker.Fleet()
		for _, delivery := range deliveries(made) {
			t.Run(fmt.Sprintf("seed=%d/%s", seed, delivery), func(t *testing.T) {
				made.Deliver = delivery
				objects, folder := printed(t, made)
				for _, problem := range problems(t, made, objects, folder) {
					t.Error(problem)
				}
				lines[delivery] += len(expected(t, made))
			})
		}
	}
	t.Logf("arrivals: %v", lines)
	for name := range Readers {
		if lines[name] == 0 {
			t.Errorf("no add-on is deployed by %s", name)
		}
	}
}

// problems reports what does not reach a cluster that should, and what does that should not.
func problems(t *testing.T, made fleets.Fleet, objects []map[string]any, folder string) (problems []string) {
	t.Helper()
	found, err := Readers[made.Deliver](objects, folder)
	if err != nil {
		return []string{err.Error()}
	}
	missing, unmeant := expected(t, made).Differences(found)
	for _, line := range missing {
		problems = append(problems, "missing: "+line)
	}
	for _, line := range unmeant {
		problems = append(problems, "not meant: "+line)
	}
	return problems
}

// expected is what a fleet means for its clusters.
func expected(t *testing.T, made fleets.Fleet) (arrivals Arrivals) {
	t.Helper()
	for name, member := range made.Members {
		cluster := name + "/" + name
		if made.Namespace != "" {
			cluster = made.Namespace + "/" + name
		}
		for _, addon := range made.AddOns {
			if !made.GoesTo(addon, member) {
				continue
			}
			var err error
			if addon.Helm != nil {
				err = arrivals.Release(cluster, made.Release(addon, member))
			} else {
				err = arrivals.Objects(cluster, strings.Join(addon.Texts(member), "\n---\n"))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return arrivals
}

// printed returns a fleet's objects, and its directory.
func printed(t *testing.T, made fleets.Fleet) (objects []map[string]any, folder string) {
	t.Helper()
	folder = made.Write(t)
	objects, err := readers.Kubectl(repository.Print(t, folder, "generate"))
	if err != nil {
		t.Fatal(err)
	}
	return objects, folder
}

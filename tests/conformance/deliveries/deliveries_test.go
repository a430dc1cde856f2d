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

// deliveries are the delivery methods that a fleet can use. Flux does not support runtime values.
func deliveries(f fleets.Fleet) []string {
	names := slices.Sorted(maps.Keys(Readers))
	if f.Lookups() {
		names = slices.DeleteFunc(names, func(name string) bool { return name == "flux" })
	}
	return names
}

// TestDeliveryMethodsAgree verifies that generated fleets reach their clusters as expected with every delivery method.
func TestDeliveryMethodsAgree(t *testing.T) {
	lines := map[string]int{}
	for seed := range uint64(40) {
		maker := fleets.NewMaker(seed)
		maker.Lookups = seed%3 == 0
		created := maker.Fleet()
		for _, delivery := range deliveries(created) {
			t.Run(fmt.Sprintf("seed=%d/%s", seed, delivery), func(t *testing.T) {
				created.Deliver = delivery
				objects, dir := printed(t, created)
				for _, problem := range problems(t, created, objects, dir) {
					t.Error(problem)
				}
				lines[delivery] += len(expected(t, created))
			})
		}
	}
	t.Logf("arrivals: %v", lines)
	for name := range Readers {
		if lines[name] == 0 {
			t.Errorf("no add-on is deployed with %s", name)
		}
	}
}

// problems reports missing and unexpected software on each cluster.
func problems(t *testing.T, created fleets.Fleet, objects []map[string]any, dir string) (problems []string) {
	t.Helper()
	found, err := Readers[created.Deliver](objects, dir)
	if err != nil {
		return []string{err.Error()}
	}
	return differences(expected(t, created), found)
}

// differences reports the lines that only one side contains.
func differences(meant, found Arrivals) (problems []string) {
	missing, unmeant := meant.Differences(found)
	for _, line := range missing {
		problems = append(problems, "missing: "+line)
	}
	for _, line := range unmeant {
		problems = append(problems, "unexpected: "+line)
	}
	return problems
}

// expected returns the software that a fleet requests for its clusters.
func expected(t *testing.T, created fleets.Fleet) (arrivals Arrivals) {
	t.Helper()
	for name, member := range created.Members {
		cluster := name + "/" + name
		if created.Namespace != "" {
			cluster = created.Namespace + "/" + name
		}
		for _, addon := range created.AddOns {
			if !created.GoesTo(addon, member) {
				continue
			}
			var err error
			if addon.Helm != nil {
				err = arrivals.Release(cluster, created.Release(addon, member))
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

// printed returns the objects and the directory of a fleet.
func printed(t *testing.T, created fleets.Fleet) (objects []map[string]any, dir string) {
	t.Helper()
	dir = created.Write(t)
	objects, err := readers.Kubectl(repository.Print(t, dir, "generate"))
	if err != nil {
		t.Fatal(err)
	}
	return objects, dir
}

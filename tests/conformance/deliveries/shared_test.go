package deliveries

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"kubectl-fleet.io/conformance/fleets"
)

// TestNamedFleetsShareHub verifies that fleets with the same add-ons reach only their own clusters if each has a name.
func TestNamedFleetsShareHub(t *testing.T) {
	compared := map[string]int{}
	for seed := range uint64(12) {
		maker := fleets.NewMaker(seed)
		maker.Lookups = seed%3 == 0
		one := maker.Fleet()
		other := twin(one)
		one.Name, other.Name = "edge", "core"
		for _, delivery := range deliveries(one) {
			t.Run(fmt.Sprintf("seed=%d/%s", seed, delivery), func(t *testing.T) {
				found, lines := together(t, one, other, delivery)
				for _, problem := range found {
					t.Error(problem)
				}
				compared[delivery] += lines
			})
		}
	}
	for name := range Readers {
		if compared[name] == 0 {
			t.Errorf("no add-on is deployed with %s", name)
		}
	}
}

// TestUnnamedFleetsMeet verifies that the software of another fleet is detected.
func TestUnnamedFleetsMeet(t *testing.T) {
	found, _ := together(t, sound, twin(sound), "sveltos")
	for _, words := range []string{"both create ClusterProfile /varied", "two ConfigMaps are projectsveltos/"} {
		if !strings.Contains(strings.Join(found, "\n"), words) {
			t.Errorf("%q is not in %q", words, found)
		}
	}
}

// twin returns a fleet with the same add-ons and other clusters.
func twin(fleet fleets.Fleet) fleets.Fleet {
	members := map[string]map[string]any{}
	for name, member := range fleet.Members {
		member = maps.Clone(member)
		member["name"] = "twin-" + name
		members["twin-"+name] = member
	}
	fleet.Members = members
	return fleet
}

func identity(content map[string]any) string {
	object := unstructured.Unstructured{Object: content}
	return object.GetKind() + " " + object.GetNamespace() + "/" + object.GetName()
}

// together returns the problems of two fleets with the same files on one management cluster, and the number of expected lines.
func together(t *testing.T, one, other fleets.Fleet, delivery string) (problems []string, lines int) {
	t.Helper()
	one.Deliver, other.Deliver = delivery, delivery
	objects, dir := printed(t, one)
	more, _ := printed(t, other)
	names := map[string]bool{}
	for _, object := range objects {
		names[identity(object)] = true
	}
	for _, object := range more {
		// Both fleets can use a namespace.
		if names[identity(object)] && !is(object, "", "Namespace") {
			problems = append(problems, "both create "+identity(object))
		}
	}
	found, err := Readers[delivery](append(objects, more...), dir)
	if err != nil {
		return append(problems, err.Error()), 0
	}
	meant := append(expected(t, one), expected(t, other)...)
	return append(problems, differences(meant, found)...), len(meant)
}

package sveltos

import (
	"fmt"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/fleets"
)

// defects are known defects. Each row returns its errors; if there are none, the row must be removed.
var defects = []struct {
	name     string
	problems func(t *testing.T) []string
}{
	{"nothing is taken off a Cluster that has lost all of its labels", func(t *testing.T) (problems []string) {
		f := one(fleets.Chart("1.0.0", map[string]any{"a": 1}))
		f.AddOns[0].Patches = []fleets.Patch{{Name: "newer", Selector: fleets.All, Helm: map[string]any{"version": "2.0.0", "values": map[string]any{"a": 2}}}}
		m := f.run(t)
		if _, err := m.Profiles[0].Spec.HelmCharts[0].Instantiate(m.Clusters[0].WithLabels(nil)); err != nil {
			problems = append(problems, err.Error())
		}
		return problems
	}},
	{"a repository that moves keeps its name, and so Sveltos keeps its URL", func(t *testing.T) []string {
		f := one(fleets.Chart("1.0.0", nil))
		before := f.run(t)
		problems := f.compare(t, before)
		f.AddOns[0].Helm["repo"] = "https://moved.example.org/charts"
		after := f.run(t)
		after.repositories = before.repositories
		return append(problems, f.compare(t, after)...)
	}},
	{"the last cluster that leaves a variant takes its ConfigMap away", func(t *testing.T) []string {
		before, after := edited(t, "")
		return unexpected(changes("", byName(t, before), byName(t, after)))
	}},
}

func TestDefects(t *testing.T) {
	for _, defect := range defects {
		t.Run(defect.name, func(t *testing.T) {
			problems := defect.problems(t)
			if len(problems) == 0 {
				t.Error("this defect is fixed: remove it from the list")
			}
			t.Logf("known, not yet fixed:\n%s", strings.Join(problems, "\n"))
		})
	}
}

// one returns a fleet of one cluster in production with one add-on.
func one(helm map[string]any) fleet {
	return fleet{fleets.Fleet{
		Members: map[string]map[string]any{"alice": {"type": "production"}},
		AddOns:  []fleets.AddOn{{Name: "addon", Selector: fleets.All, Helm: helm}},
	}}
}

// tame is a string for runtime values that has the same meaning as YAML.
func tame(index int) string { return fmt.Sprintf("vpc-%d", index) }

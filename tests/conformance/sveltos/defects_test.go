package sveltos

import (
	"fmt"
	"strings"
	"testing"
)

// defects are what is known to go wrong. Each gives what does; once that is nothing, its row goes, and the other tests
// take up what they leave out because of it: hasBareBraces, tame.
var defects = []struct {
	name     string
	problems func(t *testing.T) []string
}{
	{"braces in a key without quotes arrive as an escape", func(t *testing.T) []string {
		f := one(chart("1.0.0", map[string]any{"a{{b": 1, "c{{{": map[string]any{"d}}{{": "e"}}))
		return f.compare(t, f.run(t))
	}},
	{"a runtime value is read as YAML, and so is no text any more, or no value", func(t *testing.T) []string {
		f := one(with(chart("1.0.0", nil), "runtimeValues", map[string]any{"vpc": lookup{".metadata.annotations.vpc", "vpc"}}))
		f.annotations = map[string]any{"vpc": joined{ownField("vpc")}}
		f.members = map[string]map[string]any{}
		for index, text := range own() {
			f.members[fmt.Sprintf("m%03d", index)] = map[string]any{"type": "production", "vpc": text}
		}
		return f.compare(t, f.run(t))
	}},
	{"nothing is taken off a Cluster that has lost all of its labels", func(t *testing.T) (problems []string) {
		f := one(chart("1.0.0", map[string]any{"a": 1}))
		f.addons[0].patches = []patch{{"newer", all, map[string]any{"version": "2.0.0", "values": map[string]any{"a": 2}}}}
		m := f.run(t)
		if _, err := m.Profiles[0].Spec.HelmCharts[0].Instantiate(m.Clusters[0].WithLabels(nil)); err != nil {
			problems = append(problems, err.Error())
		}
		return problems
	}},
	{"an add-on's repository has the name of another's, which Sveltos takes for the same", func(t *testing.T) []string {
		f := one(chart("1.0.0", nil))
		f.addons[0].patches = []patch{{"mirror", all, map[string]any{"repo": "https://mirror.example.org/charts"}}}
		f.addons = append(f.addons, addOn{name: f.addons[0].name + "-mirror", selector: all, helm: chart("1.0.0", nil)})
		return f.compare(t, f.run(t))
	}},
	{"a repository that moves keeps its name, and so Sveltos keeps its URL", func(t *testing.T) []string {
		f := one(chart("1.0.0", nil))
		before := f.run(t)
		problems := f.compare(t, before)
		f.addons[0].helm["repo"] = "https://moved.example.org/charts"
		after := f.run(t)
		after.repositories = before.repositories
		return append(problems, f.compare(t, after)...)
	}},
	{"the last cluster that leaves a variant takes its ConfigMap away", func(t *testing.T) []string {
		before, after := edited(t, "")
		return unmeant(changes("", byName(t, before), byName(t, after)))
	}},
}

func TestDefects(t *testing.T) {
	for _, defect := range defects {
		t.Run(defect.name, func(t *testing.T) {
			problems := defect.problems(t)
			if len(problems) == 0 {
				t.Error("this is mended: take it off the list")
			}
			t.Logf("known, not yet mended:\n%s", strings.Join(problems, "\n"))
		})
	}
}

// one is a fleet of one cluster in production with one add-on.
func one(helm map[string]any) fleet {
	return fleet{
		members: map[string]map[string]any{"alice": {"type": "production"}},
		addons:  []addOn{{name: "addon", selector: all, helm: helm}},
	}
}

// hasBareBraces says whether a key is printed without quotes, and has braces that are escaped all the same.
func hasBareBraces(key string) bool {
	return strings.Contains(key, "{{") && !strings.HasPrefix(key, "{")
}

// tame is a text for runtime values that means the same as YAML.
func tame(index int) string { return fmt.Sprintf("vpc-%d", index) }

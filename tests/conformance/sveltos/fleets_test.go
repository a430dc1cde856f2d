package sveltos

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/repository"
)

// untemplated is a fleet with its own profile, whose manifests are not valid before another tool processes them.
const untemplated = "testdata/ok/profiles/in"

// TestFleets checks every fleet in the repository.
func TestFleets(t *testing.T) {
	deliveries, upgrades := 0, 0
	for _, dir := range repository.Fleets(t) {
		t.Run(dir, func(t *testing.T) {
			objects, _ := objects(t, filepath.Join(repository.Root, dir))
			m := management(t, objects)
			for _, cluster := range m.Clusters {
				start(cluster)
			}
			deliveries += checkShape(t, dir, m)
			seen, problems := m.upgrades()
			upgrades += seen
			for _, problem := range slices.Concat(problems, m.dependencies(), m.removal()) {
				t.Error(problem)
			}
		})
	}
	t.Logf("%d deliveries, %d upgrades", deliveries, upgrades)
	if deliveries == 0 || upgrades == 0 {
		t.Error("no fleet was checked")
	}
}

// start adds the fields of a running Cluster that runtime values look up.
func start(cluster Cluster) {
	object := cluster.object()
	annotations := map[string]string{"vpc": "vpc-1", "example.org/zone": "a", "1st": "b"}
	maps.Copy(annotations, object.GetAnnotations())
	object.SetAnnotations(annotations)
	if spec, is := cluster["spec"].(map[string]any); is {
		spec["controlPlaneEndpoint"] = map[string]any{"host": "example.org", "port": int64(443)}
	}
}

// checkShape verifies that all references of a profile exist, and returns their number.
func checkShape(t *testing.T, dir string, m *Management) int {
	t.Helper()
	literal := literals(t, filepath.Join(repository.Root, dir))
	all, err := m.targets()
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range all {
		delivery, err := m.Deliver(target.profile, target.cluster)
		if err != nil {
			if dir != untemplated || target.profile.Metadata.Name != "first" {
				t.Errorf("%s: %v", target, err)
			}
			continue
		}
		for index, release := range delivery.Releases {
			if release.Version == "" || release.Version == unknown {
				t.Errorf("%s: the version is %q", target, release.Version)
			}
			chart, _ := target.profile.Spec.HelmCharts[index].Instantiate(target.cluster)
			if !strings.HasPrefix(chart.RepositoryURL, release.Repository) {
				t.Errorf("%s: the chart comes from %s, because another repository has the name %s", target, release.Repository, chart.RepositoryName)
			}
			if release.Values == nil {
				t.Errorf("%s: the values must be a mapping", target)
			}
			for _, text := range texts(release.Values) {
				delete(literal, text)
			}
		}
	}
	for text := range literal {
		t.Errorf("%q of the values reaches no chart unchanged", text)
	}
	return len(all)
}

// others are the built-in delivery methods that do not create ClusterProfiles. The suite of deliveries follows their values.
var others = []string{"argocd", "caaph", "flux"}

// literals returns the strings of values that look like a template but are not, of the add-ons that Sveltos deploys.
func literals(t *testing.T, dir string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var fleet struct {
			Deliver string
			Addons  []struct {
				Deliver string
				Helm    struct{ Values map[string]any }
			}
		}
		// Lists and templates are not fleets.
		if yaml.Unmarshal(text, &fleet) != nil {
			continue
		}
		for _, addon := range fleet.Addons {
			if slices.Contains(others, cmp.Or(addon.Deliver, fleet.Deliver)) {
				continue
			}
			for _, text := range texts(addon.Helm.Values) {
				if strings.Contains(text, "{{") {
					found[text] = true
				}
			}
		}
	}
	return found
}

// texts returns the strings in a value, including keys.
func texts(value any) (found []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, item := range value {
			found = append(found, texts(item)...)
		}
	case map[string]any:
		for key, item := range value {
			found = append(append(found, key), texts(item)...)
		}
	}
	return found
}

package sveltos

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// target is a profile on a cluster.
type target struct {
	profile *Profile
	cluster Cluster
}

func (t target) String() string { return t.profile.Metadata.Name + " on " + t.cluster.String() }

// targets returns all profiles on all of their clusters, in the order of the output.
func (m *Management) targets() (all []target, err error) {
	matching, err := m.Matching()
	if err != nil {
		return nil, err
	}
	for _, profile := range m.Profiles {
		for _, cluster := range matching[profile.Metadata.Name] {
			all = append(all, target{profile, cluster})
		}
	}
	return all, nil
}

// removal reports software that cannot be removed from a cluster as requested. After the cluster is deselected, the label that
// selects its variant does not exist.
func (m *Management) removal() (problems []string) {
	for _, profile := range m.Profiles {
		for _, cluster := range m.Clusters {
			own := map[string]string{"kubectl-fleet.io/cluster": cluster.object().GetName()}
			at := target{profile, cluster}.String()
			for _, chart := range profile.Spec.HelmCharts {
				was, err := chart.Instantiate(cluster.WithLabels(own))
				switch varies := strings.Contains(chart.ChartVersion, "{{"); {
				case err != nil:
					problems = append(problems, fmt.Sprintf("%s: it remains after it is deselected: %v", at, err))
				case varies && was.ChartVersion != unknown:
					problems = append(problems, fmt.Sprintf("%s: the version without a variant is %q", at, was.ChartVersion))
				case was.ReleaseName != chart.ReleaseName || was.ReleaseNamespace != chart.ReleaseNamespace:
					problems = append(problems, fmt.Sprintf("%s: the release to uninstall is %s/%s", at, was.ReleaseNamespace, was.ReleaseName))
				}
			}
		}
	}
	return problems
}

// upgrades gives clusters the labels of others, except their names, and reports clusters whose software would differ without a
// deployment.
func (m *Management) upgrades() (seen int, problems []string) {
	variants, err := m.variants()
	if err != nil {
		return 0, []string{err.Error()}
	}
	followed := func(t target) (Delivery, string) {
		delivery, err := m.Deliver(t.profile, t.cluster)
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", t, err))
		}
		hashed, err := m.Hashed(t.profile, t.cluster)
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", t, err))
		}
		return delivery, hashed
	}
	for _, kind := range variants {
		if len(kind) == 1 {
			continue
		}
		for index, from := range kind {
			// Comparing all pairs would take minutes if each cluster has its own variant.
			for _, to := range []target{kind[(index+1)%len(kind)], kind[(index+2)%len(kind)]} {
				labels := to.cluster.Labels()
				labels["kubectl-fleet.io/cluster"] = from.cluster.object().GetName()
				before, hashed := followed(from)
				after, again := followed(target{to.profile, from.cluster.WithLabels(labels)})
				if moved := m.origins(from, from.cluster.WithLabels(labels)); moved != m.origins(from, from.cluster) {
					problems = append(problems, fmt.Sprintf("%s, with the labels of %s: Sveltos rejects objects that now come from %s", from, to.cluster, moved))
				}
				if reflect.DeepEqual(before, after) {
					continue
				}
				seen++
				if hashed == again {
					problems = append(problems, fmt.Sprintf("%s, with the labels of %s: Sveltos does not detect the change", from, to.cluster))
				}
			}
		}
	}
	return seen, problems
}

// origins returns the ConfigMaps of a profile's objects. Each object records its ConfigMap and is rejected from another:
// ValidateObjectForUpdate in libsveltos' lib/deployer.
func (m *Management) origins(t target, cluster Cluster) string {
	var origins []string
	for _, reference := range t.profile.Spec.PolicyRefs {
		name, err := refer(reference.Name, cluster)
		if err != nil {
			return err.Error()
		}
		origins = append(origins, name)
	}
	return strings.Join(origins, ", ")
}

// variants returns the profiles, each with one cluster of each variant.
func (m *Management) variants() (all [][]target, err error) {
	targets, err := m.targets()
	known := map[string]bool{}
	for _, target := range targets {
		name := target.profile.Metadata.Name
		if len(all) == 0 || all[len(all)-1][0].profile != target.profile {
			all = append(all, nil)
		}
		// The label is named after the add-on, without the name of the fleet.
		addon := strings.TrimPrefix(name, target.profile.Metadata.Labels["kubectl-fleet.io/fleet"]+".")
		variant := name + "/" + target.cluster.Labels()["kubectl-fleet.io/"+addon]
		if !known[variant] {
			known[variant] = true
			all[len(all)-1] = append(all[len(all)-1], target)
		}
	}
	return all, err
}

// dependencies returns the profiles that depend on a missing profile or, through others, on themselves.
func (m *Management) dependencies() (problems []string) {
	needs := map[string][]string{}
	for _, profile := range m.Profiles {
		needs[profile.Metadata.Name] = profile.Spec.DependsOn
	}
	for _, name := range slices.Sorted(maps.Keys(needs)) {
		met := map[string]bool{}
		for next := slices.Clone(needs[name]); len(next) > 0; {
			needed := next[0]
			next = next[1:]
			further, exists := needs[needed]
			switch {
			case needed == name:
				problems = append(problems, name+" depends on itself")
			case !exists:
				problems = append(problems, fmt.Sprintf("%s depends on %s, which does not exist", name, needed))
			case !met[needed]:
				next = append(next, further...)
			}
			met[needed] = true
		}
	}
	return problems
}

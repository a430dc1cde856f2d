package sveltos

import (
	"fmt"
	"maps"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Selects follows GetMatchingClusters in libsveltos' lib/clusterproxy: neither an empty nor a missing selector matches a cluster.
func (p *Profile) Selects(cluster Cluster) (bool, error) {
	asked := p.Spec.ClusterSelector
	if asked == nil || len(asked.MatchLabels)+len(asked.MatchExpressions) == 0 {
		return false, nil
	}
	selector, err := metav1.LabelSelectorAsSelector(asked)
	if err != nil {
		return false, err
	}
	return selector.Matches(labels.Set(cluster.Labels())), nil
}

// Matching returns the clusters of every profile by name: those that it selects and, like the dependency manager of
// addon-controller (UpdateDependencies), those of the profiles that depend on it.
func (m *Management) Matching() (map[string][]Cluster, error) {
	chosen := map[string]map[int]bool{}
	for _, profile := range m.Profiles {
		chosen[profile.Metadata.Name] = map[int]bool{}
		for index, cluster := range m.Clusters {
			selects, err := profile.Selects(cluster)
			if err != nil {
				return nil, fmt.Errorf("ClusterProfile %s: %w", profile.Metadata.Name, err)
			}
			if selects {
				chosen[profile.Metadata.Name][index] = true
			}
		}
	}
	// A profile also passes on the clusters that it got from others.
	for before := -1; before < count(chosen); {
		before = count(chosen)
		for _, profile := range m.Profiles {
			for _, needed := range profile.Spec.DependsOn {
				if chosen[needed] == nil {
					return nil, fmt.Errorf("%s depends on %s, which does not exist", profile.Metadata.Name, needed)
				}
				maps.Copy(chosen[needed], chosen[profile.Metadata.Name])
			}
		}
	}
	matching := map[string][]Cluster{}
	for name, indices := range chosen {
		for _, index := range slices.Sorted(maps.Keys(indices)) {
			matching[name] = append(matching[name], m.Clusters[index])
		}
	}
	return matching, nil
}

func count(chosen map[string]map[int]bool) (clusters int) {
	for _, indices := range chosen {
		clusters += len(indices)
	}
	return clusters
}

package deliveries

import (
	"fmt"

	"kubectl-fleet.io/conformance/fleets"
	"kubectl-fleet.io/conformance/sveltos"
)

// Sveltos follows ClusterProfiles.
func Sveltos(objects []map[string]any, _ string) (arrivals Arrivals, err error) {
	m, err := sveltos.New(objects)
	if err != nil {
		return nil, err
	}
	matching, err := m.Matching()
	if err != nil {
		return nil, err
	}
	for _, profile := range m.Profiles {
		for _, cluster := range matching[profile.Metadata.Name] {
			delivery, err := m.Deliver(profile, cluster)
			if err != nil {
				return nil, fmt.Errorf("%s on %s: %w", profile.Metadata.Name, cluster, err)
			}
			for _, release := range delivery.Releases {
				err := arrivals.Release(cluster.String(), fleets.Release{
					Repository: release.Repository, Chart: release.Chart, Version: release.Version,
					Name: release.Name, Namespace: release.Namespace, Values: release.Values,
				})
				if err != nil {
					return nil, err
				}
			}
			for _, object := range delivery.Objects {
				if err := arrivals.add(cluster.String(), object); err != nil {
					return nil, err
				}
			}
		}
	}
	return arrivals, nil
}

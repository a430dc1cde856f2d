package sveltos

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Delivery is the software that a profile deploys to a cluster.
type Delivery struct {
	Releases []Release
	Objects  []map[string]any
}

// Release is the input of a Helm installation.
type Release struct {
	Repository, Chart, Version, Name, Namespace string
	Values                                      map[string]any
	// The results of getTakeOwnershipHelmValue for an installation and for an upgrade.
	TakesOver [2]bool
}

// Deliver follows handleCharts and deployPolicyRefs in addon-controller's controllers. If the hash of a chart includes other
// values than Helm gets, that is an error: Sveltos would deploy in each reconciliation, or never.
func (m *Management) Deliver(profile *Profile, cluster Cluster) (delivery Delivery, err error) {
	for _, chart := range profile.Spec.HelmCharts {
		hashed, err := m.values(chart, cluster)
		if err != nil {
			return delivery, fmt.Errorf("values for the hash: %w", err)
		}
		instantiated, err := chart.Instantiate(cluster)
		if err != nil {
			return delivery, err
		}
		values, err := m.values(instantiated, cluster)
		if err != nil {
			return delivery, fmt.Errorf("values for Helm: %w", err)
		}
		if !reflect.DeepEqual(values, hashed) {
			return delivery, fmt.Errorf("the values differ if they are run once or twice:\n%#v\n%#v", hashed, values)
		}
		repository, name, err := m.locate(instantiated)
		if err != nil {
			return delivery, err
		}
		delivery.Releases = append(delivery.Releases, Release{
			repository, name, instantiated.ChartVersion, instantiated.ReleaseName, instantiated.ReleaseNamespace, values,
			[2]bool{instantiated.Options.InstallOptions.TakeOwnership, instantiated.Options.UpgradeOptions.TakeOwnership},
		})
	}
	delivery.Objects, err = m.manifests(profile.Spec.PolicyRefs, cluster)
	return delivery, err
}

// Hashed returns the string that Sveltos hashes for a profile and its references: getClusterProfileSpecHash, helmHash and
// resourcesHash in addon-controller's controllers. Sveltos treats a profile with an unchanged hash as deployed.
func (m *Management) Hashed(profile *Profile, cluster Cluster) (string, error) {
	hashed := []any{profile.Spec.SyncMode}
	for _, resource := range profile.Spec.TemplateResourceRefs {
		watched, err := watched(resource, cluster)
		if err != nil {
			return "", err
		}
		hashed = append(hashed, watched)
	}
	for _, chart := range profile.Spec.HelmCharts {
		values, err := m.values(chart, cluster)
		if err != nil {
			return "", err
		}
		hashed = append(hashed, chart, values)
	}
	hashed = append(hashed, profile.Spec.PolicyRefs)
	for _, reference := range profile.Spec.PolicyRefs {
		found, err := m.resolve(reference, cluster)
		if err != nil {
			return "", err
		}
		// The keys are not hashed.
		for _, part := range []map[string]string{found.annotations, found.data} {
			for _, key := range slices.Sorted(maps.Keys(part)) {
				hashed = append(hashed, part[key])
			}
		}
	}
	text, err := json.Marshal(hashed)
	return string(text), err
}

// watched follows collectTemplateResourceRefs in addon-controller's controllers: the fields of an object whose changes cause a
// reconciliation. Only the Cluster itself is available here, without its status.
func watched(resource Resource, cluster Cluster) (map[string]any, error) {
	namespace, err := refer(resource.Resource.Namespace, cluster)
	if err != nil {
		return nil, err
	}
	name, err := refer(resource.Resource.Name, cluster)
	if err != nil {
		return nil, err
	}
	object := cluster.object()
	if resource.Resource.Kind != "Cluster" || namespace+"/"+name != cluster.String() {
		return nil, fmt.Errorf("%s %s/%s is not the cluster's own object", resource.Resource.Kind, namespace, name)
	}
	if len(resource.WatchFields) == 0 {
		return cluster, nil
	}
	watched := map[string]any{}
	for _, field := range resource.WatchFields {
		path := strings.Split(field, ".")
		value, found, err := unstructured.NestedFieldCopy(object.Object, path...)
		if err != nil {
			return nil, err
		}
		if found {
			if err := unstructured.SetNestedField(watched, value, path...); err != nil {
				return nil, err
			}
		}
	}
	return watched, nil
}

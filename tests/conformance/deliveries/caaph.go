package deliveries

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/fleets"
)

type helmChartProxy struct {
	meta
	Spec struct {
		ClusterSelector   metav1.LabelSelector `json:"clusterSelector"`
		RepoURL           string               `json:"repoURL"`
		ChartName         string               `json:"chartName"`
		Version           string               `json:"version"`
		ReleaseName       string               `json:"releaseName"`
		Namespace         string               `json:"namespace"`
		ValuesTemplate    string               `json:"valuesTemplate"`
		ReconcileStrategy string               `json:"reconcileStrategy"`
		Options           map[string]any       `json:"options"`
	} `json:"spec"`
}

type clusterResourceSet struct {
	meta
	Spec struct {
		ClusterSelector metav1.LabelSelector `json:"clusterSelector"`
		Resources       []reference          `json:"resources"`
		Strategy        string               `json:"strategy"`
	} `json:"spec"`
}

type configMap struct {
	meta
	Data map[string]string `json:"data"`
}

// CAAPH follows HelmChartProxies, and the ClusterResourceSets of Cluster API itself.
func CAAPH(objects []map[string]any, _ string) (arrivals Arrivals, err error) {
	clusters, configMaps := clustersOf(objects), map[string]configMap{}
	for _, object := range objects {
		if is(object, "", "ConfigMap") {
			read, err := strictly[configMap](object)
			if err != nil {
				return nil, err
			}
			configMaps[read.Metadata.Namespace+"/"+read.Metadata.Name] = read
		}
	}
	for _, object := range objects {
		switch {
		case is(object, "addons.cluster.x-k8s.io", "HelmChartProxy"):
			proxy, err := strictly[helmChartProxy](object)
			if err != nil {
				return nil, err
			}
			chosen, err := clusters.selected(proxy.Metadata.Namespace, proxy.Spec.ClusterSelector)
			if err != nil {
				return nil, err
			}
			for _, cluster := range chosen {
				release, err := proxy.installs(cluster)
				if err != nil {
					return nil, fmt.Errorf("%s on %s: %w", proxy.Metadata.Name, id(cluster), err)
				}
				if err := arrivals.Release(id(cluster), release); err != nil {
					return nil, err
				}
			}
		case is(object, "addons.cluster.x-k8s.io", "ClusterResourceSet"):
			set, err := strictly[clusterResourceSet](object)
			if err != nil {
				return nil, err
			}
			chosen, err := clusters.selected(set.Metadata.Namespace, set.Spec.ClusterSelector)
			if err != nil {
				return nil, err
			}
			for _, cluster := range chosen {
				if err := set.applies(id(cluster), configMaps, &arrivals); err != nil {
					return nil, err
				}
			}
		}
	}
	return arrivals, nil
}

// installs follows ParseValues and getHelmChartAndRepoName in the provider's internal package, which cannot be imported.
func (p helmChartProxy) installs(cluster unstructured.Unstructured) (fleets.Release, error) {
	release := fleets.Release{
		Repository: p.Spec.RepoURL, Chart: p.Spec.ChartName, Version: p.Spec.Version, Name: p.Spec.ReleaseName, Namespace: p.Spec.Namespace,
	}
	parsed, err := template.New("").Funcs(sprig.TxtFuncMap()).Parse(p.Spec.ValuesTemplate)
	if err != nil {
		return release, err
	}
	var text strings.Builder
	// This package does not have the objects that the Cluster refers to.
	if err := parsed.Execute(&text, map[string]any{"Cluster": cluster.Object}); err != nil {
		return release, err
	}
	if strings.HasPrefix(p.Spec.RepoURL, "oci://") {
		release.Repository, release.Chart = "", joined(p.Spec.RepoURL, p.Spec.ChartName)
	}
	return release, yaml.Unmarshal([]byte(text.String()), &release.Values)
}

// applies follows the controller of Cluster API: the contents of all keys, in order.
func (s clusterResourceSet) applies(cluster string, configMaps map[string]configMap, arrivals *Arrivals) error {
	for _, resource := range s.Spec.Resources {
		found, is := configMaps[s.Metadata.Namespace+"/"+resource.Name]
		if !is || resource.Kind != "ConfigMap" {
			return fmt.Errorf("there is no %s %s/%s", resource.Kind, s.Metadata.Namespace, resource.Name)
		}
		for _, key := range slices.Sorted(maps.Keys(found.Data)) {
			if err := arrivals.Objects(cluster, found.Data[key]); err != nil {
				return err
			}
		}
	}
	return nil
}

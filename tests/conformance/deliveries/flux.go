package deliveries

import (
	"fmt"
	"path/filepath"
	"strings"

	"kubectl-fleet.io/conformance/fleets"
)

type reference struct {
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
}

type kubeConfig struct {
	SecretRef struct {
		Name string `json:"name"`
	} `json:"secretRef"`
}

type helmRelease struct {
	meta
	Spec struct {
		Interval         string `json:"interval"`
		ReleaseName      string `json:"releaseName"`
		TargetNamespace  string `json:"targetNamespace"`
		StorageNamespace string `json:"storageNamespace"`
		Chart            struct {
			Spec struct {
				Chart     string    `json:"chart"`
				Version   string    `json:"version"`
				SourceRef reference `json:"sourceRef"`
			} `json:"spec"`
		} `json:"chart"`
		DependsOn  []reference    `json:"dependsOn"`
		Install    map[string]any `json:"install"`
		Upgrade    map[string]any `json:"upgrade"`
		Values     map[string]any `json:"values"`
		KubeConfig kubeConfig     `json:"kubeConfig"`
		// Another test verifies the objects that remain after a removal.
		CommonMetadata map[string]any `json:"commonMetadata"`
		Uninstall      map[string]any `json:"uninstall"`
	} `json:"spec"`
}

type helmRepository struct {
	meta
	Spec struct {
		Type     string `json:"type"`
		Interval string `json:"interval"`
		URL      string `json:"url"`
	} `json:"spec"`
}

type kustomization struct {
	meta
	Spec struct {
		Interval      string      `json:"interval"`
		RetryInterval string      `json:"retryInterval"`
		Path          string      `json:"path"`
		Prune         bool        `json:"prune"`
		SourceRef     reference   `json:"sourceRef"`
		DependsOn     []reference `json:"dependsOn"`
		KubeConfig    kubeConfig  `json:"kubeConfig"`
	} `json:"spec"`
}

// Flux follows HelmReleases, the HelmRepositories that they name, and Kustomizations.
func Flux(objects []map[string]any, dir string) (arrivals Arrivals, err error) {
	clusters, repositories := clustersOf(objects), map[string]helmRepository{}
	for _, object := range objects {
		if is(object, "source.toolkit.fluxcd.io", "HelmRepository") {
			repository, err := strictly[helmRepository](object)
			if err != nil {
				return nil, err
			}
			key := repository.Metadata.Namespace + "/" + repository.Metadata.Name
			if _, twice := repositories[key]; twice {
				return nil, fmt.Errorf("two HelmRepositories are %s", key)
			}
			repositories[key] = repository
		}
	}
	for _, object := range objects {
		switch {
		case is(object, "helm.toolkit.fluxcd.io", "HelmRelease"):
			release, err := strictly[helmRelease](object)
			if err != nil {
				return nil, err
			}
			cluster, err := clusters.of(release.Spec.KubeConfig, release.Metadata.Namespace)
			if err != nil {
				return nil, err
			}
			installed, err := release.installs(repositories)
			if err != nil {
				return nil, err
			}
			if err := arrivals.Release(cluster, installed); err != nil {
				return nil, err
			}
		case is(object, "kustomize.toolkit.fluxcd.io", "Kustomization"):
			applied, err := strictly[kustomization](object)
			if err != nil {
				return nil, err
			}
			if applied.Spec.KubeConfig.SecretRef.Name == "" {
				// This object is for the management cluster itself.
				continue
			}
			cluster, err := clusters.of(applied.Spec.KubeConfig, applied.Metadata.Namespace)
			if err != nil {
				return nil, err
			}
			texts, err := applied.applies(dir)
			if err != nil {
				return nil, err
			}
			for _, text := range texts {
				if err := arrivals.Objects(cluster, text); err != nil {
					return nil, err
				}
			}
		}
	}
	return arrivals, nil
}

// of returns the cluster whose kubeconfig Cluster API stores in a Secret.
func (c clusters) of(config kubeConfig, namespace string) (string, error) {
	for _, cluster := range c {
		if cluster.GetNamespace() == namespace && cluster.GetName()+"-kubeconfig" == config.SecretRef.Name {
			return id(cluster), nil
		}
	}
	return "", fmt.Errorf("no cluster has the kubeconfig %s/%s", namespace, config.SecretRef.Name)
}

// installs returns the release that helm-controller passes to Helm. The chart comes from source-controller, which joins a
// registry and a chart to one reference.
func (r helmRelease) installs(repositories map[string]helmRepository) (fleets.Release, error) {
	spec := r.Spec.Chart.Spec
	repository, is := repositories[spec.SourceRef.Namespace+"/"+spec.SourceRef.Name]
	if !is || spec.SourceRef.Kind != "HelmRepository" {
		return fleets.Release{}, fmt.Errorf("there is no %s %s/%s", spec.SourceRef.Kind, spec.SourceRef.Namespace, spec.SourceRef.Name)
	}
	release := fleets.Release{
		Repository: repository.Spec.URL, Chart: spec.Chart, Version: spec.Version,
		Name: r.Spec.ReleaseName, Namespace: r.Spec.TargetNamespace, Values: r.Spec.Values,
	}
	url, isRegistry := strings.CutPrefix(repository.Spec.URL, "oci://")
	if isRegistry != (repository.Spec.Type == "oci") {
		return fleets.Release{}, fmt.Errorf("HelmRepository %s of the type %q", repository.Spec.URL, repository.Spec.Type)
	}
	if isRegistry {
		release.Repository, release.Chart = "", registered(url, spec.Chart)
	}
	return release, nil
}

// applies returns the kustomization that kustomize-controller generates if there is none: all YAML files below a directory.
func (k kustomization) applies(dir string) ([]string, error) {
	if k.Spec.SourceRef != (reference{"GitRepository", "fleet", "flux-system"}) {
		return nil, fmt.Errorf("the repository is %v", k.Spec.SourceRef)
	}
	return files(filepath.Join(dir, k.Spec.Path), func(path string) bool {
		return strings.HasSuffix(path, ".yaml") || strings.HasSuffix(path, ".yml")
	})
}

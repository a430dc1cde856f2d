package deliveries

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gobwas/glob"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/fleets"
)

type application struct {
	meta
	Spec struct {
		Project string `json:"project"`
		Source  struct {
			RepoURL        string `json:"repoURL"`
			Chart          string `json:"chart"`
			Path           string `json:"path"`
			TargetRevision string `json:"targetRevision"`
			Helm           struct {
				ReleaseName  string         `json:"releaseName"`
				Values       string         `json:"values"`
				ValuesObject map[string]any `json:"valuesObject"`
			} `json:"helm"`
			Directory struct {
				Recurse bool   `json:"recurse"`
				Include string `json:"include"`
			} `json:"directory"`
		} `json:"source"`
		Destination struct {
			Name      string `json:"name"`
			Namespace string `json:"namespace"`
		} `json:"destination"`
		SyncPolicy map[string]any `json:"syncPolicy"`
	} `json:"spec"`
}

type applicationSet struct {
	meta
	Spec struct {
		GoTemplate        bool           `json:"goTemplate"`
		GoTemplateOptions []string       `json:"goTemplateOptions"`
		SyncPolicy        map[string]any `json:"syncPolicy"`
		Generators        []struct {
			Clusters struct {
				Selector metav1.LabelSelector `json:"selector"`
			} `json:"clusters"`
		} `json:"generators"`
		Template map[string]any `json:"template"`
	} `json:"spec"`
}

// ArgoCD follows Applications and the Applications that ApplicationSets generate.
func ArgoCD(objects []map[string]any, dir string) (arrivals Arrivals, err error) {
	clusters := clustersOf(objects)
	for _, object := range objects {
		created := []map[string]any{object}
		switch {
		case is(object, "argoproj.io", "ApplicationSet"):
			set, err := strictly[applicationSet](object)
			if err != nil {
				return nil, err
			}
			if created, err = set.generate(clusters); err != nil {
				return nil, fmt.Errorf("ApplicationSet %s: %w", set.Metadata.Name, err)
			}
		case !is(object, "argoproj.io", "Application"):
			continue
		}
		for _, object := range created {
			application, err := strictly[application](object)
			if err != nil {
				return nil, err
			}
			if err := application.applies(clusters, dir, &arrivals); err != nil {
				return nil, fmt.Errorf("Application %s: %w", application.Metadata.Name, err)
			}
		}
	}
	return arrivals, nil
}

// generate follows the cluster generator: each cluster has a Secret with the labels and annotations of its Cluster, as
// registrations create it.
func (s applicationSet) generate(clusters clusters) (created []map[string]any, err error) {
	if !s.Spec.GoTemplate || len(s.Spec.Generators) != 1 {
		return nil, errors.New("only one cluster generator with Go templates is supported")
	}
	for _, cluster := range clusters {
		chosen, err := clusters.selected(cluster.GetNamespace(), s.Spec.Generators[0].Clusters.Selector)
		if err != nil {
			return nil, err
		}
		for _, one := range chosen {
			if id(one) != id(cluster) {
				continue
			}
			object, err := rendered(s.Spec.Template, s.Spec.GoTemplateOptions, map[string]any{
				"name": cluster.GetName(), "server": "https://" + cluster.GetName(), "project": "",
				"metadata": map[string]any{"labels": cluster.GetLabels(), "annotations": cluster.GetAnnotations()},
			})
			if err != nil {
				return nil, err
			}
			created = append(created, object.(map[string]any))
		}
	}
	return created, nil
}

// manifest matches the files of a directory that Argo CD reads: manifestFile in reposerver/repository.
var manifest = regexp.MustCompile(`^.*\.(yaml|yml|json|jsonnet)$`)

func (a application) applies(clusters clusters, dir string, arrivals *Arrivals) error {
	cluster := ""
	for _, one := range clusters {
		if one.GetName() == a.Spec.Destination.Name {
			cluster = id(one)
		}
	}
	if cluster == "" {
		return fmt.Errorf("no cluster is called %q", a.Spec.Destination.Name)
	}
	if a.Spec.Source.Chart != "" {
		release, err := a.installs()
		if err != nil {
			return err
		}
		return arrivals.Release(cluster, release)
	}
	source := a.Spec.Source
	if source.RepoURL != fleets.Source["repoURL"] || source.TargetRevision != fleets.Source["revision"] {
		return fmt.Errorf("the repository is %s at %s", source.RepoURL, source.TargetRevision)
	}
	// A pattern has no special treatment of path separators.
	include, err := glob.Compile(source.Directory.Include)
	if err != nil {
		return err
	}
	texts, err := files(filepath.Join(dir, source.Path), func(path string) bool {
		return (source.Directory.Recurse || !strings.Contains(path, "/")) && manifest.MatchString(path) && include.Match(path)
	})
	if err != nil {
		return err
	}
	for _, text := range texts {
		if err := arrivals.Objects(cluster, text); err != nil {
			return err
		}
	}
	return nil
}

// installs follows util/helm of Argo CD: a repository without a scheme is a registry, whose name is prepended to that of the
// chart.
func (a application) installs() (fleets.Release, error) {
	source := a.Spec.Source
	release := fleets.Release{
		Repository: source.RepoURL, Chart: source.Chart, Version: source.TargetRevision,
		Name: source.Helm.ReleaseName, Namespace: a.Spec.Destination.Namespace, Values: maps.Clone(source.Helm.ValuesObject),
	}
	if !strings.Contains(source.RepoURL, "://") {
		release.Repository, release.Chart = "", registered(source.RepoURL, source.Chart)
	}
	if release.Values != nil {
		return release, nil
	}
	return release, yaml.Unmarshal([]byte(source.Helm.Values), &release.Values)
}

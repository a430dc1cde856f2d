// Package sveltos processes generated objects like Sveltos, up to the values of each chart for Helm and the manifests for the
// cluster's API server.
//
// It follows addon-controller and libsveltos v1.14.0; each function names the function that it follows. It uses only the template
// functions of their packages: the others need a management cluster.
package sveltos

import (
	"bytes"
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Cluster is a Cluster of Cluster API as templates read it.
type Cluster map[string]any

// Profile contains the fields of a ClusterProfile that fleets use.
type Profile struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name        string            `json:"name"`
		Labels      map[string]string `json:"labels,omitempty"`
		Annotations map[string]string `json:"annotations,omitempty"`
	} `json:"metadata"`
	Spec struct {
		ClusterSelector      *metav1.LabelSelector `json:"clusterSelector,omitempty"`
		Tier                 int32                 `json:"tier,omitempty"`
		SyncMode             string                `json:"syncMode,omitempty"`
		StopMatchingBehavior string                `json:"stopMatchingBehavior,omitempty"`
		DependsOn            []string              `json:"dependsOn,omitempty"`
		TemplateResourceRefs []Resource            `json:"templateResourceRefs,omitempty"`
		HelmCharts           []Chart               `json:"helmCharts,omitempty"`
		PolicyRefs           []Reference           `json:"policyRefs,omitempty"`
	} `json:"spec"`
}

// Resource is an object of the management cluster that templates can request.
type Resource struct {
	Resource struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Namespace  string `json:"namespace,omitempty"`
		Name       string `json:"name"`
	} `json:"resource"`
	Identifier  string   `json:"identifier"`
	Optional    bool     `json:"optional,omitempty"`
	WatchFields []string `json:"watchFields,omitempty"`
}

// Chart contains the fields of a HelmChart that fleets use.
type Chart struct {
	RepositoryURL    string      `json:"repositoryURL"`
	RepositoryName   string      `json:"repositoryName,omitempty"`
	ChartName        string      `json:"chartName,omitempty"`
	ChartVersion     string      `json:"chartVersion,omitempty"`
	ReleaseName      string      `json:"releaseName"`
	ReleaseNamespace string      `json:"releaseNamespace"`
	Values           string      `json:"values,omitempty"`
	ValuesFrom       []Reference `json:"valuesFrom,omitempty"`
	HelmChartAction  string      `json:"helmChartAction,omitempty"`
	Options          struct {
		InstallOptions Ownership `json:"installOptions,omitempty"`
		UpgradeOptions Ownership `json:"upgradeOptions,omitempty"`
	} `json:"options,omitempty"`
}

// Ownership reports whether Helm takes over objects that it did not create.
type Ownership struct {
	TakeOwnership bool `json:"takeOwnership,omitempty"`
}

// Reference names a source of values or manifests.
type Reference struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

type configMap struct {
	annotations, data map[string]string
}

// Management is a management cluster with the objects of a fleet.
type Management struct {
	Clusters   []Cluster
	Profiles   []*Profile
	configMaps map[string]configMap
	// Helm repositories by name, which all clusters share.
	repositories map[string]string
}

// New returns a management cluster with objects. A field of a ClusterProfile that this package does not follow is an error.
func New(objects []map[string]any) (*Management, error) {
	m := &Management{configMaps: map[string]configMap{}, repositories: map[string]string{}}
	for _, content := range objects {
		object := unstructured.Unstructured{Object: content}
		switch kind := object.GroupVersionKind(); {
		case kind.Group == "cluster.x-k8s.io" && kind.Kind == "Cluster":
			m.Clusters = append(m.Clusters, content)
		case kind.Group == "config.projectsveltos.io" && kind.Kind == "ClusterProfile":
			text, err := json.Marshal(content)
			if err != nil {
				return nil, err
			}
			profile := new(Profile)
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(profile); err != nil {
				return nil, fmt.Errorf("ClusterProfile %s: %w", object.GetName(), err)
			}
			m.Profiles = append(m.Profiles, profile)
		case kind.Group == "" && kind.Kind == "ConfigMap":
			key := object.GetNamespace() + "/" + object.GetName()
			if _, twice := m.configMaps[key]; twice {
				return nil, fmt.Errorf("two ConfigMaps are %s", key)
			}
			data, _, err := unstructured.NestedStringMap(content, "data")
			if err != nil {
				return nil, fmt.Errorf("ConfigMap %s: %w", key, err)
			}
			m.configMaps[key] = configMap{object.GetAnnotations(), data}
		}
	}
	return m, nil
}

func (c Cluster) object() *unstructured.Unstructured { return &unstructured.Unstructured{Object: c} }

// String returns the namespace and name of the cluster.
func (c Cluster) String() string { return c.object().GetNamespace() + "/" + c.object().GetName() }

// Labels returns the labels of the Cluster.
func (c Cluster) Labels() map[string]string { return c.object().GetLabels() }

// WithLabels returns the cluster with other labels. Without labels, `metadata` has no such key, because Sveltos creates it from a
// type with omitempty.
func (c Cluster) WithLabels(labels map[string]string) Cluster {
	object := c.object().DeepCopy()
	object.SetLabels(labels)
	return object.Object
}

// Package deliveries reads generated objects like the controllers of the delivery methods, and returns the software of each cluster.
//
// Sveltos has its own package. Each function names the function of the controller that it follows: Argo CD v3.5.7, Flux
// helm-controller v1.6.4 and kustomize-controller v1.10.1, Cluster API v1.14.2 and its add-on provider for Helm v0.6.4.
package deliveries

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"kubectl-fleet.io/conformance/fleets"
	"kubectl-fleet.io/conformance/readers"
)

// Arrivals are the releases and objects that reach clusters, one per line.
type Arrivals []string

// Release adds a release on a cluster.
func (a *Arrivals) Release(cluster string, release fleets.Release) error {
	// The index of a chart repository is read from a path below its URL.
	release.Repository = strings.TrimRight(release.Repository, "/")
	if release.Values == nil {
		release.Values = map[string]any{}
	}
	return a.add(cluster, release)
}

// Objects adds the objects in a string of manifests.
func (a *Arrivals) Objects(cluster, text string) error {
	objects, err := readers.Kubectl([]byte(text))
	if err != nil {
		return err
	}
	for _, object := range objects {
		if err := a.add(cluster, object); err != nil {
			return err
		}
	}
	return nil
}

func (a *Arrivals) add(cluster string, what any) error {
	text, err := json.Marshal(what)
	*a = append(*a, cluster+" "+string(text))
	return err
}

// Differences returns the lines of one side that the other side does not contain.
func (a Arrivals) Differences(b Arrivals) (onlyA, onlyB []string) {
	counts := map[string]int{}
	for _, line := range a {
		counts[line]++
	}
	for _, line := range b {
		counts[line]--
	}
	for line, count := range counts {
		switch {
		case count > 0:
			onlyA = append(onlyA, line)
		case count < 0:
			onlyB = append(onlyB, line)
		}
	}
	slices.Sort(onlyA)
	slices.Sort(onlyB)
	return onlyA, onlyB
}

// A Reader follows the objects that a fleet prints. The directory of the fleet is the content of its repository.
type Reader func(objects []map[string]any, dir string) (Arrivals, error)

// Readers are the readers of the delivery methods.
var Readers = map[string]Reader{"sveltos": Sveltos, "argocd": ArgoCD, "flux": Flux, "caaph": CAAPH}

// clusters returns the Cluster objects of Cluster API.
type clusters []unstructured.Unstructured

func clustersOf(objects []map[string]any) (found clusters) {
	for _, object := range objects {
		if is(object, "cluster.x-k8s.io", "Cluster") {
			found = append(found, unstructured.Unstructured{Object: object})
		}
	}
	return found
}

func is(content map[string]any, group, kind string) bool {
	found := (&unstructured.Unstructured{Object: content}).GroupVersionKind()
	return found.Group == group && found.Kind == kind
}

// selected returns the clusters of a namespace that a selector matches. An empty selector is an error of kubectl-fleet.
func (c clusters) selected(namespace string, asked metav1.LabelSelector) (chosen clusters, err error) {
	selector, err := metav1.LabelSelectorAsSelector(&asked)
	if err != nil || selector.Empty() {
		return nil, fmt.Errorf("the selector %v: %w", asked, err)
	}
	for _, cluster := range c {
		if cluster.GetNamespace() == namespace && selector.Matches(labels.Set(cluster.GetLabels())) {
			chosen = append(chosen, cluster)
		}
	}
	return chosen, nil
}

// id returns the namespace and name of a cluster.
func id(cluster unstructured.Unstructured) string {
	return cluster.GetNamespace() + "/" + cluster.GetName()
}

// meta is the metadata of an object.
type meta struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name        string            `json:"name"`
		Namespace   string            `json:"namespace"`
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
		Finalizers  []string          `json:"finalizers"`
	} `json:"metadata"`
}

// strictly parses an object. A field that this package does not follow is an error.
func strictly[T any](object map[string]any) (read T, err error) {
	text, err := json.Marshal(object)
	if err != nil {
		return read, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return read, fmt.Errorf("%w in %s", err, text)
	}
	return read, nil
}

// registered returns the reference of a chart in a registry, whose URL has no scheme.
func registered(url, chart string) string { return "oci://" + url + "/" + chart }

// joined returns the reference that Helm builds from a registry URL and a chart if the controller cleans the path.
func joined(url, chart string) string {
	host, dir, _ := strings.Cut(strings.TrimPrefix(url, "oci://"), "/")
	return registered(host, strings.TrimPrefix(path.Join(dir, chart), "/"))
}

// files returns the contents of the files below a directory that a predicate selects by path.
func files(dir string, chosen func(path string) bool) (texts []string, err error) {
	root := os.DirFS(dir)
	err = fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !chosen(path) {
			return err
		}
		text, err := fs.ReadFile(root, path)
		texts = append(texts, string(text))
		return err
	})
	return texts, err
}

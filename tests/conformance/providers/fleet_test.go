package providers

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"kubectl-fleet.io/conformance/readers"
	"kubectl-fleet.io/conformance/repository"
)

const fleetFile = `apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: clusters.yaml
  key: CLUSTER_NAME
  namespace: ns-${CLUSTER_NAME}
templates:
- file: template.yaml
schemas: [schemas.yaml]
safety: {deletion: allow}
`

// write returns the directory of a fleet with a template and its clusters.
func write(t *testing.T, text []byte, all []cluster) string {
	t.Helper()
	var members []map[string]any
	for _, cluster := range all {
		member := map[string]any{"CLUSTER_NAME": cluster.name}
		for name, value := range cluster.values {
			member[name] = value.listed
		}
		members = append(members, member)
	}
	// JSON is valid YAML.
	list, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return repository.New(t, map[string]string{"fleet.yaml": fleetFile, "clusters.yaml": string(list), "template.yaml": string(text), "schemas.yaml": openSchemas(t, text)})
}

// rendered returns the objects that kubectl-fleet prints in both formats, without the clusters' Namespaces and the labels that it
// adds to each Cluster.
func rendered(t *testing.T, dir string, all []cluster) ([]map[string]any, error) {
	t.Helper()
	var forms [][]map[string]any
	for format, read := range map[string]readers.Reader{"yaml": readers.Kubectl, "json": readers.ArgoCD} {
		result := repository.Run(t, dir, "generate", "-o", format)
		if result.Code != 0 {
			return nil, fmt.Errorf("exit %d: %.1000s", result.Code, result.Stderr)
		}
		objects, err := read([]byte(result.Stdout))
		if err != nil {
			return nil, err
		}
		forms = append(forms, objects)
	}
	if !reflect.DeepEqual(forms[0], forms[1]) {
		return nil, errors.New("kubectl and Argo CD read different objects")
	}
	objects := forms[0]
	if len(objects) < len(all) {
		return nil, fmt.Errorf("%d objects", len(objects))
	}
	for index, cluster := range all {
		metadata, _ := objects[index]["metadata"].(map[string]any)
		if objects[index]["kind"] != "Namespace" || metadata["name"] != cluster.namespace {
			return nil, fmt.Errorf("%v is not the Namespace of %s", objects[index], cluster.name)
		}
	}
	objects = objects[len(all):]
	for _, cluster := range all {
		isOf := func(object map[string]any) bool { return isCluster(object, cluster) }
		if index := slices.IndexFunc(objects, isOf); index >= 0 {
			if err := unlabel(objects[index], cluster.name); err != nil {
				return nil, err
			}
		}
	}
	return objects, nil
}

func isCluster(object map[string]any, cluster cluster) bool {
	metadata, _ := object["metadata"].(map[string]any)
	return object["kind"] == "Cluster" && metadata["name"] == cluster.name && metadata["namespace"] == cluster.namespace
}

func unlabel(object map[string]any, cluster string) error {
	const label = "kubectl-fleet.io/cluster"
	metadata := object["metadata"].(map[string]any)
	labels, _ := metadata["labels"].(map[string]any)
	if labels[label] != cluster {
		return fmt.Errorf("%s reports %v", cluster, labels[label])
	}
	if delete(labels, label); len(labels) == 0 {
		delete(metadata, "labels")
	}
	return nil
}

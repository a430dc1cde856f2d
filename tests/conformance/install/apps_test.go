package install

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/readers"
	"kubectl-fleet.io/conformance/repository"
)

// ignored contains machine pools and clusters, and the fields that Argo CD compares.
var ignored = []struct{ kind, object, compared string }{
	{"MachineDeployment", "spec: {replicas: 3}", `{"spec":{"replicas":3}}`},
	{"MachineDeployment", "metadata: {annotations: {cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size: '5'}}\nspec: {replicas: 3, a: b}",
		`{"metadata":{"annotations":{"cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size":"5"}},"spec":{"a":"b"}}`},
	{"MachinePool", "metadata: {annotations: {a: b}}\nspec: {replicas: 3}", `{"metadata":{"annotations":{"a":"b"}},"spec":{"replicas":3}}`},
	{"MachinePool", "metadata: {annotations: {cluster.x-k8s.io/replicas-managed-by: external-autoscaler}}\nspec: {replicas: 3}",
		`{"metadata":{"annotations":{"cluster.x-k8s.io/replicas-managed-by":"external-autoscaler"}},"spec":{}}`},
	{"MachinePool", "metadata: {annotations: {cluster.x-k8s.io/replicas-managed-by: 'false'}}\nspec: {replicas: 3}",
		`{"metadata":{"annotations":{"cluster.x-k8s.io/replicas-managed-by":"false"}},"spec":{"replicas":3}}`},
	{"Cluster", "spec: {infrastructureRef: {apiVersion: a/v1, name: a}}", `{"spec":{"infrastructureRef":{"name":"a"}}}`},
	{"Cluster", "spec: {controlPlaneRef: {apiGroup: a, name: a}}", `{"spec":{"controlPlaneRef":{"apiGroup":"a","name":"a"}}}`},
	{"MachineDeployment", "spec: {template: {spec: {infrastructureRef: {apiVersion: a/v1, name: a}, bootstrap: {configRef: {apiVersion: a/v1, name: a}}}}}",
		`{"spec":{"template":{"spec":{"bootstrap":{"configRef":{"name":"a"}},"infrastructureRef":{"name":"a"}}}}}`},
	{"MachineSet", "spec: {template: {spec: {infrastructureRef: {apiVersion: a/v1, name: a}}}}", `{"spec":{"template":{"spec":{"infrastructureRef":{"name":"a"}}}}}`},
	{"MachinePool", "spec: {template: {spec: {bootstrap: {configRef: {apiVersion: a/v1, name: a}}}}}", `{"spec":{"template":{"spec":{"bootstrap":{"configRef":{"name":"a"}}}}}}`},
	{"Machine", "spec: {infrastructureRef: {apiVersion: a/v1, name: a}}", `{"spec":{"infrastructureRef":{"name":"a"}}}`},
	{"KubeadmControlPlane", "spec: {machineTemplate: {infrastructureRef: {apiVersion: a/v1, name: a}}}", `{"spec":{"machineTemplate":{"infrastructureRef":{"name":"a"}}}}`},
	{"Cluster", "spec: {topology: {version: v1.34.0}}", `{"spec":{"topology":{"version":"v1.34.0"}}}`},
}

// TestApplications validates the Applications with the API server's code, and their ignored fields with jq.
func TestApplications(t *testing.T) {
	fleet := repository.New(t, map[string]string{
		"fleet.yaml": `
apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters: [{list: users.yaml, fields: {cell: {type: string}}, labels: {cell: "${cell}"}}]
templates: [{file: cluster.yaml}]
cells: {label: cell}
`,
		"users.yaml":   "alice: {cell: eu}\nbob: {cell: us}\n",
		"cluster.yaml": "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata: {name: \"${CLUSTER_NAME}\"}\nspec: {topology: {classRef: {name: quick-start}, version: v1.34.0}}\n",
		"fleet.lock":   "alice/alice eu\nbob/bob us\n",
	})
	for _, arguments := range [][]string{
		{"--path", "fleets/eks"},
		{"--path", "fleets/eks", "--automated", "--versioned", "--dest-name", "hub"},
		{"--name", "eks", "--revision", "1.10", "--project", "fleets", "--namespace", "apps"},
	} {
		arguments = append([]string{"apps", "--repo", "https://git.example.org/fleet.git"}, arguments...)
		objects, err := readers.Kubectl(run(t, fleet, arguments...))
		if err != nil || len(objects) != 2 {
			t.Fatalf("%v: %d Applications, %v", arguments, len(objects), err)
		}
		for index, cell := range []string{"eu", "us"} {
			text, err := json.Marshal(objects[index])
			if err != nil {
				t.Fatal(err)
			}
			object, problems := known.Check(text)
			if len(problems) > 0 || object.Kind != "Application" || object.Name != "eks-"+cell {
				t.Errorf("%v: %v: %v", arguments, object, problems)
			}
			checkIgnored(t, text)
		}
	}
}

func checkIgnored(t *testing.T, text []byte) {
	t.Helper()
	var application struct {
		Spec struct {
			IgnoreDifferences []struct {
				Group, Kind       string
				JQPathExpressions []string `json:"jqPathExpressions"`
			} `json:"ignoreDifferences"`
		}
	}
	if err := json.Unmarshal(text, &application); err != nil {
		t.Fatal(err)
	}
	for _, sample := range ignored {
		var object any
		if err := yaml.Unmarshal([]byte(sample.object), &object); err != nil {
			t.Fatal(err)
		}
		for _, ignore := range application.Spec.IgnoreDifferences {
			if ignore.Kind != sample.kind || !strings.HasSuffix(ignore.Group, "cluster.x-k8s.io") {
				continue
			}
			for _, expression := range ignore.JQPathExpressions {
				// Argo CD does the same.
				query, err := gojq.Parse(fmt.Sprintf("del(%s)", expression))
				if err != nil {
					t.Fatal(err)
				}
				results := query.Run(object)
				first, _ := results.Next()
				if err, is := first.(error); is {
					t.Fatalf("%s: %v", expression, err)
				}
				if _, more := results.Next(); more {
					t.Fatalf("%s returns more than one object", expression)
				}
				object = first
			}
		}
		compared, err := json.Marshal(object)
		if err != nil || string(compared) != sample.compared {
			t.Errorf("%s: %s, not %s", sample.kind, compared, sample.compared)
		}
	}
}

package webhooks

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	addonsv1 "sigs.k8s.io/cluster-api/api/addons/v1beta2"
	bootstrapv1 "sigs.k8s.io/cluster-api/api/bootstrap/kubeadm/v1beta2"
	controlplanev1 "sigs.k8s.io/cluster-api/api/controlplane/kubeadm/v1beta2"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"
	bootstrap "sigs.k8s.io/cluster-api/bootstrap/kubeadm/webhooks/admission"
	controlplane "sigs.k8s.io/cluster-api/controlplane/kubeadm/webhooks/admission"
	core "sigs.k8s.io/cluster-api/core/webhooks/admission"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/repository"
)

// TestUpdatesMatchConsequences sends the changes of testdata/consequences to the webhooks: they must reject exactly the changes that
// the table of consequences calls rejected.
func TestUpdatesMatchConsequences(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(repository.Root, "testdata/consequences/cluster-api.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Objects map[string]json.RawMessage
		Cases   []struct {
			Object         string
			Change         json.RawMessage
			Added, Removed bool
			Expect         []string
		}
	}
	if err := yaml.UnmarshalStrict(text, &data); err != nil {
		t.Fatal(err)
	}
	updates, rejected, accepted := updaters(), 0, 0
	for _, one := range data.Cases {
		if one.Added || one.Removed {
			continue
		}
		before := data.Objects[one.Object]
		var kind metav1.TypeMeta
		if err := json.Unmarshal(before, &kind); err != nil {
			t.Fatalf("%s: %v", one.Object, err)
		}
		after, err := jsonpatch.MergePatch(before, one.Change)
		if err != nil {
			t.Fatalf("%s: %v", one.Object, err)
		}
		update := updates[kind.Kind]
		if update == nil {
			t.Fatalf("%s: no webhook", kind.Kind)
		}
		err = update(before, after)
		expected := slices.Contains(one.Expect, "rejected")
		switch {
		case expected && err == nil:
			t.Errorf("the webhook accepts a change that the table calls rejected: %s %s", one.Object, one.Change)
		case !expected && err != nil:
			t.Errorf("the webhook rejects a change that the table calls %v: %s %s\n\t%v", one.Expect, one.Object, one.Change, err)
		case expected:
			rejected++
		default:
			accepted++
		}
	}
	if rejected < 15 || accepted < 40 {
		t.Errorf("%d changes are rejected, %d accepted: too few", rejected, accepted)
	}
}

// updaters returns a function for each kind that sends the update of an object to its webhooks.
func updaters() map[string]func(before, after []byte) error {
	known := server{reader{}}
	for _, namespace := range []string{"one", "two"} {
		for _, name := range []string{"quick-start", "other"} {
			class := class(namespace, name)
			known.reader[client.ObjectKeyFromObject(class)] = reconciled(class)
		}
	}
	return map[string]func(before, after []byte) error{
		"Cluster":                     updating(&core.Cluster{Client: known}, &core.Cluster{Client: known}),
		"MachineDeployment":           updating(&core.MachineDeployment{}, &core.MachineDeployment{}),
		"MachinePool":                 updating(&core.MachinePool{}, &core.MachinePool{}),
		"MachineHealthCheck":          updating(&core.MachineHealthCheck{}, &core.MachineHealthCheck{}),
		"ClusterResourceSet":          updating[*addonsv1.ClusterResourceSet](&core.ClusterResourceSet{}, &core.ClusterResourceSet{}),
		"KubeadmControlPlane":         updating(&controlplane.KubeadmControlPlane{}, &controlplane.KubeadmControlPlane{}),
		"KubeadmControlPlaneTemplate": updating[*controlplanev1.KubeadmControlPlaneTemplate](nil, &controlplane.KubeadmControlPlaneTemplate{}),
		"KubeadmConfigTemplate":       updating[*bootstrapv1.KubeadmConfigTemplate](&bootstrap.KubeadmConfigTemplate{}, &bootstrap.KubeadmConfigTemplate{}),
	}
}

// updating returns a function that defaults both states of an object, and validates the update.
func updating[T client.Object](defaulter admission.Defaulter[T], validator admission.Validator[T]) func(before, after []byte) error {
	return func(before, after []byte) error {
		// The webhook waits for a missing ClusterClass.
		soon, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		request := admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{Operation: admissionv1.Create}}
		ctx := admission.NewContextWithRequest(soon, request)
		var states [2]T
		for index, text := range [][]byte{before, after} {
			if err := json.Unmarshal(text, &states[index]); err != nil {
				return err
			}
			if cluster, ok := any(states[index]).(*clusterv1.Cluster); ok {
				created(cluster)
			}
			if defaulter == nil {
				continue
			}
			if err := defaulter.Default(ctx, states[index]); err != nil {
				return err
			}
		}
		_, err := validator.ValidateUpdate(ctx, states[0], states[1])
		return err
	}
}

// created sets the references that Cluster API sets in a cluster with a class.
func created(cluster *clusterv1.Cluster) {
	if cluster.Spec.Topology.IsDefined() && cluster.Namespace == "two" {
		cluster.Spec.ControlPlaneRef = clusterv1.ContractVersionedObjectReference{
			APIGroup: controlplanev1.GroupVersion.Group, Kind: "KubeadmControlPlane", Name: cluster.Name,
		}
		cluster.Spec.InfrastructureRef = clusterv1.ContractVersionedObjectReference{
			APIGroup: "infrastructure.cluster.x-k8s.io", Kind: "DevCluster", Name: cluster.Name,
		}
	}
}

func class(namespace, name string) *clusterv1.ClusterClass {
	text := `{"spec": {
		"infrastructure": {"templateRef": {"apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2", "kind": "DevClusterTemplate", "name": "a"}},
		"controlPlane": {"templateRef": {"apiVersion": "controlplane.cluster.x-k8s.io/v1beta2", "kind": "KubeadmControlPlaneTemplate", "name": "a"}},
		"workers": {"machineDeployments": [{"class": "default-worker"}], "machinePools": [{"class": "default-worker"}]},
		"variables": [{"name": "region", "required": true, "schema": {"openAPIV3Schema": {"type": "string"}}}]}}`
	class := &clusterv1.ClusterClass{}
	if err := json.Unmarshal([]byte(text), class); err != nil {
		panic(err)
	}
	class.Namespace, class.Name = namespace, name
	return class
}

// server is a client of a server with ClusterClasses and a control plane that runs the version of the cluster before its update.
type server struct{ reader }

func (s server) Get(ctx context.Context, key client.ObjectKey, object client.Object, options ...client.GetOption) error {
	switch object := object.(type) {
	case *metav1.PartialObjectMetadata:
		object.Labels = map[string]string{clusterv1.GroupVersion.String(): "v1beta2"}
		return nil
	case *unstructured.Unstructured:
		object.Object["spec"] = map[string]any{"version": "v1.34.1"}
		object.Object["status"] = map[string]any{"version": "v1.34.1"}
		return nil
	}
	return s.reader.Get(ctx, key, object, options...)
}

// List returns nothing: no pool is being upgraded.
func (server) List(context.Context, client.ObjectList, ...client.ListOption) error { return nil }

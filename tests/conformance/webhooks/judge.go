// Package webhooks validates objects with the webhooks of Cluster API: defaulting first, then validation as new objects.
package webhooks

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	addonsv1 "sigs.k8s.io/cluster-api/api/addons/v1beta2"
	bootstrapv1 "sigs.k8s.io/cluster-api/api/bootstrap/kubeadm/v1beta2"
	controlplanev1 "sigs.k8s.io/cluster-api/api/controlplane/kubeadm/v1beta2"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"
	bootstrap "sigs.k8s.io/cluster-api/bootstrap/kubeadm/webhooks/admission"
	controlplane "sigs.k8s.io/cluster-api/controlplane/kubeadm/webhooks/admission"
	core "sigs.k8s.io/cluster-api/core/webhooks/admission"
	"sigs.k8s.io/cluster-api/feature"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

func init() {
	// What Cluster API is told to know by those who use classes.
	if err := feature.MutableGates.Set("ClusterTopology=true"); err != nil {
		panic(err)
	}
}

// Judge knows the webhooks, and the classes that clusters may be of.
type Judge struct {
	kinds map[schema.GroupVersionKind]func(object []byte) error
}

// New is a judge of objects that are sent to a server with these classes.
func New(classes ...*clusterv1.ClusterClass) *Judge {
	known := reader{}
	for _, class := range classes {
		known[client.ObjectKeyFromObject(class)] = reconciled(class)
	}
	judge := &Judge{map[schema.GroupVersionKind]func([]byte) error{}}
	of := clusterv1.GroupVersion.WithKind
	judge.kinds[of("Cluster")] = with(&core.Cluster{Client: known}, &core.Cluster{Client: known})
	judge.kinds[of("ClusterClass")] = with[*clusterv1.ClusterClass](nil, &core.ClusterClass{Client: known})
	judge.kinds[of("Machine")] = with(&core.Machine{}, &core.Machine{})
	judge.kinds[of("MachineSet")] = with(&core.MachineSet{}, &core.MachineSet{})
	judge.kinds[of("MachineDeployment")] = with(&core.MachineDeployment{}, &core.MachineDeployment{})
	judge.kinds[of("MachinePool")] = with(&core.MachinePool{}, &core.MachinePool{})
	judge.kinds[of("MachineHealthCheck")] = with(&core.MachineHealthCheck{}, &core.MachineHealthCheck{})
	judge.kinds[addonsv1.GroupVersion.WithKind("ClusterResourceSet")] = with(&core.ClusterResourceSet{}, &core.ClusterResourceSet{})
	judge.kinds[controlplanev1.GroupVersion.WithKind("KubeadmControlPlane")] =
		with(&controlplane.KubeadmControlPlane{}, &controlplane.KubeadmControlPlane{})
	judge.kinds[controlplanev1.GroupVersion.WithKind("KubeadmControlPlaneTemplate")] =
		with[*controlplanev1.KubeadmControlPlaneTemplate](nil, &controlplane.KubeadmControlPlaneTemplate{})
	judge.kinds[bootstrapv1.GroupVersion.WithKind("KubeadmConfig")] = with[*bootstrapv1.KubeadmConfig](nil, &bootstrap.KubeadmConfig{})
	judge.kinds[bootstrapv1.GroupVersion.WithKind("KubeadmConfigTemplate")] =
		with(&bootstrap.KubeadmConfigTemplate{}, &bootstrap.KubeadmConfigTemplate{})
	return judge
}

// Judge tells whether there is a webhook for an object, and what it has against it.
func (j *Judge) Judge(object []byte) (bool, error) {
	var kind metav1.TypeMeta
	if err := json.Unmarshal(object, &kind); err != nil {
		return false, err
	}
	judge := j.kinds[kind.GroupVersionKind()]
	if judge == nil {
		return false, nil
	}
	return true, judge(object)
}

// with is the judge of one kind.
func with[T client.Object](defaulter admission.Defaulter[T], validator admission.Validator[T]) func([]byte) error {
	return func(text []byte) error {
		var object T
		if err := json.Unmarshal(text, &object); err != nil {
			return err
		}
		request := admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{Operation: admissionv1.Create}}
		// A class that does not exist stays away: nobody waits for it.
		soon, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		ctx := admission.NewContextWithRequest(soon, request)
		if defaulter != nil {
			if err := defaulter.Default(ctx, object); err != nil {
				return err
			}
		}
		_, err := validator.ValidateCreate(ctx, object)
		return err
	}
}

// reconciled is the class with the status that its controller gives it, without which nothing is judged by it.
func reconciled(class *clusterv1.ClusterClass) *clusterv1.ClusterClass {
	class = class.DeepCopy()
	class.Status.ObservedGeneration = class.Generation
	class.Status.Conditions = []metav1.Condition{{Type: clusterv1.ClusterClassVariablesReadyCondition, Status: metav1.ConditionTrue}}
	for _, variable := range class.Spec.Variables {
		class.Status.Variables = append(class.Status.Variables, clusterv1.ClusterClassStatusVariable{
			Name: variable.Name,
			Definitions: []clusterv1.ClusterClassStatusVariableDefinition{{
				From:     clusterv1.VariableDefinitionFromInline,
				Required: variable.Required,
				Schema:   variable.Schema,
			}},
		})
	}
	return class
}

// reader is a server that knows classes and nothing else.
type reader map[client.ObjectKey]*clusterv1.ClusterClass

func (r reader) Get(_ context.Context, key client.ObjectKey, object client.Object, _ ...client.GetOption) error {
	class, ok := object.(*clusterv1.ClusterClass)
	if !ok {
		return fmt.Errorf("a webhook asks for a %T", object)
	}
	found := r[key]
	if found == nil {
		return apierrors.NewNotFound(clusterv1.GroupVersion.WithResource("clusterclasses").GroupResource(), key.Name)
	}
	found.DeepCopyInto(class)
	return nil
}

func (r reader) List(_ context.Context, list client.ObjectList, _ ...client.ListOption) error {
	return fmt.Errorf("a webhook asks for a %T", list)
}

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
	// Cluster API requires these settings from callers that use ClusterClasses.
	if err := feature.MutableGates.Set("ClusterTopology=true"); err != nil {
		panic(err)
	}
}

// Validator contains the webhooks, and the ClusterClasses of clusters.
type Validator struct {
	kinds map[schema.GroupVersionKind]func(object []byte) error
}

// New returns a validator for objects that are sent to a server with these ClusterClasses.
func New(classes ...*clusterv1.ClusterClass) *Validator {
	known := reader{}
	for _, class := range classes {
		known[client.ObjectKeyFromObject(class)] = reconciled(class)
	}
	validator := &Validator{map[schema.GroupVersionKind]func([]byte) error{}}
	of := clusterv1.GroupVersion.WithKind
	validator.kinds[of("Cluster")] = with(&core.Cluster{Client: known}, &core.Cluster{Client: known})
	validator.kinds[of("ClusterClass")] = with[*clusterv1.ClusterClass](nil, &core.ClusterClass{Client: known})
	validator.kinds[of("Machine")] = with(&core.Machine{}, &core.Machine{})
	validator.kinds[of("MachineSet")] = with(&core.MachineSet{}, &core.MachineSet{})
	validator.kinds[of("MachineDeployment")] = with(&core.MachineDeployment{}, &core.MachineDeployment{})
	validator.kinds[of("MachinePool")] = with(&core.MachinePool{}, &core.MachinePool{})
	validator.kinds[of("MachineHealthCheck")] = with(&core.MachineHealthCheck{}, &core.MachineHealthCheck{})
	validator.kinds[addonsv1.GroupVersion.WithKind("ClusterResourceSet")] = with(&core.ClusterResourceSet{}, &core.ClusterResourceSet{})
	validator.kinds[controlplanev1.GroupVersion.WithKind("KubeadmControlPlane")] =
		with(&controlplane.KubeadmControlPlane{}, &controlplane.KubeadmControlPlane{})
	validator.kinds[controlplanev1.GroupVersion.WithKind("KubeadmControlPlaneTemplate")] =
		with[*controlplanev1.KubeadmControlPlaneTemplate](nil, &controlplane.KubeadmControlPlaneTemplate{})
	validator.kinds[bootstrapv1.GroupVersion.WithKind("KubeadmConfig")] = with[*bootstrapv1.KubeadmConfig](nil, &bootstrap.KubeadmConfig{})
	validator.kinds[bootstrapv1.GroupVersion.WithKind("KubeadmConfigTemplate")] =
		with(&bootstrap.KubeadmConfigTemplate{}, &bootstrap.KubeadmConfigTemplate{})
	return validator
}

// Validate returns whether there is a webhook for an object, and its errors.
func (j *Validator) Validate(object []byte) (bool, error) {
	var kind metav1.TypeMeta
	if err := json.Unmarshal(object, &kind); err != nil {
		return false, err
	}
	validator := j.kinds[kind.GroupVersionKind()]
	if validator == nil {
		return false, nil
	}
	return true, validator(object)
}

// with returns the validator of one kind.
func with[T client.Object](defaulter admission.Defaulter[T], validator admission.Validator[T]) func([]byte) error {
	return func(text []byte) error {
		var object T
		if err := json.Unmarshal(text, &object); err != nil {
			return err
		}
		request := admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{Operation: admissionv1.Create}}
		// A missing ClusterClass remains missing, so the webhook must not wait for it.
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

// reconciled returns the ClusterClass with the status that its controller sets, without which no cluster is validated against it.
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

// reader is a client of a server that contains only ClusterClasses.
type reader map[client.ObjectKey]*clusterv1.ClusterClass

func (r reader) Get(_ context.Context, key client.ObjectKey, object client.Object, _ ...client.GetOption) error {
	class, ok := object.(*clusterv1.ClusterClass)
	if !ok {
		return fmt.Errorf("a webhook requests a %T", object)
	}
	found := r[key]
	if found == nil {
		return apierrors.NewNotFound(clusterv1.GroupVersion.WithResource("clusterclasses").GroupResource(), key.Name)
	}
	found.DeepCopyInto(class)
	return nil
}

func (r reader) List(_ context.Context, list client.ObjectList, _ ...client.ListOption) error {
	return fmt.Errorf("a webhook requests a %T", list)
}

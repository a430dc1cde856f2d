package schemas

import (
	"fmt"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// defaulted is a required field that a mutating webhook sets if it is missing. An API server runs these webhooks before it
// validates an object, so the field is not required where the controller is installed.
type defaulted struct {
	group, kind string
	// at is the path of the mapping, with [] for the items of a sequence.
	at     string
	fields []string
	source string
}

const (
	capi   = "cluster.x-k8s.io"
	kubadm = "controlplane.cluster.x-k8s.io"
	infra  = "infrastructure.cluster.x-k8s.io"

	deploymentWebhook   = "cluster-api v1.14.2, core/webhooks/admission/machinedeployment.go, Default"
	setWebhook          = "cluster-api v1.14.2, core/webhooks/admission/machineset.go, Default"
	controlPlaneWebhook = "cluster-api v1.14.2, controlplane/kubeadm/webhooks/admission/kubeadmcontrolplane.go, Default"
	azureCluster        = "cluster-api-provider-azure v1.26.0, internal/api/v1beta1/azurecluster_default.go"
	azureControlPlane   = "cluster-api-provider-azure v1.26.0, internal/api/v1beta1/azuremanagedcontrolplane_default.go"
)

var allDefaulted = []defaulted{
	{capi, "MachineDeployment", "spec", []string{"selector"}, deploymentWebhook},
	{capi, "MachineDeployment", "spec.rollout.strategy", []string{"type"}, deploymentWebhook},
	{capi, "MachineSet", "spec", []string{"selector"}, setWebhook},
	{kubadm, "KubeadmControlPlane", "spec.rollout.strategy", []string{"type"}, controlPlaneWebhook},
	{infra, "AzureCluster", "spec.networkSpec.vnet", []string{"name"}, azureCluster},
	{infra, "AzureCluster", "spec.networkSpec.subnets.[]", []string{"name"}, azureCluster},
	{infra, "AzureCluster", "spec.networkSpec.subnets.[].securityGroup", []string{"name"}, azureCluster},
	{infra, "AzureCluster", "spec.networkSpec.subnets.[].routeTable", []string{"name"}, azureCluster},
	{infra, "AzureCluster", "spec.networkSpec.subnets.[].natGateway", []string{"name"}, azureCluster},
	{infra, "AzureCluster", "spec.networkSpec.apiServerLB.frontendIPs.[]", []string{"name"}, azureCluster},
	{infra, "AzureCluster", "spec.bastionSpec.azureBastion.subnet", []string{"name", "role"}, azureCluster},
	{infra, "AzureCluster", "spec.bastionSpec.azureBastion.publicIP", []string{"name"}, azureCluster},
	{infra, "AzureManagedControlPlane", "spec", []string{"resourceGroupName"}, azureControlPlane},
	{infra, "AzureManagedControlPlane", "spec.virtualNetwork", []string{"name", "cidrBlock"}, azureControlPlane},
	{infra, "AzureManagedControlPlane", "spec.virtualNetwork.subnet", []string{"name", "cidrBlock"}, azureControlPlane},
}

// relax removes the fields that webhooks set from the required ones of a definition. A row without an effect is an error.
func relax(crd *apiextensionsv1.CustomResourceDefinition) error {
	kind := schema.GroupKind{Group: crd.Spec.Group, Kind: crd.Spec.Names.Kind}
	for _, row := range allDefaulted {
		if row.group != kind.Group || row.kind != kind.Kind {
			continue
		}
		found := false
		for i := range crd.Spec.Versions {
			root := crd.Spec.Versions[i].Schema.OpenAPIV3Schema
			found = drop(root, strings.Split(row.at, "."), row.fields) || found
		}
		if !found {
			return fmt.Errorf("%v: %s requires none of %v", kind, row.at, row.fields)
		}
	}
	return nil
}

// drop removes required fields at a path, and reports whether there were any.
func drop(s *apiextensionsv1.JSONSchemaProps, path []string, fields []string) (found bool) {
	if len(path) == 0 {
		before := len(s.Required)
		s.Required = slices.DeleteFunc(s.Required, func(name string) bool { return slices.Contains(fields, name) })
		return len(s.Required) < before
	}
	if path[0] == "[]" {
		return s.Items != nil && s.Items.Schema != nil && drop(s.Items.Schema, path[1:], fields)
	}
	property, is := s.Properties[path[0]]
	if !is {
		return false
	}
	found = drop(&property, path[1:], fields)
	s.Properties[path[0]] = property
	return found
}

package schemas

import "strings"

// isInvented reports whether a kind is in a group of example.org, which the tests use for invented kinds.
func isInvented(kind string) bool {
	group, _, _ := strings.Cut(kind, "/")
	return group == "example.org" || strings.HasSuffix(group, ".example.org")
}

// withoutSchema are the kinds in the output that this package cannot check, each with the reason.
var withoutSchema = map[string]string{
	"eks.blog.io/v1alpha1 EKSCluster":                                "a platform's own composite resource, defined in its Crossplane",
	"eks.blog.io/v1beta1 EKSCluster":                                 "the same in its next version",
	"cognitoidp.aws.m.upbound.io/v1beta1 UserInGroup":                "of a Crossplane provider, whose CRDs are in no Go module",
	"iam.services.k8s.aws/v1alpha1 Role":                             "of AWS Controllers for Kubernetes, whose Go modules the proxy does not contain",
	"eks.services.k8s.aws/v1alpha1 PodIdentityAssociation":           "the same",
	"other.blog.io/v1alpha1 EKSCluster":                              "invented: the same kind in another group",
	"controlplane.cluster.x-k8s.io/v1 DeepControlPlane":              "invented: a kind whose name contains a variable",
	"controlplane.cluster.x-k8s.io/v1 OpenControlPlane":              "the same",
	"infrastructure.cluster.x-k8s.io/v1 CoalCluster":                 "the same",
	"infrastructure.cluster.x-k8s.io/v1 CoalIdentity":                "the same",
	"infrastructure.cluster.x-k8s.io/v1 StoneCluster":                "the same",
	"infrastructure.cluster.x-k8s.io/v1 OvenCluster":                 "invented: infrastructure that a Cluster refers to",
	"infrastructure.cluster.x-k8s.io/v1 StallMachine":                "invented: a machine that a Machine refers to",
	"infrastructure.cluster.x-k8s.io/v1beta2 OneTemplate":            "invented: an object that is renamed",
	"infrastructure.cluster.x-k8s.io/v1beta2 OtherTemplate":          "invented: the same",
	"fleet.cattle.io/v1alpha1 HelmOp":                                "of Rancher Fleet, whose Go module the proxy does not contain",
	"fleet.cattle.io/v1alpha1 Bundle":                                "the same",
	"work.open-cluster-management.io/v1 ManifestWork":                "of Open Cluster Management, whose Go module the proxy does not contain",
	"k0rdent.mirantis.com/v1beta1 ServiceTemplate":                   "of k0rdent, whose Go module the proxy does not contain",
	"k0rdent.mirantis.com/v1beta1 MultiClusterService":               "the same",
	"k0rdent.mirantis.com/v1beta1 ClusterDeployment":                 "the same",
	"infrastructure.cluster.x-k8s.io/v1beta1 Metal3DataTemplate":     "of Metal3, whose CRDs the suite does not read",
	"infrastructure.cluster.x-k8s.io/v1beta1 Metal3MachineTemplate":  "the same",
	"infrastructure.cluster.x-k8s.io/v1beta1 OpenStackCluster":       "of the OpenStack provider, whose CRDs the suite does not read",
	"infrastructure.cluster.x-k8s.io/v1beta1 VSphereClusterIdentity": "of the vSphere provider, whose CRDs the suite does not read",
	"infrastructure.cluster.x-k8s.io/v1beta1 VSphereMachineTemplate": "the same",
}

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

// shortened are the fleets whose templates contain only the fields of the case, each with all expected errors. No example is
// among them.
var shortened = map[string][]string{
	"testdata/ok/checks/in": {
		"KubeadmConfigTemplate: spec.template.spec: Invalid value: 0: spec.template.spec in body should have at least 1 properties",
		"MachineDeployment: spec.selector: Required value",
	},
	"testdata/ok/deletion-allow/in":   bare,
	"testdata/ok/deletion-confirm/in": bare,
	"testdata/ok/deletion-forbid/in":  bare,
	"testdata/ok/empty-sequences/in": {
		"Cluster: spec.topology.classRef: Required value",
		"Cluster: spec.topology.version: Required value",
		"Cluster: spec.topology.workers.machineDeployments: Invalid value: 0: spec.topology.workers.machineDeployments in body should have at least 1 items",
		"Cluster: spec.topology.workers.machinePools: Invalid value: 0: spec.topology.workers.machinePools in body should have at least 1 items",
	},
	"testdata/ok/guard-addons-forbid/in": empty,
	"testdata/ok/guard-in-templates/in": {
		"Machine: spec.bootstrap: Required value",
		"MachineSet: spec.selector: Required value",
		"MachineSet: spec.template: Required value",
	},
	"testdata/ok/guard-unknown-kinds/in": {
		`Cluster: unknown field "spec.access"`,
		`Cluster: unknown field "spec.guest"`,
		`Cluster: unknown field "spec.pits"`,
	},
	"testdata/ok/namespaces-of-entries/in": empty,
	"testdata/ok/profiles-of-fleet/in":     empty,
	"testdata/ok/guard-owned-kinds/in": {
		"Cluster: spec: Required value",
		"MachineHealthCheck: spec: Required value",
		"MachinePool: spec: Required value",
	},
	"testdata/ok/guard-references/in": {
		"KubeadmControlPlane: spec.version: Required value",
		"MachineDeployment: spec.selector: Required value",
		"SecretStore: spec.provider: Invalid value: 0: spec.provider in body should have at least 1 properties",
	},
	"testdata/ok/lock-objects/in":         empty,
	"testdata/ok/lookups-in-one-patch/in": empty,
	"testdata/ok/movable-spoke/in":        empty,
	"testdata/ok/release-moves/in":        empty,
	"testdata/ok/guard-cluster-class/in": {
		"ClusterClass: spec.controlPlane: Required value",
		"ClusterClass: spec.infrastructure: Required value",
	},
	"testdata/ok/guard-set-by-template/in": {
		"Cluster: spec: Required value",
		"MachineDeployment: spec: Required value",
		"MachinePool: spec: Required value",
	},
	"testdata/ok/fields-converted/in":         invented("replicas", "text"),
	"testdata/ok/fields-defaults/in":          invented("options", "tags"),
	"testdata/ok/fields-unique-disjoint/in":   invented("account", "cidr"),
	"testdata/ok/list-key-is-cluster-name/in": invented("a"),
	"testdata/ok/list-mapping/in":             invented("region"),
	"testdata/ok/rotate/in": {
		"ClusterClass: spec.controlPlane: Required value",
		`DockerMachinePoolTemplate: unknown field "spec.template.spec.customImage"`,
		"MachineDeployment: spec.selector: Required value",
		"MachinePool: spec.template.spec.bootstrap: Required value",
		"MachinePool: spec.template.spec.clusterName: Required value",
	},
	"testdata/ok/template-path-variable/in": invented("cloud"),
	"testdata/ok/typed-scalars/in": invented("boolean", "defaults", "flow", "folded", "glued", "list", "map", "mixed", "number",
		"quoted", "ratio", "reached", "text"),
	"testdata/ok/unquoted-labels/in": append(invented("a", "z"),
		"MachineDeployment: spec.clusterName: Required value",
		"MachineDeployment: spec.template.spec: Required value"),
	"testdata/ok/value-is-data/in": invented("a", "b", "c", "d"),
	"testdata/ok/warnings/in":      invented("big", "flag", "mode", "text", "version"),
}

// empty is the error of fleets whose Clusters have no spec.
var empty = []string{"Cluster: spec: Required value"}

// bare are the errors of fleets that contain only kinds and references.
var bare = []string{
	`Cluster: unknown field "spec.infrastructureRef.apiVersion"`,
	"Cluster: spec.infrastructureRef.apiGroup: Required value",
	"KubeadmControlPlane: spec: Required value",
	"MachineDeployment: spec.clusterName: Required value",
	"MachineDeployment: spec.selector: Required value",
	"MachineDeployment: spec.template: Required value",
	"MachinePool: spec.clusterName: Required value",
	"MachinePool: spec.template: Required value",
}

// invented are the errors of a Cluster whose spec contains only invented fields.
func invented(fields ...string) []string {
	problems := []string{"Cluster: spec: Invalid value: 0: spec in body should have at least 1 properties"}
	for _, field := range fields {
		problems = append(problems, `Cluster: unknown field "spec.`+field+`"`)
	}
	return problems
}

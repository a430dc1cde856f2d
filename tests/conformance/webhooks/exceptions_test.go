package webhooks

// shortened are what the webhooks have against fleets whose templates say only what the case is about, and the fleets. No
// example is among them.
var shortened = map[string][]string{
	"Cluster: spec: Forbidden: one of spec.controlPlaneRef, spec.infrastructureRef or spec.topology must be set": cases(
		"allow-empty", "anchors", "blocks", "byte-order-mark", "cluster-scoped", "empty-documents", "equal-objects-once",
		"expressions", "guard-own-namespace", "labels-omitted", "labels-many-sets", "line-ends", "list-documents", "list-glob",
		"list-mapping-of-strings", "list-sequence", "lists-two", "namespace-shared", "explicit-namespaces", "spread-labels",
		"template-selector",
	),
}

// cases are the directories of cases in testdata/ok.
func cases(names ...string) (folders []string) {
	for _, name := range names {
		folders = append(folders, "testdata/ok/"+name+"/in")
	}
	return folders
}

// missed is what a webhook rejects and the program does not find. It judges values, which differ between clusters. What an object
// lacks or says twice is so for every cluster, and the first one that is applied tells.
var missed = []difference{
	{"*: taints are not allowed to be set when the feature gate", gates},
	{"*: taints feature for MachinePools is not yet implemented", gates},
	{"*: can be set only if the KubeadmBootstrapFormatIgnition feature gate", gates},
	{"Cluster of a class: one of spec.controlPlaneRef, spec.infrastructureRef or spec.topology must be set", lacks},
	{"*: expected either spec.template.spec.bootstrap.dataSecretName", lacks},
	{"MachineHealthCheck: selector must not be empty", lacks},
	{"KubeadmControlPlane: must be set to the same value both in initConfiguration.timeouts (unset)", lacks},
	{"KubeadmControlPlane: and in joinConfiguration.timeouts (unset)", lacks},
	{"*: path property must be unique among all files", twice},
	{"*: only one of content or contentFrom", twice},
	{"*: only one of passwd or passwdFrom", twice},
	{"KubeadmControlPlane: cannot have both external and local etcd", twice},
	{"MachineDeployment: spec.selector: Invalid value: values: ", "an expression of a selector, which a template writes out"},
	{"*: must match spec.selector", "the labels of a selector are compared key by key, and the keys are the template's own"},
	{"MachineDeployment: taint key is not allowed", "a key of a taint, which a template writes out"},
	{"*: spec.machineNaming.template: Invalid value: invalid template", "a text for Cluster API's own template engine, which no value reaches"},
	{"MachineDeployment: skipped preflight check(s) must be among", "names of checks, which each version of Cluster API has its own of"},
	{"KubeadmControlPlane: failed to parse CoreDNS version", "which tags name a version of CoreDNS, only its migration code knows"},
}

const (
	gates = "whether a gate of Cluster API is open is not known offline"
	lacks = "something is not there"
	twice = "something is said twice"
)

// stricter is what the program rejects and no webhook does.
var stricter = []difference{
	{"KubeadmControlPlane: refused-value", "a tag that begins with a dash, which no registry takes"},
}

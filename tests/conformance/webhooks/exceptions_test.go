package webhooks

// shortened are the errors of the webhooks for fleets whose templates contain only the fields of the case, and the fleets. No
// example is among them.
var shortened = map[string][]string{
	"Cluster: spec: Forbidden: one of spec.controlPlaneRef, spec.infrastructureRef or spec.topology must be set": cases(
		"allow-empty", "anchors", "blocks", "byte-order-mark", "cluster-scoped", "empty-documents", "equal-objects-once",
		"expressions", "fleet-name", "guard-in-templates", "guard-own-namespace", "labels-omitted", "labels-written-win", "labels-many-sets", "line-ends", "list-documents", "list-glob",
		"list-mapping-of-strings", "list-sequence", "lists-two", "namespace-shared", "runtime-values-null", "explicit-namespaces", "spread-labels",
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

// missed are errors that a webhook reports and the program does not. The program validates values, which differ between clusters.
// Missing and duplicate fields affect every cluster, so the first object that is applied shows them.
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
	{"MachineDeployment: spec.selector: Invalid value: values: ", "an expression of a selector, which a template contains as a constant"},
	{"*: must match spec.selector", "the labels of a selector are compared by key, and the keys are constants of the template"},
	{"MachineDeployment: taint key is not allowed", "a key of a taint, which a template contains as a constant"},
	{"*: spec.machineNaming.template: Invalid value: invalid template", "a string for the template engine of Cluster API, in which no variable is substituted"},
	{"MachineDeployment: skipped preflight check(s) must be among", "names of checks, which differ between versions of Cluster API"},
	{"KubeadmControlPlane: failed to parse CoreDNS version", "only the migration code of CoreDNS defines which tags are versions"},
}

const (
	gates = "the feature gates of Cluster API are not known offline"
	lacks = "a required field is missing"
	twice = "something is set twice"
)

// stricter are errors that the program reports and no webhook does.
var stricter = []difference{
	{"KubeadmControlPlane: refused-value", "a tag that begins with a dash, which no registry accepts"},
}

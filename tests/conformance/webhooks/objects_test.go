package webhooks

// objects are valid objects of the kinds with the most webhook rules. Their names and clusters are added later.
var objects = map[string]string{
	"Cluster": `{"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": {"labels": {"type": "x"}}, "spec": {
		"clusterNetwork": {"apiServerPort": 6443, "serviceDomain": "cluster.local",
			"pods": {"cidrBlocks": ["192.168.0.0/16"]}, "services": {"cidrBlocks": ["10.128.0.0/12"]}},
		"controlPlaneEndpoint": {"host": "example.org", "port": 443},
		"controlPlaneRef": {"apiGroup": "controlplane.cluster.x-k8s.io", "kind": "KubeadmControlPlane", "name": "one"},
		"infrastructureRef": {"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "DevCluster", "name": "one"}}}`,
	"Cluster of a class": `{"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": {"annotations": {"a": "b"}}, "spec": {
		"clusterNetwork": {"pods": {"cidrBlocks": ["192.168.0.0/16"]}}, "topology": {
		"classRef": {"name": "quick-start", "namespace": "classes"}, "version": "v1.34.0",
		"controlPlane": {"replicas": 3, "metadata": {"labels": {"a": "b"}},
			"healthCheck": {"checks": {"nodeStartupTimeoutSeconds": 600}}, "deletion": {"nodeDrainTimeoutSeconds": 60}},
		"workers": {"machineDeployments": [{"class": "default-worker", "name": "md-0", "replicas": 2, "metadata": {"annotations": {"a": "b"}},
				"rollout": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}}}}],
			"machinePools": [{"class": "default-worker", "name": "mp-0", "replicas": 1}]},
		"variables": [{"name": "region", "value": "eu-west-1"}]}}}`,
	"MachineDeployment": `{"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineDeployment", "metadata": {}, "spec": {
		"clusterName": "one", "replicas": 2, "selector": {"matchLabels": {"pool": "md-0"}},
		"rollout": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}}},
		"remediation": {"maxInFlight": "20%"}, "machineNaming": {"template": "{{ .machineSet.name }}-{{ .random }}"},
		"template": {"metadata": {"labels": {"pool": "md-0"}, "annotations": {"a": "b"}}, "spec": {"clusterName": "one", "version": "v1.34.0",
			"bootstrap": {"configRef": {"apiGroup": "bootstrap.cluster.x-k8s.io", "kind": "KubeadmConfigTemplate", "name": "md-0"}},
			"infrastructureRef": {"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "DevMachineTemplate", "name": "md-0"},
			"deletion": {"nodeDrainTimeoutSeconds": 60}, "failureDomain": "a"}}}}`,
	"MachineSet": `{"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineSet", "metadata": {}, "spec": {
		"clusterName": "one", "replicas": 2, "selector": {"matchLabels": {"pool": "md-0"}}, "deletion": {"order": "Random"},
		"template": {"metadata": {"labels": {"pool": "md-0"}}, "spec": {"clusterName": "one", "version": "v1.34.0",
			"bootstrap": {"dataSecretName": "s"},
			"infrastructureRef": {"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "DevMachineTemplate", "name": "md-0"}}}}}`,
	"MachinePool": `{"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachinePool", "metadata": {}, "spec": {
		"clusterName": "one", "replicas": 2, "failureDomains": ["a"],
		"template": {"metadata": {"labels": {"a": "b"}}, "spec": {"clusterName": "one", "version": "v1.34.0", "bootstrap": {"dataSecretName": ""},
			"infrastructureRef": {"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "AWSManagedMachinePool", "name": "mp-0"}}}}}`,
	"KubeadmControlPlane": `{"apiVersion": "controlplane.cluster.x-k8s.io/v1beta2", "kind": "KubeadmControlPlane", "metadata": {}, "spec": {
		"replicas": 3, "version": "v1.34.0", "machineNaming": {"template": "{{ .kubeadmControlPlane.name }}-{{ .random }}"},
		"rollout": {"before": {"certificatesExpiryDays": 21}, "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}},
		"machineTemplate": {"metadata": {"labels": {"a": "b"}}, "spec": {"infrastructureRef":
			{"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "DevMachineTemplate", "name": "cp"}}},
		"kubeadmConfigSpec": {"clusterConfiguration": {"certificateValidityPeriodDays": 365, "caCertificateValidityPeriodDays": 3650,
				"dns": {"imageTag": "v1.12.0"}, "etcd": {"local": {"imageTag": "3.6.4-0"}}, "imageRepository": "registry.example.org"},
			"files": [{"path": "/etc/one", "content": "x"}, {"path": "/etc/two", "contentFrom": {"secret": {"name": "s", "key": "k"}}}],
			"users": [{"name": "ann", "lockPassword": true, "passwd": "x"}], "preKubeadmCommands": ["true"], "format": "cloud-config",
			"initConfiguration": {"timeouts": {"controlPlaneComponentHealthCheckSeconds": 240}},
			"joinConfiguration": {"timeouts": {"controlPlaneComponentHealthCheckSeconds": 240}}}}}`,
	"KubeadmConfigTemplate": `{"apiVersion": "bootstrap.cluster.x-k8s.io/v1beta2", "kind": "KubeadmConfigTemplate", "metadata": {}, "spec": {
		"template": {"metadata": {"labels": {"a": "b"}}, "spec": {"format": "cloud-config",
			"files": [{"path": "/etc/one", "content": "x"}, {"path": "/etc/two", "contentFrom": {"secret": {"name": "s", "key": "k"}}}],
			"users": [{"name": "ann", "passwdFrom": {"secret": {"name": "s", "key": "k"}}}],
			"diskSetup": {"filesystems": [{"device": "/dev/a", "filesystem": "ext4", "label": "a"}]},
			"joinConfiguration": {"nodeRegistration": {"kubeletExtraArgs": [{"name": "v", "value": "2"}]}}}}}}`,
	"MachineHealthCheck": `{"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineHealthCheck", "metadata": {}, "spec": {
		"clusterName": "one", "selector": {"matchLabels": {"pool": "md-0"}},
		"checks": {"nodeStartupTimeoutSeconds": 600, "unhealthyNodeConditions": [{"type": "Ready", "status": "False", "timeoutSeconds": 300}]},
		"remediation": {"triggerIf": {"unhealthyLessThanOrEqualTo": "40%"}}}}`,
}

// more are optional fields of a valid object, each with values of which some are errors.
var more = map[string][]extra{
	"Cluster": {
		{"spec.clusterNetwork.pods.cidrBlocks", `["10.0.0.0/16", "fd00::/48"]`, `["10.0.0.0/8", "192.168.0.0"]`, `["fd00::/129"]`, `["10.0.0.0/16","10.0.0.0/33"]`},
		{"spec.paused", `true`},
	},
	"Cluster of a class": {
		{"metadata.annotations", `{"topology.cluster.x-k8s.io/upgrade-concurrency": "0"}`, `{"topology.cluster.x-k8s.io/upgrade-concurrency": "x"}`,
			`{"topology.cluster.x-k8s.io/upgrade-concurrency": "2"}`},
		{"spec.topology.controlPlane.taints", `[{"key": "a", "value": "b", "effect": "NoSchedule", "propagation": "Always"}]`},
		{"spec.topology.workers.machineDeployments", `[{"class": "c", "name": "a"}, {"class": "c", "name": "a"}]`,
			`[{"class": "c", "name": "a", "replicas": 2, "metadata": {"annotations": {"cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size": "1"}}}]`,
			`[{"class": "c", "name": "a", "metadata": {"annotations": {"cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size": "1"}}}]`},
	},
	"MachineDeployment": {
		{"spec.template.spec.taints", `[{"key": "node.cluster.x-k8s.io/uninitialized", "effect": "NoSchedule", "propagation": "Always"}]`,
			`[{"key": "a", "value": "b", "effect": "NoSchedule", "propagation": "Always"}]`,
			`[{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule", "propagation": "Always"}]`},
		{"metadata.annotations", `{"machineset.cluster.x-k8s.io/skip-preflight-checks": "Bad"}`,
			`{"machineset.cluster.x-k8s.io/skip-preflight-checks": "All"}`},
		{"spec.selector", `{}`, `{"matchExpressions": [{"key": "pool", "operator": "In", "values": []}]}`,
			`{"matchExpressions": [{"key": "pool", "operator": "Exists", "values": ["a"]}]}`},
		{"spec.rollout.strategy.rollingUpdate", `{"maxSurge": 0, "maxUnavailable": 0}`, `{"maxUnavailable": 0, "maxSurge": "0%"}`},
	},
	"MachinePool": {
		{"spec.template.spec.taints", `[{"key": "a", "effect": "NoSchedule", "propagation": "Always"}]`},
	},
	"KubeadmControlPlane": {
		{"spec.replicas", `1`, `2`, `4`, `5`},
		{"spec.kubeadmConfigSpec.clusterConfiguration.etcd", `{"external": {"endpoints": ["https://a"], "caFile": "a", "certFile": "b", "keyFile": "c"}}`,
			`{"external": {"endpoints": ["https://a"], "caFile": "a", "certFile": "b", "keyFile": "c"}, "local": {"imageTag": "3"}}`},
		{"spec.kubeadmConfigSpec.files", `[{"path": "/a", "content": "x"}, {"path": "/a", "content": "y"}]`,
			`[{"path": "/a", "content": "x", "contentFrom": {"secret": {"name": "s", "key": "k"}}}]`},
		{"spec.kubeadmConfigSpec.users", `[{"name": "a", "passwd": "x", "passwdFrom": {"secret": {"name": "s", "key": "k"}}}]`},
		{"spec.kubeadmConfigSpec.ignition", `{"containerLinuxConfig": {"strict": true}}`},
	},
	"KubeadmConfigTemplate": {
		{"spec.template.spec.files", `[{"path": "/a", "content": "x"}, {"path": "/a", "content": "y"}]`},
		{"spec.template.spec.users", `[{"name": "a", "passwd": "x", "passwdFrom": {"secret": {"name": "s", "key": "k"}}}]`},
	},
	"MachineHealthCheck": {
		{"spec.selector", `{}`, `{"matchLabels": {"cluster.x-k8s.io/cluster-name": "two"}}`, `{"matchLabels": {"cluster.x-k8s.io/cluster-name": "one"}}`},
		{"spec.checks.nodeStartupTimeoutSeconds", `0`, `29`, `30`},
	},
}

// extra is a path of keys, and values as JSON.
type extra []string

// Values that any field of a type can have.
var (
	texts   = []string{"", "x", "X_1", "-", "1.34", "1.34.0", "v1.34", "v1.34.0", "10.0.0.0/33", "10.0.0.1", "50%", "150%", "x%", "{{ .random }}", "one", "Two Words", longText}
	numbers = []any{0, -1, 1, 2, 29, 30, 101, 10000}
)

const longText = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

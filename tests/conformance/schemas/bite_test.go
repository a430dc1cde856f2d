package schemas

import (
	"fmt"
	"strings"
	"testing"
)

const (
	cluster = `
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata:
  name: alice
  namespace: alice
  labels: {type: staging}
spec:
  clusterNetwork:
    pods: {cidrBlocks: [192.168.0.0/16]}
  infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSCluster, name: alice}
  controlPlaneEndpoint: {host: alice.example.org, port: 6443}
  topology:
    classRef: {name: plain}
    version: v1.34.0
    variables:
    - {name: region, value: eu-west-1}
    - {name: zones, value: [a, b]}
`
	machineDeployment = `
apiVersion: cluster.x-k8s.io/v1beta2
kind: MachineDeployment
metadata: {name: alice, namespace: alice}
spec:
  clusterName: alice
  replicas: 3
  selector: {}
  template:
    spec:
      clusterName: alice
      bootstrap: {dataSecretName: bootstrap}
      infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSMachineTemplate, name: alice}
`
	clusterProfile = `
apiVersion: config.projectsveltos.io/v1beta1
kind: ClusterProfile
metadata: {name: kyverno}
spec:
  clusterSelector: {matchLabels: {type: production}}
  syncMode: Continuous
  helmCharts:
  - repositoryURL: https://kyverno.github.io/kyverno/
    repositoryName: kyverno
    chartName: kyverno/kyverno
    chartVersion: 3.5.2
    releaseName: kyverno
    releaseNamespace: kyverno
    helmChartAction: Install
`
	externalSecret = `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: alice, namespace: argocd}
spec:
  refreshInterval: 1m
  secretStoreRef: {kind: SecretStore, name: alice}
  target: {name: alice, template: {metadata: {labels: {argocd.argoproj.io/secret-type: cluster}}}}
  data:
  - {secretKey: config, remoteRef: {key: alice-kubeconfig, property: value}}
`
	application = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: kyverno.alice, namespace: argocd}
spec:
  project: default
  destination: {name: alice, namespace: kyverno}
  source: {repoURL: https://kyverno.github.io/kyverno/, chart: kyverno, targetRevision: 3.5.2, helm: {valuesObject: {replicas: 1}}}
`
	helmRelease = `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: kyverno, namespace: alice}
spec:
  interval: 10m
  chart: {spec: {chart: kyverno, version: 3.5.2, sourceRef: {kind: HelmRepository, name: kyverno}}}
  install: {remediation: {retries: 3}}
`
	kustomization = `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: policies, namespace: alice}
spec:
  interval: 10m
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}
`
	helmRepository = `
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: kyverno, namespace: flux-system}
spec:
  url: https://kyverno.github.io/kyverno/
  type: default
`
	helmChartProxy = `
apiVersion: addons.cluster.x-k8s.io/v1alpha1
kind: HelmChartProxy
metadata: {name: kyverno.alice, namespace: alice}
spec:
  clusterSelector: {matchLabels: {kubectl-fleet.io/cluster: alice}}
  repoURL: https://kyverno.github.io/kyverno/
  chartName: kyverno
  reconcileStrategy: Continuous
`
	namespace = `
apiVersion: v1
kind: Namespace
metadata: {name: alice}
`
	configMap = `
apiVersion: v1
kind: ConfigMap
metadata: {name: alice, namespace: alice}
data:
  values.yaml: "replicas: 1"
`
	role = `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: "alice:reader", namespace: alice}
rules:
- {apiGroups: [""], resources: [secrets], resourceNames: [alice-kubeconfig], verbs: [get]}
`
	budget = `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: alice, namespace: alice}
spec: {maxUnavailable: 1}
`
)

// TestBrokenObjects verifies that valid objects are accepted, and that each change is rejected with the expected message.
func TestBrokenObjects(t *testing.T) {
	for _, broken := range []struct{ name, object, old, new, words string }{
		{"unknown field", cluster, "clusterNetwork:", "clusterNetworks:", `unknown field "spec.clusterNetworks"`},
		{"unknown field, deep", cluster, "cidrBlocks", "cidr", `unknown field "spec.clusterNetwork.pods.cidr"`},
		{"unknown field of metadata", cluster, "labels:", "label:", `unknown field "metadata.label"`},
		{"unknown top-level field", cluster, "spec:", "specs: {}\nspec:", `unknown field "specs"`},
		{"version that is not served", cluster, "/v1beta2", "/v1alpha4", "version v1alpha4 is not served"},
		{"wrong type", cluster, "port: 6443", `port: "6443"`, "spec.controlPlaneEndpoint.port: Invalid value"},
		{"wrong type of metadata", cluster, "{type: staging}", "{type: 1}", "cannot unmarshal number"},
		{"number out of range", cluster, "port: 6443", "port: 65536", "less than or equal to 65535"},
		{"missing required field", cluster, "apiGroup: infrastructure.cluster.x-k8s.io, ", "", "spec.infrastructureRef.apiGroup: Required value"},
		{"missing required map", machineDeployment, "bootstrap:", "x:", "spec.template.spec.bootstrap: Required value"},
		{"null", machineDeployment, "clusterName: alice\n  replicas", "clusterName: null\n  replicas", "spec.clusterName: Required value"},
		{"pattern", cluster, "kind: AWSCluster", "kind: aws cluster", "should match"},
		{"text too long", cluster, "name: plain", "name: " + strings.Repeat("a", 254), "spec.topology.classRef.name: Too long"},
		{"duplicate in a list that is a map", cluster, "name: zones", "name: region", "spec.topology.variables[1]: Duplicate value"},
		{"duplicate key", cluster, "labels:", "name: bob\n  labels:", `key "name" already set`},
		{"label value", cluster, "type: staging", "type: a b", "metadata.labels: Invalid value"},
		{"annotation key", cluster, "labels: {type:", "annotations: {a b:", "metadata.annotations: Invalid value"},
		{"name", cluster, "name: alice\n", "name: Alice\n", "metadata.name: Invalid value"},
		{"no name", cluster, "  name: alice\n", "", "metadata.name: Required value"},
		{"no namespace", cluster, "  namespace: alice\n", "", "metadata.namespace: Required value"},
		{"no metadata", clusterProfile, "metadata: {name: kyverno}\n", "", "metadata.name: Required value"},
		{"rule of CEL", clusterProfile, "    chartVersion: 3.5.2\n", "", "chartVersion"},
		{"enum", clusterProfile, "Continuous", "Sometimes", `spec.syncMode: Unsupported value: "Sometimes"`},
		{"text too short", clusterProfile, "releaseName: kyverno", `releaseName: ""`, "releaseName in body should be at least 1 chars long"},
		{"namespace of what has none", clusterProfile, "{name: kyverno}", "{name: kyverno, namespace: a}", "metadata.namespace: Forbidden"},
		{"rule of CEL in Cluster API", cluster, "{host: alice.example.org, port: 6443}", "{}", "spec.controlPlaneEndpoint"},
		{"External Secrets", externalSecret, "remoteRef: {key:", "remoteRef: {name:", `unknown field "spec.data[0].remoteRef.name"`},
		{"Argo CD", application, "valuesObject", "valueObject", `unknown field "spec.source.helm.valueObject"`},
		{"Flux's helm-controller", helmRelease, "interval: 10m", "interval: 10 minutes", "spec.interval: Invalid value"},
		{"Flux's kustomize-controller", kustomization, "kind: GitRepository", "kind: Git", `Unsupported value: "Git"`},
		{"Flux's source-controller", helmRepository, "https:", "ftp:", "spec.url: Invalid value"},
		{"Cluster API's provider of Helm charts", helmChartProxy, "repoURL", "repoUrl", `unknown field "spec.repoUrl"`},
		{"built-in: unknown field", configMap, "\ndata:", "\ndat:", `unknown field "dat"`},
		{"built-in: case of a field", configMap, "\ndata:", "\nData:", `unknown field "Data"`},
		{"built-in: wrong type", configMap, `"replicas: 1"`, "1", "cannot unmarshal number"},
		{"built-in: duplicate key", configMap, "\ndata:", "\ndata: {}\ndata:", `key "data" already set`},
		{"built-in: unknown field, deep", role, "resourceNames", "names", `unknown field "rules[0].names"`},
		{"built-in: name", role, "alice:reader", "alice/reader", "metadata.name: Invalid value"},
		{"built-in: name of a Namespace", namespace, "name: alice", "name: alice.b", "metadata.name: Invalid value"},
		{"built-in: no namespace", configMap, ", namespace: alice", "", "metadata.namespace: Required value"},
		{"built-in: namespace of what has none", namespace, "name: alice", "name: alice, namespace: alice", "metadata.namespace: Forbidden"},
		{"built-in: version that is not served", budget, "policy/v1", "policy/v1beta1", "not served since Kubernetes 1.25"},
		{"unknown kind", cluster, "kind: Cluster\n", "kind: Clusters\n", ErrNoSchema.Error()},
		{"unknown version of a built-in kind", configMap, "apiVersion: v1", "apiVersion: v2", ErrNoSchema.Error()},
	} {
		t.Run(broken.name, func(t *testing.T) {
			if object, problems := known.Check([]byte(broken.object)); len(problems) > 0 {
				t.Fatalf("the unchanged %v: %v", object, problems)
			}
			text := strings.Replace(broken.object, broken.old, broken.new, 1)
			if text == broken.object {
				t.Fatalf("the string to replace is missing: %s", broken.old)
			}
			_, problems := known.Check([]byte(text))
			if said := fmt.Sprint(problems); !strings.Contains(said, broken.words) {
				t.Errorf("%s, not %s", said, broken.words)
			}
		})
	}
}

package install

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/schemas"
)

const prefix = "resource.customizations.health."

// TestKinds verifies that every kind with a health check has a CRD.
func TestKinds(t *testing.T) {
	for key := range checks(t) {
		group, kind, _ := strings.Cut(strings.TrimPrefix(key, prefix), "_")
		_, problems := known.Check(fmt.Appendf(nil, "apiVersion: %s/v1\nkind: %s\n", group, kind))
		if len(problems) == 0 || errors.Is(problems[0], schemas.ErrNoSchema) {
			t.Errorf("there is no %s of %s: %v", kind, group, problems)
		}
	}
}

// shapes are objects with the fields that a health check reads, by the kinds that they represent: a pattern of keys.
var shapes = []struct{ kinds, name, object, health, message string }{
	// Every kind.
	{"", "no status", "spec: {}", "Progressing", "Waiting"},
	{"", "nothing at all", "{}", "Progressing", "Waiting"},
	{"", "deleting", "metadata: {deletionTimestamp: 2026-01-01T00:00:00Z}\nstatus: {ready: true}", "Progressing", "Being"},

	// Cluster API, its providers, and Helm's add-on provider.
	{"cluster.x-k8s.io", "paused by annotation", "metadata: {annotations: {cluster.x-k8s.io/paused: ''}}", "Suspended", "paused"},
	{"cluster.x-k8s.io", "paused by spec", "spec: {paused: true}\nstatus: {ready: true}", "Suspended", "paused"},
	{"cluster.x-k8s.io", "paused by condition", "status: {conditions: [{type: Paused, status: 'True'}]}", "Suspended", "paused"},
	{"cluster.x-k8s.io", "deleting by condition", "status: {conditions: [{type: Deleting, status: 'True'}, {type: Paused, status: 'True'}]}", "Progressing", "Being deleted"},
	{"cluster.x-k8s.io", "not paused", "status: {conditions: [{type: Paused, status: 'False', reason: NotPaused}, {type: Ready, status: 'True'}]}", "Healthy", "Ready"},
	{"cluster.x-k8s.io", "empty status", "status: {}", "Progressing", "Waiting"},
	{"cluster.x-k8s.io", "empty conditions", "status: {conditions: []}", "Progressing", "Waiting"},
	{"cluster.x-k8s.io", "an old status", "metadata: {generation: 2}\nstatus: {observedGeneration: 1, conditions: [{type: Ready, status: 'True'}]}", "Progressing", "latest change"},
	{"cluster.x-k8s.io", "a current status", "metadata: {generation: 2}\nstatus: {observedGeneration: 2, conditions: [{type: Ready, status: 'True'}]}", "Healthy", "Ready"},
	{"cluster.x-k8s.io", "a status without a generation", "metadata: {generation: 2}\nstatus: {conditions: [{type: Ready, status: 'True'}]}", "Healthy", "Ready"},
	{"cluster.x-k8s.io", "v1beta1, provisioning", "status: {ready: false, conditions: [{type: Ready, status: 'False', severity: Info, reason: VpcCreating, message: wait}]}", "Progressing", "Ready: wait"},
	{"cluster.x-k8s.io", "v1beta1, retrying", "status: {ready: true, conditions: [{type: Ready, status: 'False', severity: Warning, reason: Subnets}]}", "Progressing", "Ready: Subnets"},
	{"cluster.x-k8s.io", "v1beta1, failed", "status: {ready: false, conditions: [{type: Ready, status: 'False', severity: Error, message: no quota}]}", "Degraded", "no quota"},
	{"cluster.x-k8s.io", "v1beta1, a part failed", "status: {conditions: [{type: Ready, status: Unknown}, {type: VpcReady, status: 'False', severity: Error, message: no quota}]}", "Degraded", "VpcReady: no quota"},
	{"cluster.x-k8s.io", "v1beta1, failed for good", "status: {failureMessage: gone, failureReason: InvalidConfiguration}", "Degraded", "gone"},
	{"cluster.x-k8s.io", "v1beta1, ready", "status: {ready: true, conditions: [{type: Ready, status: 'True'}]}", "Healthy", "Ready"},
	{"cluster.x-k8s.io", "ready without conditions", "status: {ready: true}", "Healthy", "Ready"},
	{"cluster.x-k8s.io", "not ready without conditions", "status: {ready: false, initialized: true}", "Progressing", "Waiting"},
	{"cluster.x-k8s.io", "unknown", "status: {conditions: [{type: Ready, status: Unknown, reason: InternalError}]}", "Progressing", "InternalError"},
	{"cluster.x-k8s.io", "v1beta2, provisioning", "status: {initialization: {provisioned: false}, conditions: [{type: Ready, status: 'False', reason: NotReady, message: wait}]}", "Progressing", "wait"},
	{"cluster.x-k8s.io", "v1beta2, lost", "status: {initialization: {provisioned: true}, conditions: [{type: Ready, status: 'False', reason: NotReady, message: lost}]}", "Degraded", "lost"},
	{"cluster.x-k8s.io", "v1beta2, provisioned without conditions", "status: {initialization: {provisioned: true}}", "Healthy", "Ready"},

	{"KubeadmControlPlane", "v1beta2, initializing", "status: {initialization: {}, conditions: [{type: Available, status: 'False', reason: NotAvailable}]}", "Progressing", "Available"},
	{"KubeadmControlPlane", "v1beta2, available", "status: {initialization: {controlPlaneInitialized: true}, conditions: [{type: Available, status: 'True'}, {type: RollingOut, status: 'False'}, {type: Deleting, status: 'False'}]}", "Healthy", "Ready"},
	{"KubeadmControlPlane", "v1beta2, rolling out", "status: {conditions: [{type: Available, status: 'True'}, {type: RollingOut, status: 'True', message: 1 of 3}]}", "Progressing", "1 of 3"},
	{"KubeadmControlPlane", "v1beta2, scaling", "status: {conditions: [{type: Available, status: 'True'}, {type: ScalingUp, status: 'True', reason: ScalingUp}]}", "Progressing", "ScalingUp"},
	{"KubeadmControlPlane", "v1beta2, not available any more", "status: {initialization: {controlPlaneInitialized: true}, conditions: [{type: Available, status: 'False', message: no quorum}]}", "Degraded", "no quorum"},
	{"KubeadmControlPlane", "v1beta2, lost after its creation", "status: {initialization: {controlPlaneInitialized: true}, conditions: [{type: Initialized, status: 'True', lastTransitionTime: '2026-01-01T10:01:00Z'}, {type: Available, status: 'False', message: no quorum, lastTransitionTime: '2026-01-02T00:00:00Z'}]}", "Degraded", "no quorum"},
	{"KubeadmControlPlane", "v1beta1, available and not ready", "status: {initialized: true, ready: false, conditions: [{type: Available, status: 'True'}, {type: Ready, status: 'False', severity: Warning, message: 2 of 3}]}", "Progressing", "2 of 3"},

	{"ClusterClass", "v1beta2, ready", "status: {conditions: [{type: VariablesReady, status: 'True'}, {type: RefVersionsUpToDate, status: 'False'}]}", "Healthy", "Ready"},
	{"ClusterClass", "v1beta1, ready", "status: {conditions: [{type: VariablesReconciled, status: 'True'}]}", "Healthy", "Ready"},
	{"ClusterClass", "v1beta2, degraded", "status: {conditions: [{type: VariablesReady, status: 'False', message: no variables}]}", "Degraded", "no variables"},

	{"_Helm", "failed", "status: {conditions: [{type: Ready, status: 'False', reason: NotReady}, {type: HelmReleaseReady, status: 'False', reason: HelmInstallOrUpgradeFailed, message: no chart}]}", "Degraded", "no chart"},
	{"_Helm", "values that are wrong", "status: {conditions: [{type: HelmReleaseProxySpecsUpToDate, status: 'False', reason: ValueParsingFailed, message: no value}]}", "Degraded", "no value"},
	{"_Helm", "a cluster that is not there yet", "status: {conditions: [{type: Ready, status: 'False', reason: NotReady, message: wait}, {type: ClusterAvailable, status: 'False', reason: GetKubeconfigFailed}]}", "Progressing", "wait"},
	{"_Helm", "pending", "status: {conditions: [{type: Ready, status: 'False', reason: NotReady}, {type: HelmReleaseReady, status: 'False', reason: HelmReleasePending}]}", "Progressing", "NotReady"},

	// Sveltos.
	{"_(Cluster)?Profile$", "paused by annotation", "metadata: {annotations: {profile.projectsveltos.io/paused: ok}}", "Suspended", "paused"},
	{"_(Cluster)?Profile$", "paused by status", "status: {reconciliationSuspended: true, suspensionReason: because}", "Suspended", "because"},
	{"_ClusterProfile", "no cluster matches", "metadata: {finalizers: [clusterprofilefinalizer.projectsveltos.io]}", "Healthy", "No cluster"},
	{"_Profile$", "no cluster matches", "metadata: {finalizers: [profilefinalizer.projectsveltos.io]}", "Healthy", "No cluster"},
	{"_(Cluster)?Profile$", "another's finalizer", "metadata: {finalizers: [example.org/a]}", "Progressing", "Waiting"},
	{"_(Cluster)?Profile$", "deployed", "status: {matchingClusters: [{name: a}, {name: b}], updatedClusters: {clusters: [{name: a}]}}", "Healthy", "match: 2"},
	{"_(Cluster)?Profile$", "updating", "status: {matchingClusters: [{name: a}], updatingClusters: {hash: YQ==, clusters: [{name: a}]}}", "Progressing", "updated: 1"},
	{"_(Cluster)?Profile$", "failed", "status: {failedClusters: [{clusterRef: {name: a}, failureMessage: no values}]}", "Degraded", "a: no values"},
	{"ClusterSummary", "paused by annotation", "metadata: {annotations: {profile.projectsveltos.io/paused: ok}}", "Suspended", "paused"},
	{"ClusterSummary", "paused by status", "status: {reconciliationSuspended: true}", "Suspended", "paused"},
	{"ClusterSummary", "empty status", "status: {}", "Progressing", "Waiting"},
	{"ClusterSummary", "provisioning", "status: {featureSummaries: [{featureID: Helm, status: Provisioned}, {featureID: Resources, status: Provisioning}]}", "Progressing", "Waiting"},
	{"ClusterSummary", "provisioned", "status: {featureSummaries: [{featureID: Helm, status: Provisioned}, {featureID: Resources, status: Removed}]}", "Healthy", "deployed"},
	{"ClusterSummary", "failed", "status: {featureSummaries: [{featureID: Helm, status: Failed, failureMessage: no chart}]}", "Degraded", "Helm: no chart"},
	{"ClusterSummary", "failed for good", "status: {featureSummaries: [{featureID: Helm, status: FailedNonRetriable}]}", "Degraded", "Helm: FailedNonRetriable"},
	{"ClusterSummary", "conflict", "status: {helmReleaseSummaries: [{releaseName: kyverno, status: Conflict, conflictMessage: b has it}]}", "Degraded", "kyverno: b has it"},
}

// TestHealth runs every check on objects of every shape that its kind has.
func TestHealth(t *testing.T) {
	used := map[string]bool{}
	for key, script := range checks(t) {
		for _, shape := range shapes {
			if !regexp.MustCompile(shape.kinds).MatchString(key) {
				continue
			}
			used[shape.kinds] = true
			name := strings.TrimPrefix(key, prefix) + ": " + shape.name
			health, message, err := healthOf(script, shape.object)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if health != shape.health || !strings.Contains(message, shape.message) {
				t.Errorf("%s: %s, %q, not %s, %q", name, health, message, shape.health, shape.message)
			}
		}
	}
	for _, shape := range shapes {
		if !used[shape.kinds] {
			t.Errorf("no kind is %s", shape.kinds)
		}
	}
}

// healthOf runs a script like Argo CD, with the same libraries, and returns the values of its table.
func healthOf(script, object string) (health, message string, err error) {
	var content map[string]any
	if err := yaml.Unmarshal([]byte(object), &content); err != nil {
		return "", "", err
	}
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for _, library := range []struct {
		name string
		open lua.LGFunction
	}{{lua.LoadLibName, lua.OpenPackage}, {lua.BaseLibName, lua.OpenBase}, {lua.TabLibName, lua.OpenTable}} {
		call := lua.P{Fn: state.NewFunction(library.open), Protect: true}
		if err := state.CallByParam(call, lua.LString(library.name)); err != nil {
			return "", "", err
		}
	}
	state.SetGlobal("obj", value(state, content))
	if err := state.DoString(script); err != nil {
		return "", "", err
	}
	table, is := state.Get(-1).(*lua.LTable)
	if !is {
		return "", "", fmt.Errorf("expected a table, found %s", state.Get(-1).Type())
	}
	return lua.LVAsString(table.RawGetString("status")), lua.LVAsString(table.RawGetString("message")), nil
}

func value(state *lua.LState, content any) lua.LValue {
	switch content := content.(type) {
	case bool:
		return lua.LBool(content)
	case float64:
		return lua.LNumber(content)
	case string:
		return lua.LString(content)
	case []any:
		table := state.CreateTable(len(content), 0)
		for _, item := range content {
			table.Append(value(state, item))
		}
		return table
	case map[string]any:
		table := state.CreateTable(0, len(content))
		for key, item := range content {
			table.RawSetString(key, value(state, item))
		}
		return table
	}
	return lua.LNil
}

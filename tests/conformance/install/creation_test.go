package install

import (
	"regexp"
	"strings"
	"testing"
)

// creations are the states of objects while a cluster is created without a problem, in order, by the kinds that pass through
// them. The last one is healthy.
var creations = []struct {
	kinds  string
	states []string
}{
	// setInitializedCondition, setAvailableCondition, setScalingUpCondition of Cluster API 1.14.2.
	{"KubeadmControlPlane", []string{
		"{}",
		"status: {}",
		"status: {initialization: {controlPlaneInitialized: false}, conditions: [{type: Initialized, status: 'False', reason: NotInitialized, lastTransitionTime: '2026-01-01T10:00:00Z'}, {type: Available, status: 'False', reason: NotAvailable, message: Control plane not yet initialized, lastTransitionTime: '2026-01-01T10:00:00Z'}, {type: ScalingUp, status: 'True', reason: ScalingUp, message: Scaling up from 0 to 1 replicas}]}",
		"status: {initialization: {controlPlaneInitialized: true}, conditions: [{type: Initialized, status: 'True', reason: Initialized, lastTransitionTime: '2026-01-01T10:01:00Z'}, {type: Available, status: 'False', reason: NotAvailable, message: Waiting for etcd to report the list of members, lastTransitionTime: '2026-01-01T10:00:00Z'}, {type: ScalingUp, status: 'False', reason: NotScalingUp}]}",
		"status: {initialization: {controlPlaneInitialized: true}, conditions: [{type: Initialized, status: 'True', lastTransitionTime: '2026-01-01T10:01:00Z'}, {type: Available, status: Unknown, reason: InspectionFailed, message: Failed to get etcd members, lastTransitionTime: '2026-01-01T10:01:20Z'}]}",
		"status: {initialization: {controlPlaneInitialized: true}, conditions: [{type: Initialized, status: 'True', lastTransitionTime: '2026-01-01T10:01:00Z'}, {type: Available, status: 'True', reason: Available, lastTransitionTime: '2026-01-01T10:02:00Z'}, {type: ScalingUp, status: 'True', reason: ScalingUp, message: Scaling up from 1 to 3 replicas}]}",
		"status: {initialization: {controlPlaneInitialized: true}, conditions: [{type: Initialized, status: 'True', lastTransitionTime: '2026-01-01T10:01:00Z'}, {type: Available, status: 'False', reason: NotAvailable, message: The list of etcd members does not match the list of Machines and Nodes, lastTransitionTime: '2026-01-01T10:03:00Z'}, {type: ScalingUp, status: 'True', reason: ScalingUp, message: Scaling up from 1 to 3 replicas}]}",
		"status: {initialization: {controlPlaneInitialized: true}, conditions: [{type: Initialized, status: 'True', lastTransitionTime: '2026-01-01T10:01:00Z'}, {type: Available, status: 'True', reason: Available, lastTransitionTime: '2026-01-01T10:04:00Z'}, {type: ScalingUp, status: 'False'}]}",
	}},
	// Conditions of v1beta1 have a severity as long as they are not true.
	{"infrastructure.cluster.x-k8s.io", []string{
		"{}",
		"status: {ready: false}",
		"status: {ready: false, conditions: [{type: Ready, status: 'False', severity: Info, reason: VpcCreating}, {type: VpcReady, status: 'False', severity: Info, reason: VpcCreating}]}",
		"status: {ready: true, conditions: [{type: Ready, status: 'False', severity: Info, reason: BastionCreating}, {type: VpcReady, status: 'True'}]}",
		"status: {initialization: {provisioned: true}, conditions: [{type: Ready, status: Unknown, reason: ReadyUnknown}]}",
		"status: {ready: true, conditions: [{type: Ready, status: 'True'}]}",
	}},
	{"ClusterClass", []string{
		"{}",
		"status: {conditions: [{type: RefVersionsUpToDate, status: Unknown, reason: InternalError}]}",
		"status: {conditions: [{type: VariablesReady, status: 'True'}]}",
	}},
	{"_Helm", []string{
		"{}",
		"status: {conditions: [{type: Ready, status: 'False', reason: NotReady}, {type: ClusterAvailable, status: 'False', reason: GetKubeconfigFailed}]}",
		"status: {conditions: [{type: Ready, status: 'False', reason: NotReady}, {type: HelmReleaseReady, status: 'False', reason: HelmReleasePending}]}",
		"status: {conditions: [{type: Ready, status: 'True'}]}",
	}},
	{"_(Cluster)?Profile$", []string{
		"{}",
		"status: {matchingClusters: [{name: a}], updatingClusters: {clusters: [{name: a}]}}",
		"status: {matchingClusters: [{name: a}], updatedClusters: {clusters: [{name: a}]}}",
	}},
	{"ClusterSummary", []string{
		"{}",
		"status: {featureSummaries: [{featureID: Helm, status: Provisioning}]}",
		"status: {featureSummaries: [{featureID: Helm, status: Provisioned}]}",
	}},
}

// TestCreation verifies that no object is degraded while it is created, and that it is healthy in the end.
func TestCreation(t *testing.T) {
	for key, script := range checks(t) {
		isKnown := false
		for _, creation := range creations {
			if !regexp.MustCompile(creation.kinds).MatchString(key) {
				continue
			}
			isKnown = true
			for index, state := range creation.states {
				health, message, err := healthOf(script, state)
				isLast := index == len(creation.states)-1
				if err != nil || health == "Degraded" || isLast != (health == "Healthy") {
					t.Errorf("%s: %s, %q, %v: %s", strings.TrimPrefix(key, prefix), health, message, err, state)
				}
			}
		}
		if !isKnown {
			t.Errorf("%s has no states of its creation", key)
		}
	}
}

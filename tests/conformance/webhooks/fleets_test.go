package webhooks

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"

	"kubectl-fleet.io/conformance/repository"
	"kubectl-fleet.io/conformance/schemas"
)

// TestFleets validates every object of every fleet in the repository, with the ClusterClasses of the fleet.
func TestFleets(t *testing.T) {
	known, err := schemas.New()
	if err != nil {
		t.Fatal(err)
	}
	judged, used := map[string]int{}, map[string]bool{}
	for _, fleet := range repository.Fleets(t) {
		stdout := repository.Print(t, filepath.Join(repository.Root, fleet), "generate", "-o", "json")
		objects := slices.Collect(bytes.Lines(stdout))
		validator := New(classes(t, objects)...)
		for _, object := range objects {
			// Objects that the schema rejects do not reach a webhook.
			if _, problems := known.Check(object); len(problems) > 0 {
				continue
			}
			hasWebhook, refused := validator.Validate(object)
			if !hasWebhook {
				continue
			}
			var meta metav1.PartialObjectMetadata
			if err := json.Unmarshal(object, &meta); err != nil {
				t.Fatal(err)
			}
			judged[meta.Kind]++
			if refused == nil {
				continue
			}
			for _, cause := range causes(refused) {
				cause = meta.Kind + ": " + cause
				if slices.Contains(shortened[cause], fleet) {
					used[fleet+cause] = true
				} else {
					t.Errorf("%s: %s %s: %s", fleet, meta.Namespace, meta.Name, cause)
				}
			}
		}
	}
	for cause, fleets := range shortened {
		for _, fleet := range fleets {
			if !used[fleet+cause] {
				t.Errorf("%s is no longer rejected: remove it from the list: %s", fleet, cause)
			}
		}
	}
	for _, kind := range []string{"Cluster", "MachineDeployment", "MachinePool", "KubeadmControlPlane", "KubeadmConfigTemplate", "MachineHealthCheck"} {
		if judged[kind] == 0 {
			t.Errorf("no fleet creates a %s", kind)
		}
	}
	t.Log(judged)
}

// classes returns the ClusterClasses in a list of objects.
func classes(t *testing.T, objects [][]byte) (all []*clusterv1.ClusterClass) {
	t.Helper()
	for _, object := range objects {
		class := &clusterv1.ClusterClass{}
		if err := json.Unmarshal(object, class); err == nil && class.Kind == "ClusterClass" {
			all = append(all, class)
		}
	}
	return all
}

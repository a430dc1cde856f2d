package live

import (
	"fmt"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

// runRemovals removes the cluster twice: with the confirmation of a person, and where every deletion is forbidden.
func (a *addons) runRemovals(t *testing.T) {
	step(t, "a removed cluster and its add-ons stay until a person confirms", func() {
		uid := a.installed(t)
		a.remove(t, a.notes.confirm)
		a.fleet.commit(t, "Remove alice")
		a.management.waitForConfirmation(t, "live")
		a.stay(t, uid, "the Cluster and its add-ons stay")
		a.fleet.edit(t, "users.yaml", "bob:", "alice: production\nbob:")
		revision := a.fleet.commit(t, "Keep alice")
		a.management.terminate(t, "live")
		a.synced(t, revision)
		a.stay(t, uid, "after the reverted removal, the Cluster and its add-ons stay")
	})
	step(t, "a confirmed removal deletes the Cluster, and withdraws add-ons that have objects of their own", func() {
		uid := a.installed(t)
		a.remove(t, a.notes.confirm)
		a.fleet.commit(t, "Remove alice again")
		a.management.waitForConfirmation(t, "live")
		a.management.confirm(t, "live")
		eventually(t, addonLimit, "the Cluster is being deleted", func() string {
			if cluster := a.management.get(t, clusterKind, "fleet", "alice"); cluster.GetDeletionTimestamp() == nil {
				return "it is not being deleted"
			}
			return ""
		})
		if a.keepsConfirmed {
			a.stay(t, uid, "the add-ons stay while the Cluster is being deleted")
		} else {
			a.exists(t, "demo", "settings", false)
		}
		a.finishDeletion(t)
	})
	step(t, "with `forbid`, a removed cluster and its add-ons stay until the Cluster is deleted", func() {
		a.fleet.edit(t, "users.yaml", "bob:", "alice: production\nbob:")
		a.fleet.edit(t, "fleet.yaml", "deliver:", "safety: {deletion: forbid}\ndeliver:")
		a.deliver(t, "Request alice again, and forbid deletions")
		a.connect(t)
		uid := a.installed(t)
		a.remove(t, "`deletion: forbid` keeps every object of the clusters", a.notes.forbid)
		// Argo CD shows Synced, although the objects are not in the output.
		a.deliver(t, "Remove alice where deletions are forbidden")
		a.stay(t, uid, "the Cluster and its add-ons stay")
		a.management.remove(t, clusterKind, "fleet", "alice")
		a.stay(t, uid, "the add-ons stay while the Cluster is being deleted")
		a.finishDeletion(t)
	})
	step(t, "the objects of add-ons that remain can be deleted after the Cluster", func() {
		for _, left := range a.left {
			if a.management.get(t, left.kind, left.namespace, left.name) == nil {
				t.Fatalf("%s %s was deleted", left.kind, left.name)
			}
			a.management.remove(t, left.kind, left.namespace, left.name)
			eventually(t, addonLimit, fmt.Sprintf("%s %s is gone", left.kind, left.name), func() string {
				if a.management.get(t, left.kind, left.namespace, left.name) != nil {
					return "it exists"
				}
				return ""
			})
		}
	})
}

// reference names an object.
type reference struct{ kind, namespace, name string }

// remove removes alice with `kubectl fleet remove`, whose output must contain notes.
func (a *addons) remove(t *testing.T, notes ...string) {
	t.Helper()
	result := repository.Run(t, a.fleet.directory, "remove", "alice")
	if result.Code != 0 {
		t.Fatalf("remove: exit %d\n%s", result.Code, result.Stderr)
	}
	for _, note := range notes {
		if !strings.Contains(result.Stdout+result.Stderr, note) {
			t.Errorf("remove does not say %q:\n%s%s", note, result.Stdout, result.Stderr)
		}
	}
}

// stay observes, while Argo CD compares the fleet, that the Cluster exists and that its add-ons remain as they are.
func (a *addons) stay(t *testing.T, uid, what string) {
	t.Helper()
	a.management.stays(t, "live", what, func() string {
		if a.management.get(t, clusterKind, "fleet", "alice") == nil {
			return "the Cluster is gone"
		}
		settings := a.workload.get(t, "ConfigMap", "demo", "settings")
		if settings == nil || settings.GetDeletionTimestamp() != nil || string(settings.GetUID()) != uid {
			return "the chart was uninstalled"
		}
		if a.deliversManifests && a.workload.get(t, "ConfigMap", "default", "policy") == nil {
			return "the manifests were deleted"
		}
		return ""
	})
}

// finishDeletion lets a Cluster go that is being deleted, as Cluster API does after it has deleted the machines.
func (a *addons) finishDeletion(t *testing.T) {
	t.Helper()
	a.management.patch(t, clusterKind, "fleet", "alice", `{"metadata":{"finalizers":null}}`)
	a.management.waitForDeletion(t, "fleet", "alice")
}

package argocd

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync/common"
	resourceutil "github.com/argoproj/argo-cd/gitops-engine/pkg/sync/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// objects are manifests by identity.
func objects(t *testing.T, manifests []string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, manifest := range manifests {
		object, err := decode(manifest)
		if err != nil {
			t.Fatal(err)
		}
		all[identity(object)] = manifest
	}
	if len(all) != len(manifests) {
		t.Fatalf("%d manifests of %d objects", len(manifests), len(all))
	}
	return all
}

// option returns the value of a sync option as Argo CD reads it, or an empty string.
func option(object *unstructured.Unstructured, key string) string {
	if value := resourceutil.GetAnnotationOptionValue(object, common.AnnotationSyncOptions, key); value != nil {
		return *value
	}
	return ""
}

// guarded verifies the annotation that prevents Argo CD from deleting an object. Argo CD reads it from the live object, so it
// must be set before a removal.
func guarded(t *testing.T, manifests map[string]string) {
	t.Helper()
	type guard struct {
		sync    string
		ignored bool
	}
	keep := guard{common.SyncValueFalse, true}
	guards := map[string]guard{
		"/Namespace":               keep,
		"cluster.x-k8s.io/Cluster": {common.SyncValueConfirm, false},
		// Cluster API owns it, and Argo CD does not compare an owned object that the output does not contain.
		"cluster.x-k8s.io/MachinePool":                          {common.SyncValueFalse, false},
		"controlplane.cluster.x-k8s.io/AWSManagedControlPlane":  keep,
		"infrastructure.cluster.x-k8s.io/AWSManagedCluster":     keep,
		"infrastructure.cluster.x-k8s.io/AWSManagedMachinePool": keep,
		"bootstrap.cluster.x-k8s.io/NodeadmConfig":              keep,
		"config.projectsveltos.io/ClusterProfile":               {},
	}
	for id, manifest := range manifests {
		object, err := decode(manifest)
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(id, ":")
		want, known := guards[kind]
		if !known {
			t.Errorf("the expected guard of %s is not defined", kind)
		}
		for _, key := range []string{common.SyncOptionPrune, common.SyncOptionDelete} {
			if got := option(&object, key); got != want.sync {
				t.Errorf("%s: %s=%s, not %q", id, key, got, want.sync)
			}
		}
		// Without this option, an Application that keeps an object would be out of sync indefinitely.
		ignored := resourceutil.HasAnnotationOption(&object, "argocd.argoproj.io/compare-options", "IgnoreExtraneous")
		if ignored != want.ignored {
			t.Errorf("%s: IgnoreExtraneous is %t", id, ignored)
		}
	}
}

// removal is a fleet from which bob will be removed, and the Applications that render it.
type removal struct {
	fleet        fleet
	applications [][]parameter
	// list and lock are file names, and the contents of the files without bob.
	list, lock [2]string
	// line is the location of bob in the lock.
	line string
}

func removals(t *testing.T) map[string]removal {
	plain := write(t, map[string]string{
		"fleet.yaml": "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: users.yaml\n  variables: {AWS_REGION: eu-central-1}\ntemplates:\n- file: builtin:eks\n",
		"users.yaml": "alice: {}\nbob: {}\ncarol: {}\n",
		"fleet.lock": "alice/alice\nbob/bob\ncarol/carol\n",
	})
	celled := withCells(t)
	celled.write(t, "others.yaml", "bob: eu\ndave: ap\nerin: eu\n")
	celled.write(t, "fleet.lock", "# Clusters that must exist.\nbob/bob eu\ndave/dave ap\nerin/erin eu\nred/alice eu\nred/carol us\n")
	var all [][]parameter
	for _, cell := range cells {
		all = append(all, []parameter{text("cell", cell)})
	}
	return map[string]removal{
		"without cells": {
			fleet: plain, applications: [][]parameter{nil}, line: "fleet.lock:2:1",
			list: [2]string{"users.yaml", "alice: {}\ncarol: {}\n"},
			lock: [2]string{"fleet.lock", "alice/alice\ncarol/carol\n"},
		},
		"with cells": {
			fleet: celled, applications: all, line: "fleet.lock:2:1",
			list: [2]string{"others.yaml", "dave: ap\nerin: eu\n"},
			lock: [2]string{"fleet.lock", "dave/dave ap\nerin/erin eu\nred/alice eu\nred/carol us\n"},
		},
	}
}

// TestRemoval removes a cluster. If only its list entry is removed, no Application renders. If its line in fleet.lock is
// removed, too, its objects are missing from the output, and every other manifest is unchanged.
func TestRemoval(t *testing.T) {
	const kinds = 7
	for name, story := range removals(t) {
		t.Run(name, func(t *testing.T) {
			render := func() map[string]string {
				var manifests []string
				for _, given := range story.applications {
					manifests = append(manifests, rendered(t, story.fleet, given...)...)
				}
				return objects(t, manifests)
			}
			before := render()
			guarded(t, before)

			story.fleet.write(t, story.list[0], story.list[1])
			for _, given := range story.applications {
				message := rejected(t, story.fleet, given...)
				checkError(t, message, 4, fmt.Sprintf(`error\[locked-cluster\]: %s: cluster .bob/bob. is in fleet.lock`, story.line))
			}

			story.fleet.write(t, story.lock[0], story.lock[1])
			after := render()
			isBob := func(id, _ string) bool {
				return strings.Contains(id, ":bob/") || strings.HasSuffix(id, ":/bob")
			}
			gone := maps.Clone(before)
			maps.DeleteFunc(gone, func(id, manifest string) bool { return !isBob(id, manifest) })
			if len(gone) != kinds {
				t.Errorf("bob has %q, expected %d objects", slices.Sorted(maps.Keys(gone)), kinds)
			}
			kept := maps.Clone(before)
			maps.DeleteFunc(kept, isBob)
			if !maps.Equal(after, kept) {
				t.Errorf("%q remain, expected %q", slices.Sorted(maps.Keys(after)), slices.Sorted(maps.Keys(kept)))
			}
		})
	}
}

// TestRemovalWithoutLock removes an entry from a fleet without a lock: the other clusters are rendered, and the removed objects
// have guards, so that Argo CD requires a confirmation to delete the Cluster, and keeps the objects that Cluster API deletes.
func TestRemovalWithoutLock(t *testing.T) {
	f := removals(t)["without cells"].fleet
	if err := os.Remove(filepath.Join(f.path(), "fleet.lock")); err != nil {
		t.Fatal(err)
	}
	before := objects(t, rendered(t, f))
	guarded(t, before)
	f.write(t, "users.yaml", "alice: {}\ncarol: {}\n")
	after := objects(t, rendered(t, f))
	for id, manifest := range before {
		isBob := strings.Contains(id, ":bob/") || strings.HasSuffix(id, ":/bob")
		if got, found := after[id]; found == isBob || (found && got != manifest) {
			t.Errorf("%s: rendered is %t, %s", id, found, got)
		}
	}
}

// TestMove moves a locked cluster to another cell: the Application of the old cell would delete the objects of the new one.
func TestMove(t *testing.T) {
	f := withCells(t)
	f.write(t, "fleet.lock", "bob/bob eu\ndave/dave ap\nred/alice eu\nred/carol us\n")
	f.write(t, "others.yaml", "bob: us\ndave: ap\n")
	for _, cell := range cells {
		checkError(t, rejected(t, f, text("cell", cell)), 4, `error\[locked-cell\]: fleet.lock:1:1: cluster .bob. moved from cell .eu. to cell .us.`)
	}
}

// TestLastOfCell removes the only cluster of a cell and its line in fleet.lock. An empty cell can also be a wrong parameter, so
// rendering the cell is an error: the operator must delete its Application.
func TestLastOfCell(t *testing.T) {
	f := withCells(t)
	f.write(t, "fleet.lock", "bob/bob eu\nred/alice eu\nred/carol us\n")
	f.write(t, "others.yaml", "bob: eu\n")
	checkError(t, rejected(t, f, text("cell", "ap")), 4, `error\[empty-cell\]: cell .ap. has no clusters; Argo CD would delete everything it deployed there`)
	if len(rendered(t, f, text("cell", "eu"))) == 0 {
		t.Error("another cell is empty, too")
	}
}

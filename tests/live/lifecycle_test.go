package live

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"kubectl-fleet.io/conformance/repository"
)

const (
	clusterKind    = "Cluster.cluster.x-k8s.io"
	machineKind    = "Machine.cluster.x-k8s.io"
	deploymentKind = "MachineDeployment.cluster.x-k8s.io"
	templateKind   = "DevMachineTemplate.infrastructure.cluster.x-k8s.io"
	devClusterKind = "DevCluster.infrastructure.cluster.x-k8s.io"
)

const (
	// Maximum time from a commit until its clusters are ready.
	clusterLimit = 4 * time.Minute
	// Maximum time from a commit until Argo CD has read it.
	commitLimit = time.Minute
	// Minimum period in which a state that must last is observed.
	observation = 5 * time.Second
)

// TestLifecycle turns commits into clusters, and checks after each commit that it destroys only what it names.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	s := startServer(t, "management", logDir(t))
	s.startClusterAPI(t)
	s.startArgoCD(t)
	fleet := newRepo(t, s, "fleets/lifecycle")
	fleet.deployTo(t, "live")
	health, healthOfSecond := s.watchHealth(t, "live"), s.watchHealth(t, "second")
	second := newRepo(t, s, "fleets/lifecycle")
	second.edit(t, "fleet.yaml", "metadata: {name: first}", "metadata: {name: second}")
	second.edit(t, "fleet.yaml", "- {file: templates/class.yaml, forEach: fleet}\n", "")
	second.edit(t, "users.yaml", "alice: {workers: 1}\nbob: {kind: topology}\n", "erin: {}\nfrank: {kind: topology}\n")

	revisionOfSecond := ""
	step(t, "commits create a plain and a topology cluster in each of two fleets", func() {
		revision := fleet.commit(t, "Request two clusters")
		// The second fleet uses the ClusterClass of the first one.
		eventually(t, clusterLimit, "the ClusterClass exists", func() string {
			if s.get(t, "ClusterClass.cluster.x-k8s.io", "classes", "in-memory") == nil {
				return "it does not exist"
			}
			return ""
		})
		second.deployTo(t, "second")
		revisionOfSecond = second.commit(t, "Request clusters in a second fleet")
		s.waitForSync(t, "live", revision, clusterLimit)
		s.waitForSync(t, "second", revisionOfSecond, clusterLimit)
		for _, user := range []string{"alice", "bob", "erin", "frank"} {
			s.waitForCluster(t, user, 2)
		}
		s.stays(t, "live", "the Application stays Synced and Healthy", func() string { return s.notSynced(t, "live", revision) })
	})
	alice := s.uid(t, clusterKind, "alice", "live-alice")

	step(t, "a second commit adds a cluster", func() {
		fleet.edit(t, "users.yaml", "bob: {kind: topology}\n", "bob: {kind: topology}\ncarol: {}\n")
		s.waitForSync(t, "live", fleet.commit(t, "Request a third cluster"), clusterLimit)
		s.waitForCluster(t, "carol", 2)
	})

	step(t, "a member scales its workers", func() {
		fleet.edit(t, "users.yaml", "alice: {workers: 1}", "alice: {workers: 2}")
		s.waitForSync(t, "live", fleet.commit(t, "Scale alice"), clusterLimit)
		s.waitForCluster(t, "alice", 3)
	})

	step(t, "an upgrade replaces machines and machine templates", func() {
		before := s.names(t, machineKind, "alice")
		fleet.edit(t, "users.yaml", "alice: {workers: 2}", "alice: {workers: 2, version: v1.34.1, memory: large}")
		s.waitForSync(t, "live", fleet.commit(t, "Upgrade alice"), clusterLimit)
		eventually(t, clusterLimit, "every machine of alice is replaced", func() string {
			now := s.names(t, machineKind, "alice")
			if left := slices.DeleteFunc(slices.Clone(now), func(name string) bool { return !slices.Contains(before, name) }); len(left) > 0 || len(now) != 3 {
				return fmt.Sprintf("machines %v, of which old: %v", now, left)
			}
			return ""
		})
		s.waitForCluster(t, "alice", 3)
		for _, machine := range s.list(t, machineKind, "alice") {
			if version, _, _ := unstructured.NestedString(machine.Object, "spec", "version"); version != "v1.34.1" {
				t.Errorf("machine %s has version %s", machine.GetName(), version)
			}
		}
		if uid := s.uid(t, clusterKind, "alice", "live-alice"); uid != alice {
			t.Error("the Cluster was recreated")
		}
	})

	step(t, "a removal waits for a confirmation, and other commits arrive", func() {
		fleet.edit(t, "users.yaml", "carol: {}\n", "")
		fleet.commit(t, "Remove carol")
		s.waitForConfirmation(t, "live")
		fleet.edit(t, "users.yaml", "bob: {kind: topology}", "bob: {kind: topology, workers: 2}")
		revision := fleet.commit(t, "Scale bob while the removal waits")
		s.stays(t, "live", "the removed cluster stays", func() string {
			if cluster := s.get(t, clusterKind, "carol", "live-carol"); cluster == nil || cluster.GetDeletionTimestamp() != nil {
				return "it is being deleted"
			}
			return ""
		})
		order := s.watchDeletion(t, "carol", "live-carol")
		s.confirm(t, "live")
		s.waitForDeletion(t, "carol", "live-carol")
		order()
		s.waitForSync(t, "live", revision, clusterLimit)
		s.waitForCluster(t, "bob", 3)
	})

	step(t, "an emptied list is rejected and deletes nothing", func() {
		list := "alice: {workers: 2, version: v1.34.1, memory: large}\nbob: {kind: topology, workers: 2}\n"
		fleet.edit(t, "users.yaml", list, "{}\n")
		fleet.commit(t, "Empty the list")
		s.waitForRejection(t, "live", "empty-list")
		s.nothingIsDeleted(t, "live", "alice", "bob")
		fleet.edit(t, "users.yaml", "{}\n", strings.Replace(list, "workers: 2}", "workers: 1}", 1))
		// A good commit after a rejected one arrives, although Argo CD has synced its content before.
		s.waitForSync(t, "live", fleet.commit(t, "Restore the list, and scale bob"), clusterLimit)
		s.waitForCluster(t, "bob", 2)
	})

	step(t, "a locked cluster is not deleted", func() {
		repository.Print(t, fleet.directory, "lock", ".")
		s.waitForSync(t, "live", fleet.commit(t, "Lock all clusters"), clusterLimit)
		fleet.edit(t, "users.yaml", "alice: {workers: 2, version: v1.34.1, memory: large}\n", "")
		fleet.commit(t, "Remove alice without its lock")
		s.waitForRejection(t, "live", "locked-cluster")
		s.nothingIsDeleted(t, "live", "alice", "bob")
		fleet.edit(t, "users.yaml", "bob:", "alice: {workers: 2, version: v1.34.1, memory: large}\nbob:")
		s.waitForSync(t, "live", fleet.commit(t, "Restore alice"), clusterLimit)
	})

	step(t, "a removed pool keeps running", func() {
		fleet.edit(t, "users.yaml", "memory: large}", "memory: large, gpu: true}")
		s.waitForSync(t, "live", fleet.commit(t, "Request a pool"), clusterLimit)
		s.waitForCluster(t, "alice", 4)
		fleet.edit(t, "users.yaml", "memory: large, gpu: true}", "memory: large}")
		s.waitForSync(t, "live", fleet.commit(t, "Remove the pool"), clusterLimit)
		s.stays(t, "live", "the pool runs on", func() string {
			if pool := s.get(t, deploymentKind, "alice", "live-alice-gpu"); pool == nil || pool.GetDeletionTimestamp() != nil {
				return "it is being deleted"
			}
			return ""
		})
		found := s.leftovers(t, fleet, 1)
		if !strings.Contains(found, "kubectl delete machinedeployment.cluster.x-k8s.io live-alice-gpu --namespace alice") {
			t.Errorf("leftovers does not name the pool:\n%s", found)
		}
		// The upgrade left old machine templates, which no machine needs.
		for _, used := range append(s.names(t, deploymentKind, "bob"), "live-alice-md-0 --namespace") {
			if strings.Contains(found, used) {
				t.Errorf("leftovers names %s, which the fleet needs:\n%s", used, found)
			}
		}
		s.remove(t, deploymentKind, "alice", "live-alice-gpu")
		s.waitForCluster(t, "alice", 3)
	})

	step(t, "a second fleet on the same hub shares nothing", func() {
		// No commit of the first fleet has changed it.
		if wrong := s.notSynced(t, "second", revisionOfSecond); wrong != "" {
			t.Errorf("the second fleet: %s", wrong)
		}
		first := s.app(t, "live")
		second.edit(t, "users.yaml", "erin: {}\n", "")
		second.commit(t, "Remove erin")
		s.waitForConfirmation(t, "second")
		s.confirm(t, "second")
		s.waitForDeletion(t, "erin", "live-erin")
		s.nothingIsDeleted(t, "second", "alice", "bob", "frank")
		if wrong := s.notSynced(t, "live", first.revision); wrong != "" {
			t.Errorf("the first fleet: %s", wrong)
		}
	})
	health()
	healthOfSecond()
}

// leftovers returns the output of `kubectl fleet leftovers` for the live objects, and checks its exit code.
func (s *server) leftovers(t *testing.T, fleet *repo, code int) string {
	t.Helper()
	list := unstructured.UnstructuredList{Object: map[string]any{"apiVersion": "v1", "kind": "List"}}
	for _, kind := range []string{clusterKind, deploymentKind, "MachineSet.cluster.x-k8s.io", templateKind} {
		list.Items = append(list.Items, s.list(t, kind, "")...)
	}
	text, err := list.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	live := filepath.Join(t.TempDir(), "live.json")
	if err := os.WriteFile(live, text, 0o600); err != nil {
		t.Fatal(err)
	}
	result := repository.Run(t, fleet.directory, "leftovers", ".", "-f", live)
	if result.Code != code {
		t.Errorf("leftovers: exit %d, expected %d\n%s", result.Code, code, result.Stderr)
	}
	return result.Stdout
}

// remove deletes an object, as the commands that `kubectl fleet leftovers` prints do.
func (s *server) remove(t *testing.T, kind, namespace, name string) {
	t.Helper()
	client, err := s.resource(kind, namespace)
	if err == nil {
		err = client.Delete(t.Context(), name, metav1.DeleteOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// waitForDeletion waits until a Cluster is deleted.
func (s *server) waitForDeletion(t *testing.T, namespace, name string) {
	t.Helper()
	eventually(t, clusterLimit, "the removed cluster is deleted", func() string {
		if cluster := s.get(t, clusterKind, namespace, name); cluster != nil {
			return "the Cluster exists"
		}
		return ""
	})
}

// step names a step of a scenario in the log. The scenario ends if the step fails.
func step(t *testing.T, name string, run func()) {
	t.Helper()
	t.Logf("=== %s", name)
	run()
	if t.Failed() {
		t.FailNow()
	}
}

// waitForCluster waits until a cluster is available and has as many running machines as requested.
func (s *server) waitForCluster(t *testing.T, user string, machines int) {
	t.Helper()
	eventually(t, clusterLimit, fmt.Sprintf("%s has %d running machines", user, machines), func() string {
		cluster := s.get(t, clusterKind, user, "live-"+user)
		if cluster == nil {
			return "no Cluster"
		}
		if phase, _, _ := unstructured.NestedString(cluster.Object, "status", "phase"); phase != "Provisioned" {
			return "phase " + phase
		}
		running := 0
		all := s.list(t, machineKind, user)
		for _, machine := range all {
			if phase, _, _ := unstructured.NestedString(machine.Object, "status", "phase"); phase == "Running" {
				running++
			}
		}
		if running != machines || len(all) != machines {
			return fmt.Sprintf("%d of %d machines run", running, len(all))
		}
		if status := condition(cluster, "Available"); status != "True" {
			return "Available is " + status
		}
		return ""
	})
}

// condition returns the status of a condition, and its message if it is not True.
func condition(object *unstructured.Unstructured, kind string) string {
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, condition := range conditions {
		condition := condition.(map[string]any)
		if condition["type"] != kind {
			continue
		}
		if condition["status"] == "True" {
			return "True"
		}
		return fmt.Sprintf("%v: %v", condition["status"], condition["message"])
	}
	return "not set"
}

func (s *server) uid(t *testing.T, kind, namespace, name string) string {
	t.Helper()
	object := s.get(t, kind, namespace, name)
	if object == nil {
		t.Fatalf("%s %s does not exist", kind, name)
	}
	return string(object.GetUID())
}

func (s *server) names(t *testing.T, kind, namespace string) (names []string) {
	t.Helper()
	for _, object := range s.list(t, kind, namespace) {
		names = append(names, object.GetName())
	}
	return names
}

// notSynced returns the state of an Application that is not synced and healthy at a revision.
func (s *server) notSynced(t *testing.T, name, revision string) string {
	t.Helper()
	if a := s.app(t, name); a.sync != "Synced" || a.health != "Healthy" || a.revision != revision {
		return a.String()
	}
	return ""
}

// waitForRejection waits until kubectl-fleet's error appears on the Application.
func (s *server) waitForRejection(t *testing.T, name, code string) {
	t.Helper()
	eventually(t, commitLimit, "the commit is rejected with "+code, func() string {
		a := s.app(t, name)
		if slices.ContainsFunc(a.conditions, func(message string) bool { return strings.Contains(message, code) }) {
			return ""
		}
		return a.String()
	})
}

// nothingIsDeleted observes, while Argo CD compares an Application, that the clusters of users are not being deleted.
func (s *server) nothingIsDeleted(t *testing.T, name string, users ...string) {
	t.Helper()
	s.stays(t, name, "no cluster is deleted", func() string {
		for _, user := range users {
			if cluster := s.get(t, clusterKind, user, "live-"+user); cluster == nil || cluster.GetDeletionTimestamp() != nil {
				return user + " is being deleted"
			}
		}
		return ""
	})
}

// watchHealth observes an Application. The returned function fails if it was ever degraded.
func (s *server) watchHealth(t *testing.T, name string) func() {
	t.Helper()
	return observe(t, func(ctx context.Context) (string, error) {
		object, err := s.find(ctx, application, "argocd", name)
		if a := appOf(object); err != nil || a.health != "Degraded" {
			return "", err
		}
		resources, _, _ := unstructured.NestedSlice(object.Object, "status", "resources")
		for _, resource := range resources {
			resource := resource.(map[string]any)
			if health, _, _ := unstructured.NestedMap(resource, "health"); health["status"] == "Degraded" {
				return fmt.Sprintf("%v %v is Degraded: %v", resource["kind"], resource["name"], health["message"]), nil
			}
		}
		return "the Application is Degraded", nil
	})
}

// watchDeletion observes the deletion of a cluster. The returned function fails if its infrastructure was deleted before its machines.
func (s *server) watchDeletion(t *testing.T, namespace, name string) func() {
	t.Helper()
	return observe(t, func(ctx context.Context) (string, error) {
		// Read in this order, since machines are deleted first.
		machines, err := s.findAll(ctx, machineKind, namespace)
		if err != nil || len(machines) == 0 {
			return "", err
		}
		if infrastructure, err := s.find(ctx, devClusterKind, namespace, name); err != nil || infrastructure != nil {
			return "", err
		}
		machines, err = s.findAll(ctx, machineKind, namespace)
		if err != nil || len(machines) == 0 {
			return "", err
		}
		return fmt.Sprintf("the infrastructure is deleted, and %d machines remain", len(machines)), nil
	})
}

// observe calls check until the returned function is called, which fails if check has returned a string, or never succeeded.
func observe(t *testing.T, check func(context.Context) (string, error)) func() {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	var (
		wrong     []string
		succeeded bool
		last      error
	)
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			found, err := check(ctx)
			succeeded = succeeded || err == nil
			if err != nil && ctx.Err() == nil {
				last = err
			}
			if found != "" && !slices.Contains(wrong, found) {
				wrong = append(wrong, found)
			}
			time.Sleep(300 * time.Millisecond)
		}
	}()
	t.Cleanup(cancel)
	return func() {
		t.Helper()
		cancel()
		<-done
		if !succeeded {
			t.Errorf("nothing could be observed: %v", last)
		}
		for _, found := range wrong {
			t.Error(found)
		}
	}
}

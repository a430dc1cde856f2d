package live

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"kubectl-fleet.io/conformance/repository"
)

// Maximum time until a change of an add-on has arrived in a workload cluster.
const addonLimit = 3 * time.Minute

// addons is a fleet with one cluster, whose workload cluster is a second API server.
type addons struct {
	management, workload *server
	fleet                *repo
	// deliversManifests is false if the delivery method does not delete manifests.
	deliversManifests bool
	// firstLookup upgrades the chart and adds a first `runtimeValues` key.
	firstLookup func(t *testing.T)
	// keepsConfirmed is true if a confirmed removal withdraws no add-on.
	keepsConfirmed bool
	// notes are what `kubectl fleet remove` says about the add-ons.
	notes struct{ confirm, forbid string }
	// left are the objects of add-ons that remain after the Cluster where deletions are forbidden, in the order of their deletion.
	left []reference
}

// newAddons starts two API servers and writes the fleet for a delivery method.
func newAddons(t *testing.T, method string) *addons {
	t.Helper()
	logs := logDir(t)
	a := &addons{management: startServer(t, "management", logs), workload: startServer(t, "workload", logs), deliversManifests: true}
	// Only the kinds of Cluster API: the test takes the place of its managers.
	a.management.applyCRDs(t, moduleDir(t, "clusterapi", "sigs.k8s.io/cluster-api"), []string{"core/config/crd/bases"})
	a.management.applyCRDs(t, moduleDir(t, "clusterapi", "sigs.k8s.io/cluster-api/test"), []string{"infrastructure/docker/config/crd/bases"})
	a.fleet = newRepo(t, a.management, "fleets/addons")
	a.fleet.edit(t, "fleet.yaml", "METHOD", method)
	a.fleet.edit(t, "fleet.yaml", "GIT", a.fleet.url())
	a.fleet.edit(t, "fleet.yaml", "REPOSITORY", chartRepository(t, "fleets/addons/chart", "1.0.0", "1.1.0"))
	a.firstLookup = a.addLookup
	return a
}

// deliver commits all changes and waits until Argo CD has synced them.
func (a *addons) deliver(t *testing.T, message string) {
	t.Helper()
	a.synced(t, a.fleet.commit(t, message))
}

// synced waits until Argo CD has synced a revision.
func (a *addons) synced(t *testing.T, revision string) {
	t.Helper()
	eventually(t, addonLimit, fmt.Sprintf("the fleet is synced at %.8s", revision), func() string {
		if app := a.management.app(t, "live"); app.sync != "Synced" || app.revision != revision {
			return app.String()
		}
		return ""
	})
}

// connect makes the workload cluster reachable in the way of Cluster API: a ready Cluster with a finalizer, and the Secret with its
// kubeconfig, which the garbage collector deletes after the Cluster.
func (a *addons) connect(t *testing.T) {
	t.Helper()
	kubeconfig, err := os.ReadFile(a.workload.kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	a.management.apply(t, fmt.Appendf(nil, `
apiVersion: v1
kind: Secret
metadata:
  name: alice-kubeconfig
  namespace: fleet
  labels: {cluster.x-k8s.io/cluster-name: alice}
  ownerReferences: [{apiVersion: cluster.x-k8s.io/v1beta2, kind: Cluster, name: alice, uid: %s}]
type: cluster.x-k8s.io/secret
data: {value: %s}
`, a.management.uid(t, clusterKind, "fleet", "alice"), base64.StdEncoding.EncodeToString(kubeconfig)))
	a.management.patch(t, clusterKind, "fleet", "alice", `{"metadata":{"finalizers":["cluster.cluster.x-k8s.io"]}}`)
	now := time.Now().UTC().Format(time.RFC3339)
	a.management.patch(t, clusterKind, "fleet", "alice", fmt.Sprintf(`{"status":{
		"initialization":{"controlPlaneInitialized":true,"infrastructureProvisioned":true},
		"phase":"Provisioned",
		"conditions":[{"type":"ControlPlaneInitialized","status":"True","reason":"Test","message":"","lastTransitionTime":%q}]}}`, now), "status")
}

// setting waits until the chart's ConfigMap has certain data, and returns its uid.
func (a *addons) setting(t *testing.T, expected map[string]string) string {
	t.Helper()
	uid := ""
	eventually(t, addonLimit, fmt.Sprintf("the chart has the values %v", expected), func() string {
		object := a.workload.get(t, "ConfigMap", "demo", "settings")
		if object == nil {
			return "it is not installed"
		}
		data, _, _ := unstructured.NestedStringMap(object.Object, "data")
		for key, value := range expected {
			if data[key] != value {
				return fmt.Sprintf("%s is %q", key, data[key])
			}
		}
		uid = string(object.GetUID())
		return ""
	})
	return uid
}

// installed waits until the add-ons of a production cluster are installed, and returns the uid of the chart's ConfigMap.
func (a *addons) installed(t *testing.T) string {
	t.Helper()
	uid := a.setting(t, map[string]string{"size": "large"})
	if a.deliversManifests {
		a.exists(t, "default", "policy", true)
	}
	return uid
}

// exists waits until a ConfigMap of the workload cluster exists or does not exist.
func (a *addons) exists(t *testing.T, namespace, name string, expected bool) {
	t.Helper()
	eventually(t, addonLimit, fmt.Sprintf("ConfigMap %s exists: %t", name, expected), func() string {
		if exists := a.workload.get(t, "ConfigMap", namespace, name) != nil; exists != expected {
			return fmt.Sprintf("exists: %t", exists)
		}
		return ""
	})
}

// run installs, changes and withdraws add-ons.
func (a *addons) run(t *testing.T) {
	uid := ""
	step(t, "a chart and manifests are installed", func() {
		a.deliver(t, "Request a cluster")
		a.connect(t)
		uid = a.setting(t, map[string]string{"chart": "1.0.0", "size": "large", "braces": "{{ .x }} and alice"})
		if a.deliversManifests {
			a.exists(t, "default", "policy", true)
			policy := a.workload.get(t, "ConfigMap", "default", "policy")
			if braces, _, _ := unstructured.NestedString(policy.Object, "data", "braces"); braces != "{{ kept }}" {
				t.Errorf("braces arrived as %q", braces)
			}
		}
	})
	step(t, "another variant changes the release in place, and an add-on that no longer matches is withdrawn", func() {
		a.fleet.edit(t, "users.yaml", "alice: production", "alice: staging")
		a.deliver(t, "Make alice a staging cluster")
		a.sameObject(t, uid, a.setting(t, map[string]string{"size": "small"}))
		if a.deliversManifests {
			a.exists(t, "default", "policy", false)
		}
	})
	step(t, "an upgrade with a first looked-up value uninstalls nothing", func() {
		a.firstLookup(t)
		a.sameObject(t, uid, a.setting(t, map[string]string{"chart": "1.1.0", "zone": `zone "a"`, "size": "small"}))
	})
	step(t, "a deselected add-on is withdrawn", func() {
		a.fleet.edit(t, "fleet.yaml", "selector: all", "selector: {matchLabels: {type: production}}")
		a.deliver(t, "Deploy the chart to production only")
		a.exists(t, "demo", "settings", false)
		// A fleet without members is rejected. The second cluster never becomes ready.
		a.fleet.edit(t, "users.yaml", "alice: staging", "alice: production\nbob: production")
		a.deliver(t, "Make alice a production cluster")
		a.installed(t)
	})
	a.runRemovals(t)
}

func (a *addons) addLookup(t *testing.T) {
	t.Helper()
	a.fleet.edit(t, "fleet.yaml", "version: 1.0.0", "version: 1.1.0\n    runtimeValues: {zone: '.metadata.annotations[\"example.org/zone\"]'}")
	a.deliver(t, "Upgrade the chart, and look up the zone")
}

func (a *addons) sameObject(t *testing.T, before, after string) {
	t.Helper()
	if before != after {
		t.Errorf("an installed object was recreated: uid %s, then %s", before, after)
	}
}

// TestAddons delivers add-ons with each controller, one after the other.
func TestAddons(t *testing.T) {
	t.Parallel()
	t.Run("Sveltos", testSveltos)
	t.Run("CAAPH", testCAAPH)
	t.Run("ArgoCD", testArgoCD)
}

func testSveltos(t *testing.T) {
	a := newAddons(t, "sveltos")
	a.keepsConfirmed = true
	a.notes.confirm = "Sveltos keeps `demo` and `policies` until the Cluster loses its labels"
	a.notes.forbid = a.notes.confirm
	a.left = []reference{{"ConfigMap", "projectsveltos", "demo-alice"}}
	a.management.applyCRDs(t, moduleDir(t, "sveltos", "github.com/projectsveltos/addon-controller"), []string{"config/crd/bases"})
	a.management.applyCRDs(t, moduleDir(t, "sveltos", "github.com/projectsveltos/libsveltos"), []string{"config/crd/bases"})
	a.management.apply(t, []byte("apiVersion: v1\nkind: Namespace\nmetadata: {name: projectsveltos}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: mgmt}\n"))
	program{
		name: "sveltos", path: bin(t, "sveltos"), environment: []string{"NAMESPACE=projectsveltos"},
		arguments: []string{
			"--kubeconfig=" + a.management.kubeconfig, "--disable-telemetry", "--report-mode=0", "--diagnostics-address=127.0.0.1:0",
			"--insecure-diagnostics", "--health-addr=" + freeAddress(t), fmt.Sprintf("--webhook-port=%d", freePort(t)),
		},
	}.start(t, a.management.logs)
	a.management.startArgoCD(t)
	a.fleet.deployTo(t, "live")
	a.run(t)
}

func testCAAPH(t *testing.T) {
	a := newAddons(t, "caaph")
	a.notes.confirm = "`demo` (CAAPH): Argo CD deletes the objects of these add-ons in the sync that you confirm"
	a.left = []reference{{"HelmChartProxy.addons.cluster.x-k8s.io", "fleet", "demo.alice"}}
	a.notes.forbid = "`demo` (CAAPH): the objects of these add-ons are kept, so delete them after the Cluster is gone"
	a.deliversManifests = false
	// CAAPH does not delete manifests, so kubectl-fleet rejects them.
	text, err := os.ReadFile(filepath.Join(a.fleet.directory, "fleet.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	start, end := strings.Index(string(text), "- name: policies"), strings.Index(string(text), "deliver:")
	repository.Write(t, a.fleet.directory, map[string]string{"fleet.yaml": string(text[:start]) + string(text[end:])})
	root := moduleDir(t, "caaph", "sigs.k8s.io/cluster-api-addon-provider-helm")
	a.management.applyCRDs(t, root, []string{"config/crd/bases"})
	certificates, authority := certificate(t)
	port := freePort(t)
	program{
		name: "caaph", path: bin(t, "caaph"), environment: []string{"POD_NAMESPACE=default"},
		arguments: []string{
			"--kubeconfig=" + a.management.kubeconfig, fmt.Sprintf("--webhook-port=%d", port), "--webhook-cert-dir=" + certificates,
			"--health-addr=" + freeAddress(t), "--diagnostics-address=" + freeAddress(t), "--insecure-diagnostics",
		},
	}.start(t, a.management.logs)
	waitForPort(t, "caaph", port)
	a.management.applyWebhooks(t, filepath.Join(root, "config/webhook/manifests.yaml"), "caaph", port, authority)
	a.management.startArgoCD(t)
	a.fleet.deployTo(t, "live")
	a.run(t)
}

func testArgoCD(t *testing.T) {
	a := newAddons(t, "argocd")
	a.notes.confirm = "`demo` and `policies` (Argo CD): Argo CD deletes the objects of these add-ons in the sync that you confirm"
	a.left = []reference{
		// Without the registration, Argo CD does not try to reach the cluster.
		{"Secret", "argocd", "alice"}, {applicationSet, "argocd", "demo.alice"}, {application, "argocd", "policies.alice"},
	}
	a.notes.forbid = "`demo` and `policies` (Argo CD): the objects of these add-ons are kept, so delete them after the Cluster is gone"
	a.management.startArgoCD(t)
	a.management.apply(t, fmt.Appendf(nil, `
apiVersion: v1
kind: Secret
metadata:
  name: alice
  namespace: argocd
  labels: {argocd.argoproj.io/secret-type: cluster, kubectl-fleet.io/cluster: alice}
  annotations: {example.org/zone: 'zone "a"'}
stringData:
  name: alice
  server: %s
  config: '{"bearerToken": %q, "tlsClientConfig": {"caData": %q}}'
`, a.workload.config.Host, a.workload.token, base64.StdEncoding.EncodeToString(a.workload.config.CAData)))
	a.fleet.deployTo(t, "live")
	// The first key replaces an Application with an ApplicationSet: the safe order of docs/reference/delivery/argocd.md.
	a.firstLookup = func(t *testing.T) {
		t.Helper()
		a.fleet.edit(t, "fleet.yaml", "- name: demo\n", "- name: demo\n  onRemove: leave\n")
		a.deliver(t, "Keep the software when its Application is deleted")
		eventually(t, addonLimit, "the Application has no finalizer", func() string {
			if object := a.management.get(t, application, "argocd", "demo.alice"); object == nil || len(object.GetFinalizers()) > 0 {
				return "it has a finalizer, or does not exist"
			}
			return ""
		})
		a.addLookup(t)
		a.setting(t, map[string]string{"chart": "1.1.0"})
		a.fleet.edit(t, "fleet.yaml", "- name: demo\n  onRemove: leave\n", "- name: demo\n")
		a.deliver(t, "Uninstall the software with its Application again")
	}
	a.run(t)
}

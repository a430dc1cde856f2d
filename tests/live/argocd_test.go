package live

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"kubectl-fleet.io/conformance/repository"
)

const (
	application    = "Application.argoproj.io"
	applicationSet = "ApplicationSet.argoproj.io"
	refreshKey     = "argocd.argoproj.io/refresh"
)

// startArgoCD installs Argo CD with the plugin and starts its processes.
func (s *server) startArgoCD(t *testing.T) {
	t.Helper()
	root := moduleDir(t, "../conformance/argocd", "github.com/argoproj/argo-cd/v3")
	s.applyCRDs(t, root, []string{"manifests/crds/application-crd.yaml", "manifests/crds/applicationset-crd.yaml", "manifests/crds/appproject-crd.yaml"})
	s.apply(t, []byte(argocdSettings))
	// The output of `argocd config` is merged into an existing ConfigMap; in this instance, it is the whole ConfigMap.
	for _, settings := range documents(t, repository.Print(t, "", "argocd", "config")) {
		settings.SetNamespace("argocd")
		settings.SetLabels(map[string]string{"app.kubernetes.io/part-of": "argocd"})
		s.applyObject(t, &settings)
	}

	redis, repoServer := freePort(t), freePort(t)
	program{name: "redis", path: "redis-server", arguments: []string{
		fmt.Sprintf("--port %d", redis), "--bind 127.0.0.1", "--save", "", "--appendonly no",
	}}.start(t, s.logs)
	// The path of a Unix socket has at most 107 bytes.
	sockets, err := os.MkdirTemp("", "live")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(sockets) })
	keys := t.TempDir()
	environment := []string{
		"KUBECONFIG=" + s.kubeconfig, "ARGOCD_FAKE_IN_CLUSTER=true", "ARGOCD_PLUGINSOCKFILEPATH=" + sockets,
		"ARGOCD_GNUPGHOME=" + keys, "ARGOCD_GPG_ENABLED=false", "GIT_ALLOW_PROTOCOL=file:https:ssh",
		"PATH=" + tools(t) + ":" + filepath.Dir(bin(t, "helm")) + ":" + os.Getenv("PATH"),
	}
	plugin := filepath.Join(t.TempDir(), "plugin")
	if err := os.MkdirAll(plugin, 0o755); err != nil {
		t.Fatal(err)
	}
	config := strings.ReplaceAll(string(repository.Print(t, "", "argocd", "plugin")), "/usr/local/bin/kubectl-fleet", repository.Binary())
	if err := os.WriteFile(filepath.Join(plugin, "plugin.yaml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	argocd := bin(t, "argocd")
	program{name: "argocd-cmp-server", path: argocd, environment: environment, arguments: []string{
		"cmp-server", "--config-dir-path=" + plugin,
	}}.start(t, s.logs)
	program{name: "argocd-repo-server", path: argocd, environment: environment, arguments: []string{
		"repo-server", "--disable-tls", "--client-ca-path=", "--address=127.0.0.1", fmt.Sprintf("--port=%d", repoServer),
		"--metrics-address=127.0.0.1", fmt.Sprintf("--metrics-port=%d", freePort(t)), fmt.Sprintf("--redis=127.0.0.1:%d", redis),
	}}.start(t, s.logs)
	waitForPort(t, "argocd-repo-server", repoServer)
	program{name: "argocd-application-controller", path: argocd, environment: environment, arguments: []string{
		"application-controller", "--kubeconfig=" + s.kubeconfig, "--namespace=argocd", "--persist-resource-health",
		// An object with an ownerReference, such as a MachineDeployment, causes no refresh of its Application (isRootAppNode in
		// controller/cache/cache.go of Argo CD 3.5.7). Its health arrives with the next resync, 120 to 180 s later by default.
		"--app-resync=3", "--app-resync-jitter=0",
		fmt.Sprintf("--metrics-port=%d", freePort(t)), fmt.Sprintf("--redis=127.0.0.1:%d", redis),
		fmt.Sprintf("--repo-server=127.0.0.1:%d", repoServer), "--repo-server-plaintext",
	}}.start(t, s.logs)
	program{name: "argocd-applicationset-controller", path: argocd, environment: environment, arguments: []string{
		"applicationset-controller", "--kubeconfig=" + s.kubeconfig, "--namespace=argocd",
		"--metrics-addr=" + freeAddress(t), "--probe-addr=" + freeAddress(t), "--webhook-addr=" + freeAddress(t),
		fmt.Sprintf("--argocd-repo-server=127.0.0.1:%d", repoServer), "--repo-server-plaintext",
	}}.start(t, s.logs)
}

// tools returns a directory with a program that Argo CD requires on the PATH for each revision that it reads.
func tools(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "git-verify-wrapper.sh"), []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return directory
}

// argocdSettings contains what Argo CD's installation contains besides CRDs, workloads and permissions.
const argocdSettings = `
apiVersion: v1
kind: Namespace
metadata: {name: argocd}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-rbac-cm, namespace: argocd, labels: {app.kubernetes.io/part-of: argocd}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cmd-params-cm, namespace: argocd, labels: {app.kubernetes.io/part-of: argocd}}
---
apiVersion: v1
kind: Secret
metadata: {name: argocd-secret, namespace: argocd, labels: {app.kubernetes.io/part-of: argocd}}
stringData: {server.secretkey: bGl2ZS10ZXN0LWxpdmUtdGVzdC1saXZlLXRlc3Q=}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: default, namespace: argocd}
spec:
  sourceRepos: ["*"]
  destinations: [{namespace: "*", server: "*"}]
  clusterResourceWhitelist: [{group: "*", kind: "*"}]
`

// app is the state of an Application.
type app struct {
	sync, health, revision, phase, message string
	// conditions are the messages of its conditions.
	conditions []string
	object     *unstructured.Unstructured
}

func (a app) String() string {
	return fmt.Sprintf("%s, %s, revision %.8s, operation %s: %s %v", a.sync, a.health, a.revision, a.phase, a.message, a.conditions)
}

// app returns the state of an Application.
func (s *server) app(t *testing.T, name string) app {
	t.Helper()
	return appOf(s.get(t, application, "argocd", name))
}

// appOf reads the state of an Application, which can be nil.
func appOf(object *unstructured.Unstructured) app {
	if object == nil {
		return app{}
	}
	// A field of another type reads as empty, which no check accepts.
	text := func(fields ...string) string {
		found, _, _ := unstructured.NestedString(object.Object, fields...)
		return found
	}
	a := app{
		sync: text("status", "sync", "status"), health: text("status", "health", "status"), revision: text("status", "sync", "revision"),
		phase: text("status", "operationState", "phase"), message: text("status", "operationState", "message"), object: object,
	}
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, condition := range conditions {
		message, _ := condition.(map[string]any)["message"].(string)
		a.conditions = append(a.conditions, message)
	}
	return a
}

// refresh makes Argo CD read the repository again, since it caches the revision of a branch for three minutes.
func (s *server) refresh(t *testing.T, name string) {
	t.Helper()
	s.patch(t, application, "argocd", name, `{"metadata":{"annotations":{"`+refreshKey+`":"normal"}}}`)
}

// waitForSync waits until an Application is synced to a revision, and healthy.
func (s *server) waitForSync(t *testing.T, name, revision string, limit time.Duration) {
	t.Helper()
	eventually(t, limit, fmt.Sprintf("%s is Synced and Healthy at %.8s", name, revision), func() string {
		a := s.app(t, name)
		if a.sync == "Synced" && a.health == "Healthy" && a.revision == revision && a.phase == "Succeeded" {
			return ""
		}
		return a.String()
	})
}

// stays fails if check returns a string at any time while Argo CD compares an Application with its repository twice.
func (s *server) stays(t *testing.T, name, what string, check func() string) {
	t.Helper()
	start, compared, waits := time.Now(), 0, false
	for ; waits || compared < 2 || time.Since(start) < observation; time.Sleep(500 * time.Millisecond) {
		if wrong := check(); wrong != "" {
			t.Fatalf("%s: %s", what, wrong)
		}
		if time.Since(start) > commitLimit {
			t.Fatalf("%s: %s was not compared within %s", what, name, commitLimit)
		}
		// Argo CD removes the annotation after the comparison, and begins to sync. A request during a comparison has no effect.
		_, waits = s.app(t, name).object.GetAnnotations()[refreshKey]
		if !waits && compared < 2 {
			s.refresh(t, name)
			compared, waits = compared+1, true
		}
	}
	t.Logf("%6.1f s  %s", time.Since(start).Seconds(), what)
}

// waitForConfirmation waits until an Application waits for the confirmation of a deletion.
func (s *server) waitForConfirmation(t *testing.T, name string) {
	t.Helper()
	eventually(t, commitLimit, "the operation waits for a confirmation", func() string {
		a := s.app(t, name)
		if a.phase == "Running" && strings.Contains(a.message, "confirmation") {
			return ""
		}
		return a.String()
	})
}

// confirm confirms the deletions that an Application waits for.
func (s *server) confirm(t *testing.T, name string) {
	t.Helper()
	s.patch(t, application, "argocd", name, fmt.Sprintf(
		`{"metadata":{"annotations":{"argocd.argoproj.io/deletion-approved":%q}}}`, time.Now().UTC().Format(time.RFC3339)))
}

// terminate ends the running operation of an Application, as `argocd app terminate-op` does.
func (s *server) terminate(t *testing.T, name string) {
	t.Helper()
	s.patch(t, application, "argocd", name, `{"status":{"operationState":{"phase":"Terminating"}}}`)
}

package live

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// component is a manager whose module contains its CRDs and webhooks.
type component struct {
	// module is a directory of tests/live whose go.mod requires modulePath.
	module, modulePath string
	// crds and webhooks are paths in the module. webhooks can be empty.
	crds     []string
	webhooks string
	program  string
	flags    []string
}

// The managers of Cluster API, with the development provider, which has in-memory clusters.
var clusterAPI = []component{
	{
		module: "clusterapi", modulePath: "sigs.k8s.io/cluster-api", program: "capi-core",
		crds: []string{"core/config/crd/bases"}, webhooks: "core/config/webhook/manifests.yaml",
		flags: []string{"--feature-gates=MachinePool=true,ClusterTopology=true"},
	},
	{
		module: "clusterapi", modulePath: "sigs.k8s.io/cluster-api", program: "capi-bootstrap",
		crds: []string{"bootstrap/kubeadm/config/crd/bases"}, webhooks: "bootstrap/kubeadm/config/webhook/manifests.yaml",
		flags: []string{"--feature-gates=MachinePool=true"},
	},
	{
		module: "clusterapi", modulePath: "sigs.k8s.io/cluster-api", program: "capi-controlplane",
		crds: []string{"controlplane/kubeadm/config/crd/bases"}, webhooks: "controlplane/kubeadm/config/webhook/manifests.yaml",
		flags: []string{"--feature-gates=ClusterTopology=true"},
	},
	{
		module: "clusterapi", modulePath: "sigs.k8s.io/cluster-api/test", program: "capi-docker",
		crds: []string{"infrastructure/docker/config/crd/bases"}, webhooks: "infrastructure/docker/config/webhook/manifests.yaml",
		flags: []string{"--feature-gates=MachinePool=true,ClusterTopology=true"},
	},
}

// moduleDir returns the directory of a Go module in the module cache.
func moduleDir(t *testing.T, module, path string) string {
	t.Helper()
	return strings.TrimSpace(string(runIn(t, module, "go", "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", path)))
}

// applyCRDs applies the CRDs in directories or files of a module. Cluster API finds the versions of a contract through a label that
// its kustomizations add.
func (s *server) applyCRDs(t *testing.T, root string, paths []string) {
	t.Helper()
	var applied []string
	for _, path := range paths {
		files, err := filepath.Glob(filepath.Join(root, path, "*.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(filepath.Join(root, path)); err == nil && !info.IsDir() {
			files = []string{filepath.Join(root, path)}
		}
		if len(files) == 0 {
			t.Fatalf("%s contains no CRDs", filepath.Join(root, path))
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, crd := range documents(t, text) {
				if crd.GetKind() != "CustomResourceDefinition" {
					continue
				}
				labels := crd.GetLabels()
				if labels == nil {
					labels = map[string]string{}
				}
				if strings.HasSuffix(crd.GetName(), "cluster.x-k8s.io") {
					labels["cluster.x-k8s.io/v1beta2"] = "v1beta2"
				}
				crd.SetLabels(labels)
				unstructured.RemoveNestedField(crd.Object, "spec", "conversion")
				unstructured.RemoveNestedField(crd.Object, "status")
				s.applyObject(t, &crd)
				applied = append(applied, crd.GetName())
			}
		}
	}
	eventually(t, startTimeout, fmt.Sprintf("%d kinds are served", len(applied)), func() string {
		for _, name := range applied {
			crd := s.get(t, "CustomResourceDefinition.apiextensions.k8s.io", "", name)
			if status := condition(crd, "Established"); status != "True" {
				return name + ": " + status
			}
		}
		return ""
	})
	s.mapper.Reset()
}

// applyWebhooks applies webhook configurations whose names begin with prefix, for a manager on the loopback interface.
func (s *server) applyWebhooks(t *testing.T, file, prefix string, port int, authority []byte) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, configuration := range documents(t, text) {
		configuration.SetName(prefix + "-" + configuration.GetName())
		webhooks, _, err := unstructured.NestedSlice(configuration.Object, "webhooks")
		if err != nil {
			t.Fatal(err)
		}
		for _, webhook := range webhooks {
			webhook := webhook.(map[string]any)
			path, _, err := unstructured.NestedString(webhook, "clientConfig", "service", "path")
			if err != nil {
				t.Fatal(err)
			}
			webhook["clientConfig"] = map[string]any{
				"url":      fmt.Sprintf("https://127.0.0.1:%d%s", port, path),
				"caBundle": base64.StdEncoding.EncodeToString(authority),
			}
		}
		if err := unstructured.SetNestedSlice(configuration.Object, webhooks, "webhooks"); err != nil {
			t.Fatal(err)
		}
		s.applyObject(t, &configuration)
	}
}

// certificate creates a certificate for 127.0.0.1 as tls.crt and tls.key, and returns its directory and the certificate.
func certificate(t *testing.T) (directory string, authority []byte) {
	t.Helper()
	directory = t.TempDir()
	runIn(t, directory, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
		"-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "tls.key", "-out", "tls.crt")
	authority, err := os.ReadFile(filepath.Join(directory, "tls.crt"))
	if err != nil {
		t.Fatal(err)
	}
	return directory, authority
}

// startClusterAPI installs Cluster API and starts its managers.
func (s *server) startClusterAPI(t *testing.T) {
	t.Helper()
	certificates, authority := certificate(t)
	for _, c := range clusterAPI {
		s.applyCRDs(t, moduleDir(t, c.module, c.modulePath), c.crds)
	}
	for index, c := range clusterAPI {
		port := freePort(t)
		program{
			name: c.program, path: bin(t, c.program),
			arguments: append([]string{
				"--kubeconfig=" + s.kubeconfig, fmt.Sprintf("--webhook-port=%d", port), "--webhook-cert-dir=" + certificates,
				"--health-addr=" + freeAddress(t), "--diagnostics-address=" + freeAddress(t), "--insecure-diagnostics",
			}, c.flags...),
			environment: []string{"POD_NAMESPACE=default", fmt.Sprintf("POD_NAME=manager-%d", index), "POD_UID=1", "POD_IP=127.0.0.1"},
		}.start(t, s.logs)
		waitForPort(t, c.program, port)
		s.applyWebhooks(t, filepath.Join(moduleDir(t, c.module, c.modulePath), c.webhooks), c.program, port, authority)
	}
}

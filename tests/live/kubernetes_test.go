package live

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// manager is the field manager of the objects that tests create.
const manager = "live-test"

// server is a running API server with etcd, garbage collection and the namespace controller.
type server struct {
	config *rest.Config
	// kubeconfig is the path of a file with administrator rights.
	kubeconfig string
	token      string
	client     dynamic.Interface
	mapper     *restmapper.DeferredDiscoveryRESTMapper
	logs       string
}

// startServer starts an API server.
func startServer(t *testing.T, name, logs string) *server {
	t.Helper()
	directory := t.TempDir()
	store, peers := "http://"+freeAddress(t), "http://"+freeAddress(t)
	program{name: name + "-etcd", path: bin(t, "etcd"), arguments: []string{
		"--data-dir=" + filepath.Join(directory, "etcd"), "--unsafe-no-fsync", "--log-level=error",
		"--listen-client-urls=" + store, "--advertise-client-urls=" + store,
		"--listen-peer-urls=" + peers, "--initial-advertise-peer-urls=" + peers, "--initial-cluster=default=" + peers,
	}}.start(t, logs)

	token := make([]byte, 16)
	if _, err := rand.Read(token); err != nil {
		t.Fatal(err)
	}
	s := &server{token: hex.EncodeToString(token), kubeconfig: filepath.Join(directory, "kubeconfig"), logs: logs}
	key, tokens, certificates := filepath.Join(directory, "key.pem"), filepath.Join(directory, "tokens.csv"), filepath.Join(directory, "certificates")
	runCommand(t, "openssl", "genrsa", "-out", key, "2048")
	if err := os.WriteFile(tokens, fmt.Appendf(nil, "%s,admin,admin,system:masters\n", s.token), 0o600); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	program{name: name + "-apiserver", path: bin(t, "kube-apiserver"), arguments: []string{
		"--etcd-servers=" + store, "--bind-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", port), "--cert-dir=" + certificates,
		"--token-auth-file=" + tokens, "--authorization-mode=RBAC",
		"--service-account-issuer=https://127.0.0.1", "--service-account-key-file=" + key, "--service-account-signing-key-file=" + key,
		"--service-cluster-ip-range=10.0.0.0/24", "--endpoint-reconciler-type=none",
		// The controller that creates the service accounts it requires is not running.
		"--disable-admission-plugins=ServiceAccount", "--enable-priority-and-fairness=false",
	}}.start(t, logs)

	authority := filepath.Join(certificates, "apiserver.crt")
	s.config = &rest.Config{
		Host: fmt.Sprintf("https://127.0.0.1:%d", port), BearerToken: s.token,
		TLSClientConfig: rest.TLSClientConfig{CAFile: authority}, QPS: -1, WarningHandler: rest.NoWarnings{},
	}
	eventually(t, startTimeout, name+" is ready", func() string {
		if _, err := os.Stat(authority); err != nil {
			return err.Error()
		}
		client, err := discovery.NewDiscoveryClientForConfig(s.config)
		if err == nil {
			_, err = client.RESTClient().Get().AbsPath("/readyz").DoRaw(t.Context())
		}
		if err != nil {
			return err.Error()
		}
		return ""
	})
	s.connect(t, authority)
	program{name: name + "-controllers", path: bin(t, "kube-controller-manager"), arguments: []string{
		"--kubeconfig=" + s.kubeconfig, "--controllers=garbage-collector-controller,namespace-controller",
		"--leader-elect=false", "--bind-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", freePort(t)),
		"--cert-dir=" + filepath.Join(directory, "controllers"),
	}}.start(t, logs)
	return s
}

// connect creates the clients and the kubeconfig.
func (s *server) connect(t *testing.T, authority string) {
	t.Helper()
	data, err := os.ReadFile(authority)
	if err != nil {
		t.Fatal(err)
	}
	s.config.CAData, s.config.CAFile = data, ""
	config := api.NewConfig()
	config.Clusters["live"] = &api.Cluster{Server: s.config.Host, CertificateAuthorityData: data}
	config.AuthInfos["admin"] = &api.AuthInfo{Token: s.token}
	config.Contexts["live"] = &api.Context{Cluster: "live", AuthInfo: "admin"}
	config.CurrentContext = "live"
	if err := clientcmd.WriteToFile(*config, s.kubeconfig); err != nil {
		t.Fatal(err)
	}
	if s.client, err = dynamic.NewForConfig(s.config); err != nil {
		t.Fatal(err)
	}
	found, err := discovery.NewDiscoveryClientForConfig(s.config)
	if err != nil {
		t.Fatal(err)
	}
	s.mapper = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(found))
}

// resource returns the client for a kind, such as `Cluster.cluster.x-k8s.io`, in its preferred version.
func (s *server) resource(kind, namespace string) (dynamic.ResourceInterface, error) {
	group := schema.ParseGroupKind(kind)
	mapping, err := s.mapper.RESTMapping(group)
	if meta.IsNoMatchError(err) {
		s.mapper.Reset()
		mapping, err = s.mapper.RESTMapping(group)
	}
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return s.client.Resource(mapping.Resource), nil
	}
	return s.client.Resource(mapping.Resource).Namespace(namespace), nil
}

// find returns an object, or nil if it does not exist.
func (s *server) find(ctx context.Context, kind, namespace, name string) (*unstructured.Unstructured, error) {
	client, err := s.resource(kind, namespace)
	if err != nil {
		return nil, err
	}
	object, err := client.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	return object, err
}

// findAll returns all objects of a kind; an empty namespace selects all namespaces.
func (s *server) findAll(ctx context.Context, kind, namespace string) ([]unstructured.Unstructured, error) {
	client, err := s.resource(kind, namespace)
	if err != nil {
		return nil, err
	}
	objects, err := client.List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	return objects.Items, nil
}

// get returns an object, or nil if it does not exist. The test fails if the API server does not answer.
func (s *server) get(t *testing.T, kind, namespace, name string) *unstructured.Unstructured {
	t.Helper()
	object, err := s.find(t.Context(), kind, namespace, name)
	if err != nil {
		t.Fatal(err)
	}
	return object
}

// list returns all objects of a kind. The test fails if the API server does not answer.
func (s *server) list(t *testing.T, kind, namespace string) []unstructured.Unstructured {
	t.Helper()
	objects, err := s.findAll(t.Context(), kind, namespace)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// apply applies objects from YAML documents with server-side apply.
func (s *server) apply(t *testing.T, text []byte) {
	t.Helper()
	for _, object := range documents(t, text) {
		s.applyObject(t, &object)
	}
}

func (s *server) applyObject(t *testing.T, object *unstructured.Unstructured) {
	t.Helper()
	client, err := s.resource(object.GroupVersionKind().GroupKind().String(), object.GetNamespace())
	if err == nil {
		_, err = client.Apply(t.Context(), object.GetName(), object, metav1.ApplyOptions{FieldManager: manager, Force: true})
	}
	if err != nil {
		t.Fatalf("apply %s %s: %v", object.GetKind(), object.GetName(), err)
	}
}

// patch applies a JSON merge patch, to a subresource if one is named.
func (s *server) patch(t *testing.T, kind, namespace, name, patch string, subresources ...string) {
	t.Helper()
	client, err := s.resource(kind, namespace)
	if err == nil {
		_, err = client.Patch(t.Context(), name, types.MergePatchType, []byte(patch), metav1.PatchOptions{FieldManager: manager}, subresources...)
	}
	if err != nil {
		t.Fatalf("patch %s %s: %v", kind, name, err)
	}
}

// documents parses YAML documents and skips empty ones.
func documents(t *testing.T, text []byte) (objects []unstructured.Unstructured) {
	t.Helper()
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var object unstructured.Unstructured
		err := decoder.Decode(&object.Object)
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(object.Object) > 0 {
			objects = append(objects, object)
		}
	}
}

// runCommand runs a command and returns its output.
func runCommand(t *testing.T, name string, arguments ...string) []byte {
	t.Helper()
	return runIn(t, "", name, arguments...)
}

func runIn(t *testing.T, directory, name string, arguments ...string) []byte {
	t.Helper()
	command := exec.CommandContext(context.Background(), name, arguments...)
	command.Dir = directory
	output, err := command.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w\n%s", err, exit.Stderr)
		}
		t.Fatalf("%s %v: %v", name, arguments, err)
	}
	return output
}

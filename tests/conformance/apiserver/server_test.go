package apiserver

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

// patience is the maximum time until a server is ready.
const patience = 2 * time.Minute

var (
	once sync.Once
	// running is the configuration of a client, after the server has started.
	running *rest.Config
	// data is the directory of the server.
	data string
)

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(data)
	os.Exit(code)
}

// server returns the configuration of a client of the server that all tests share, because a process can only contain one.
func server(t *testing.T) *rest.Config {
	t.Helper()
	once.Do(func() { running = start(t) })
	if running == nil {
		t.Fatal("the API server has not started")
	}
	return running
}

// start starts etcd and an API server in this process, on the loopback interface. Both end with the process.
func start(t *testing.T) *rest.Config {
	t.Helper()
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		t.Fatal(err)
	}
	data = dir
	store := etcd(t, dir)
	token := make([]byte, 16)
	if _, err := rand.Read(token); err != nil {
		t.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	keyFile, tokens := filepath.Join(dir, "key.pem"), filepath.Join(dir, "tokens.csv")
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	for name, text := range map[string][]byte{
		keyFile: block,
		tokens:  fmt.Appendf(nil, "%s,admin,admin,system:masters\n", hex.EncodeToString(token)),
	} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	port, certificates := free(t), filepath.Join(dir, "certificates")
	command := app.NewAPIServerCommand()
	command.SetArgs([]string{
		"--etcd-servers=" + store,
		"--bind-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", port),
		"--cert-dir=" + certificates,
		"--token-auth-file=" + tokens,
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://127.0.0.1",
		"--service-account-key-file=" + keyFile,
		"--service-account-signing-key-file=" + keyFile,
		"--service-cluster-ip-range=10.0.0.0/24",
		"--endpoint-reconciler-type=none",
		// No controller creates the service accounts that this admission plugin waits for.
		"--disable-admission-plugins=ServiceAccount",
		"--enable-priority-and-fairness=false",
		"-v=0",
	})
	ended := make(chan error, 1)
	go func() { ended <- command.Execute() }()

	config := &rest.Config{
		Host:            fmt.Sprintf("https://127.0.0.1:%d", port),
		BearerToken:     hex.EncodeToString(token),
		TLSClientConfig: rest.TLSClientConfig{CAFile: filepath.Join(certificates, "apiserver.crt")},
		QPS:             -1,
	}
	for start := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		select {
		case err := <-ended:
			t.Fatalf("the API server ended: %v", err)
		default:
		}
		if ready(t, config) {
			return config
		}
		if time.Since(start) > patience {
			t.Fatal("the API server does not become ready")
		}
	}
}

func ready(t *testing.T, config *rest.Config) bool {
	t.Helper()
	// The server creates its certificate.
	if _, err := os.Stat(config.CAFile); err != nil {
		return false
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.RESTClient().Get().AbsPath("/readyz").DoRaw(t.Context())
	return err == nil
}

func etcd(t *testing.T, dir string) string {
	t.Helper()
	config := embed.NewConfig()
	config.Dir = filepath.Join(dir, "etcd")
	config.LogLevel = "error"
	// No data must outlast the process.
	config.UnsafeNoFsync = true
	clients := url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", free(t))}
	peers := url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", free(t))}
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{clients}, []url.URL{clients}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{peers}, []url.URL{peers}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	running, err := embed.StartEtcd(config)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-running.Server.ReadyNotify():
	case <-time.After(patience):
		t.Fatal("etcd does not become ready")
	}
	return clients.String()
}

// free returns an unused port.
func free(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// Package live turns commits of fleets into clusters and add-ons with real controllers, and checks that each commit destroys only what
// it names.
package live

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Maximum time until a process is ready.
const startTimeout = 3 * time.Minute

// logDir returns the directory with the logs of a test's processes. It remains if the test fails.
func logDir(t *testing.T) string {
	t.Helper()
	base := os.Getenv("LIVE_LOGS")
	if base == "" {
		return t.TempDir()
	}
	directory := filepath.Join(base, t.Name())
	if err := os.MkdirAll(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	return directory
}

// program is a process to start.
type program struct {
	name, path string
	arguments  []string
	// environment is added to PATH and HOME.
	environment []string
	directory   string
}

// start starts a process and ends it, by its id, at the end of the test. If it ends earlier, the test fails.
func (p program) start(t *testing.T, logs string) {
	t.Helper()
	log, err := os.Create(filepath.Join(logs, p.name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	command := exec.Command(p.path, p.arguments...)
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home}, p.environment...)
	command.Dir = p.directory
	command.Stdout, command.Stderr = log, log
	// The process also ends if the test is killed.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	stopping := make(chan struct{})
	go func() {
		err := command.Wait()
		select {
		case <-stopping:
		default:
			t.Errorf("%s ended: %v", p.name, err)
		}
		ended <- err
	}()
	t.Cleanup(func() {
		close(stopping)
		// The error of a process that has ended is not an error.
		_ = command.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = command.Process.Kill()
			<-ended
		}
		log.Close()
		if t.Failed() {
			t.Logf("last lines of %s:\n%s", p.name, tail(log.Name(), 12))
		}
	})
}

// tail returns the last lines of a file.
func tail(path string, count int) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-count):], "\n")
}

// bin returns the path of a program that tests/live/run has built.
func bin(t *testing.T, name string) string {
	t.Helper()
	directory := os.Getenv("LIVE_BIN")
	if directory == "" {
		t.Fatal("LIVE_BIN is not set: run tests/live/run")
	}
	return filepath.Join(directory, name)
}

// freePort returns a port of the loopback interface on which no process listens.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// freeAddress returns a free port with the loopback address.
func freeAddress(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("127.0.0.1:%d", freePort(t))
}

// eventually waits until check returns an empty string, which otherwise states what is missing.
func eventually(t *testing.T, limit time.Duration, what string, check func() string) {
	t.Helper()
	start := time.Now()
	for {
		missing := check()
		if missing == "" {
			t.Logf("%6.1f s  %s", time.Since(start).Seconds(), what)
			return
		}
		if t.Failed() {
			t.FailNow()
		}
		if time.Since(start) > limit {
			t.Fatalf("%s: not within %s: %s", what, limit, missing)
		}
		time.Sleep(500 * time.Millisecond)
	}
}

// waitForPort waits until a process accepts connections on a port.
func waitForPort(t *testing.T, name string, port int) {
	t.Helper()
	eventually(t, startTimeout, name+" is ready", func() string {
		connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return err.Error()
		}
		connection.Close()
		return ""
	})
}

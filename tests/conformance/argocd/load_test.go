package argocd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	repoclient "github.com/argoproj/argo-cd/v3/reposerver/apiclient"

	"kubectl-fleet.io/conformance/repository"
)

const (
	// perCluster is the number of objects that builtin:eks creates for a cluster, including its Namespace.
	perCluster = 7
	mebibyte   = 1 << 20
)

// eksFile is fleet.yaml without cells.
const eksFile = "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: users.yaml\n  value: cell\n" +
	"  labels: {cell: \"${cell}\"}\n  variables: {AWS_REGION: eu-central-1}\ntemplates: [{file: builtin:eks}]\n"

// eks returns a fleet with or without cells.
func eks(t *testing.T, clusters, cells int) fleet {
	t.Helper()
	file := eksFile
	if cells > 1 {
		file += "cells: {label: cell}\n"
	}
	return write(t, map[string]string{"fleet.yaml": file, "users.yaml": users(clusters, cells)})
}

// users returns a list of members, each with its cell.
func users(members, cells int) string {
	var list strings.Builder
	for member := range members {
		fmt.Fprintf(&list, "user-%05d: cell-%02d\n", member, member%cells)
	}
	return list.String()
}

// cost is the time and memory of a run.
type cost struct {
	wall, processor time.Duration
	// peak is the maximum resident memory in bytes.
	peak int
}

func (c cost) String() string {
	return fmt.Sprintf("%s (%s of processor, %d MiB)", c.wall.Round(time.Millisecond), c.processor.Round(time.Millisecond), c.peak/mebibyte)
}

// measure runs the binary like the plugin server, but without the other parts of Argo CD.
func measure(t *testing.T, f fleet, parameters ...parameter) (took cost, bytes int) {
	t.Helper()
	environment, err := v1alpha1.ApplicationSourcePluginParameters(parameters).Environ()
	if err != nil {
		t.Fatal(err)
	}
	command := repository.Command(f.path(), "generate", ".", "--argocd")
	command.Env, command.Stderr = environment, os.Stderr
	start := time.Now()
	pipe, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	// The first byte is printed after all work is done, and the rest does not fit into the pipe. The usage of an ended process
	// cannot be used: it starts with the size of the process that started it.
	stdout := bufio.NewReaderSize(pipe, 1)
	if _, err := stdout.Peek(1); err == nil {
		took.peak = peak(t, command.Process.Pid)
	}
	read, err := io.Copy(io.Discard, stdout)
	if err = errors.Join(err, command.Wait()); err != nil {
		t.Fatal(err)
	}
	took.wall, took.processor = time.Since(start), command.ProcessState.UserTime()+command.ProcessState.SystemTime()
	return took, int(read)
}

// peak returns the maximum resident memory of a running process in bytes.
func peak(t *testing.T, process int) int {
	t.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(process), "status"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			var kibibytes int
			if _, err := fmt.Sscan(value, &kibibytes); err != nil {
				t.Fatal(err)
			}
			return kibibytes << 10
		}
	}
	t.Fatalf("no VmHWM in %s", status)
	return 0
}

// size returns the total length of manifests.
func size(manifests []string) (bytes int) {
	for _, manifest := range manifests {
		bytes += len(manifest)
	}
	return bytes
}

// TestManyAtOnce renders one cell 50 times in parallel, because Argo CD does not limit the number of plugin processes.
func TestManyAtOnce(t *testing.T) {
	const clusters, cells, renders = 3_000, 12, 50
	f, cell := eks(t, clusters, cells), text("cell", "cell-07")
	lines := printed(t, f, "--cell", "cell-07")
	if want := clusters / cells * perCluster; len(lines) != want {
		t.Fatalf("%d objects, not %d", len(lines), want)
	}
	took, bytes := measure(t, f, cell)
	start := time.Now()
	first := rendered(t, f, cell)
	t.Logf("%d objects, %.1f MiB: %s alone, %s in a render", len(lines), float64(bytes)/mebibyte, took, time.Since(start).Round(time.Millisecond))
	if err := same(first, lines, v1alpha1.TrackingMethodAnnotation); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	start = time.Now()
	for number := range renders {
		all.Go(func() {
			manifests, err := render(f, v1alpha1.TrackingMethodAnnotation, cell)
			switch {
			case err != nil:
				t.Errorf("render %d: %v", number, err)
			case !slices.Equal(manifests, first):
				t.Errorf("render %d differs", number)
			case time.Since(start) > deadline:
				t.Errorf("render %d took %s", number, time.Since(start))
			}
		})
	}
	all.Wait()
	t.Logf("%d renders at once: %s; this process, which is Argo CD and the tests, used at most %d MiB",
		renders, time.Since(start).Round(time.Millisecond), peak(t, os.Getpid())/mebibyte)
}

// counted returns the size of lines as the output limit counts it: their bytes, and the overhead of the tracking annotation of
// each.
func counted(lines []string) int { return size(lines) + len(lines)*(1+256) }

// answer returns the size of the response of the repo-server to the controller, which gRPC limits.
func answer(manifests []string) int {
	response := repoclient.ManifestResponse{
		Manifests: manifests, SourceType: string(v1alpha1.ApplicationSourceTypePlugin),
		Namespace: destination, Server: "https://kubernetes.default.svc", Revision: strings.Repeat("0", 40),
	}
	return response.Size()
}

// TestLargestApplication renders the maximum output of small objects, of which the tracking annotations of Argo CD are the
// largest part. The output is below the limit of Argo CD. One more cluster is an error with a fix and without output.
func TestLargestApplication(t *testing.T) {
	const budget, few = 90 * mebibyte, 100
	most := budget * few / counted(printed(t, eks(t, few, 1)))
	f := eks(t, most, 1)
	start := time.Now()
	manifests := rendered(t, f)
	whole := time.Since(start).Round(time.Millisecond)
	took, bytes := measure(t, f)
	sent := answer(manifests)
	t.Logf("%d objects, %.1f MiB, %.1f MiB as Argo CD sends them: %s alone, %s in a render; this process used at most %d MiB", len(manifests),
		float64(bytes)/mebibyte, float64(sent)/mebibyte, took, whole, peak(t, os.Getpid())/mebibyte)
	if sent > repoclient.MaxGRPCMessageSize {
		t.Errorf("a response of %d bytes, but the gRPC limit is %d", sent, repoclient.MaxGRPCMessageSize)
	}
	f.write(t, "users.yaml", users(most+1, 1))
	checkError(t, rejected(t, f), 4, `error\[output-too-large\]: the output has \d+ bytes in \d+ objects .*; divide the fleet into cells`)
}

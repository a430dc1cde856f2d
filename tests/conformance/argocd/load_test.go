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
	// perCluster is how many objects builtin:eks makes of a cluster, its Namespace among them.
	perCluster = 7
	mebibyte   = 1 << 20
)

// eksFile is fleet.yaml, but for cells.
const eksFile = "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: users.yaml\n  value: cell\n" +
	"  labels: {cell: \"${cell}\"}\n  variables: {AWS_REGION: eu-central-1}\ntemplates: [{file: builtin:eks}]\n"

// eks is a fleet of clusters in cells, or in none.
func eks(t *testing.T, clusters, cells int) fleet {
	t.Helper()
	file := eksFile
	if cells > 1 {
		file += "cells: {label: cell}\n"
	}
	return write(t, map[string]string{"fleet.yaml": file, "users.yaml": users(clusters, cells)})
}

// users is a list of members and the cell of each.
func users(members, cells int) string {
	var list strings.Builder
	for member := range members {
		fmt.Fprintf(&list, "user-%05d: cell-%02d\n", member, member%cells)
	}
	return list.String()
}

// cost is what a run of the binary took.
type cost struct {
	wall, processor time.Duration
	// peak is the most memory that it held, in bytes.
	peak int
}

func (c cost) String() string {
	return fmt.Sprintf("%s (%s of processor, %d MiB)", c.wall.Round(time.Millisecond), c.processor.Round(time.Millisecond), c.peak/mebibyte)
}

// alone runs the binary as the plugin server does, without the rest of Argo CD.
func alone(t *testing.T, f fleet, parameters ...parameter) (took cost, bytes int) {
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
	// The first byte is printed when all the work is done, and the rest does not fit into the pipe. What the system
	// counts for a process that has ended is no use: it begins at the size of the process that started it.
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

// peak is the most memory that a process has held so far.
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

// size is the length of manifests, together.
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
	took, bytes := alone(t, f, cell)
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
				t.Errorf("render %d is another one", number)
			case time.Since(start) > deadline:
				t.Errorf("render %d took %s", number, time.Since(start))
			}
		})
	}
	all.Wait()
	t.Logf("%d renders at once: %s; this process, which is Argo CD and the tests, held %d MiB at most",
		renders, time.Since(start).Round(time.Millisecond), peak(t, os.Getpid())/mebibyte)
}

// counted is what lines cost of the limit: their bytes, and what the binary counts for Argo CD's mark on each.
func counted(lines []string) int { return size(lines) + len(lines)*(1+256) }

// answer is the size of what the repo-server sends to the controller, which gRPC limits.
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
	took, bytes := alone(t, f)
	sent := answer(manifests)
	t.Logf("%d objects, %.1f MiB, %.1f MiB as Argo CD sends them: %s alone, %s in a render; this process held %d MiB at most", len(manifests),
		float64(bytes)/mebibyte, float64(sent)/mebibyte, took, whole, peak(t, os.Getpid())/mebibyte)
	if sent > repoclient.MaxGRPCMessageSize {
		t.Errorf("an answer of %d bytes, and gRPC passes %d", sent, repoclient.MaxGRPCMessageSize)
	}
	f.write(t, "users.yaml", users(most+1, 1))
	told(t, refused(t, f), 4, `error\[output-too-large\]: the output has \d+ bytes in \d+ objects .*; divide the fleet into cells`)
}

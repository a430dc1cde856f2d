package deliveries

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"kubectl-fleet.io/conformance/fleets"
	"kubectl-fleet.io/conformance/readers"
	"kubectl-fleet.io/conformance/repository"
)

var (
	deliverLine = regexp.MustCompile(`(?m)^deliver: (\w+)$`)
	sourceLines = regexp.MustCompile(`(?m)^source:.*\n( .*\n)*`)
)

// unfollowed are the fleets with other software, or with clusters that their output does not contain.
var unfollowed = map[string]string{
	"testdata/ok/deliver-dependencies/in":  "its add-ons have methods of their own",
	"testdata/ok/existing-clusters/in":     "a Cluster exists already",
	"testdata/ok/existing-kubectl-list/in": "the Clusters exist already",
	"testdata/ok/fleet-name/in":            "a Cluster exists already, and add-ons have methods of their own",
	"testdata/ok/guard-addons-forbid/in":   "its add-ons have methods of their own",
	"testdata/ok/movable-spoke/in":         "the Applications of spokes read the fleet",
	"testdata/ok/not-registered/in":        "the clusters are none of Cluster API",
	"testdata/ok/s2/in":                    "the clusters are none of Cluster API",
	"testdata/ok/s3/in":                    "templates make Kustomizations of their own",
	"testdata/ok/s4/in":                    "the clusters are none of Cluster API",
	"testdata/ok/spokes/in":                "the clusters are none of Cluster API",
}

// TestSwitched deploys the fleets of the repository with each delivery method that supports them, and verifies that the same
// software reaches their clusters.
func TestSwitched(t *testing.T) {
	compared, seen := map[string]int{}, map[string]bool{}
	for _, dir := range repository.Fleets(t) {
		text, err := os.ReadFile(filepath.Join(repository.Root, dir, "fleet.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		seen[dir] = true
		if settings := deliverLine.FindSubmatch(text); settings != nil && unfollowed[dir] == "" {
			t.Run(dir, func(t *testing.T) { switched(t, dir, string(settings[1]), string(text), compared) })
		}
	}
	for dir := range unfollowed {
		if !seen[dir] {
			t.Errorf("%s does not exist: remove it from the list", dir)
		}
	}
	t.Logf("compared: %v", compared)
	for name := range Readers {
		if compared[name] == 0 {
			t.Errorf("no fleet is switched to %s", name)
		}
	}
}

// start adds the fields of a running Cluster that runtime values look up.
func start(cluster *unstructured.Unstructured) {
	annotations := map[string]string{"vpc": "vpc-1", "account": "1", "example.org/zone": "a", "1st": "b"}
	maps.Copy(annotations, cluster.GetAnnotations())
	cluster.SetAnnotations(annotations)
	labels := map[string]string{"example.org/zone": "b"}
	maps.Copy(labels, cluster.GetLabels())
	cluster.SetLabels(labels)
	if spec, is := cluster.Object["spec"].(map[string]any); is {
		spec["controlPlaneEndpoint"] = map[string]any{"host": "example.org", "port": int64(443)}
	}
}

func switched(t *testing.T, dir, delivery, text string, compared map[string]int) {
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(filepath.Join(repository.Root, dir))); err != nil {
		t.Fatal(err)
	}
	source, err := json.Marshal(fleets.Source)
	if err != nil {
		t.Fatal(err)
	}
	text = sourceLines.ReplaceAllString(text, "") + "\nsource: " + string(source) + "\n"
	arrivals := func(delivery string) (Arrivals, []string) {
		fleet := deliverLine.ReplaceAllString(text, "deliver: "+delivery)
		repository.Write(t, copied, map[string]string{"fleet.yaml": fleet})
		result := repository.Run(t, copied, "generate")
		if result.Code != 0 {
			return nil, regexp.MustCompile(`(?m)^error.*`).FindAllString(result.Stderr, -1)
		}
		objects, err := readers.Kubectl([]byte(result.Stdout))
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range objects {
			if is(object, "cluster.x-k8s.io", "Cluster") {
				start(&unstructured.Unstructured{Object: object})
			}
		}
		found, err := Readers[delivery](objects, copied)
		if err != nil {
			t.Errorf("%s: %v", delivery, err)
		}
		return found, nil
	}
	own, refused := arrivals(delivery)
	if refused != nil {
		t.Fatalf("%q", refused)
	}
	for _, other := range slices.Sorted(maps.Keys(Readers)) {
		found, refused := arrivals(other)
		if refused != nil {
			t.Logf("not by %s: %q", other, refused)
			continue
		}
		missing, more := own.Differences(found)
		if len(missing)+len(more) > 0 {
			t.Errorf("only with %s, not with %s: %q\nthe other way round: %q", delivery, other, missing, more)
		}
		compared[other] += len(found)
	}
}

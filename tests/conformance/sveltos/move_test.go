package sveltos

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"kubectl-fleet.io/conformance/repository"
)

// TestMove moves a user from staging to production with a change of one line in a list, and verifies that only two labels
// change, which deploy all production add-ons to the user's cluster.
func TestMove(t *testing.T) {
	before, after := edited(t, "  user3: staging\n")
	found := changes("", byName(t, before), byName(t, after))
	t.Logf("%s: %q -> %q\n%s", list, wasLine, isLine, strings.Join(found, "\n"))
	if others := unexpected(found); len(others) > 0 || len(found) != len(meantChanges) {
		t.Errorf("what is to change is:\n%s\nand this is not:\n%s", strings.Join(meantChanges, "\n"), strings.Join(others, "\n"))
	}
	was, is := arrivals(t, before), arrivals(t, after)
	for _, cluster := range []string{"user1/capi-eks-user1", "user3/capi-eks-user3"} {
		if !reflect.DeepEqual(was[cluster], is[cluster]) {
			t.Errorf("unexpected software reaches %s", cluster)
		}
	}
	if !reflect.DeepEqual(is["user2/capi-eks-user2"], is["user1/capi-eks-user1"]) {
		t.Error("user2 does not get the software of user1")
	}
}

const (
	list    = "existing-users.yaml"
	wasLine = "  user2: staging\n"
	isLine  = "  user2: production\n"
	moved   = `["cluster.x-k8s.io/v1beta2 Cluster user2/capi-eks-user2"]["metadata"]["labels"]`
)

var meantChanges = []string{
	moved + `["kubectl-fleet.io/kyverno"]: "base" -> "production"`,
	moved + `["type"]: "staging" -> "production"`,
}

// edited returns the objects of the fleet s1 before and after its list is edited; `others` are more of its users.
func edited(t *testing.T, others string) (before, after []map[string]any) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(repository.Root, "testdata/ok/s1/in"))); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, list))
	if err != nil {
		t.Fatal(err)
	}
	was := string(text) + others
	if strings.Count(was, wasLine) != 1 {
		t.Fatalf("no line to edit in:\n%s", was)
	}
	objectsOf := func(text string) []map[string]any {
		repository.Write(t, dir, map[string]string{list: text})
		objects, _ := objects(t, dir)
		return objects
	}
	return objectsOf(was), objectsOf(strings.Replace(was, wasLine, isLine, 1))
}

// unexpected returns the changes that are not expected.
func unexpected(changes []string) (others []string) {
	for _, change := range changes {
		if !slices.Contains(meantChanges, change) {
			others = append(others, change)
		}
	}
	return others
}

// byName returns objects by identity.
func byName(t *testing.T, objects []map[string]any) map[string]any {
	t.Helper()
	named := map[string]any{}
	for _, content := range objects {
		object := unstructured.Unstructured{Object: content}
		name := object.GetAPIVersion() + " " + object.GetKind() + " " + object.GetNamespace() + "/" + object.GetName()
		if named[name] != nil {
			t.Errorf("%s exists twice", name)
		}
		named[name] = content
	}
	return named
}

// arrivals returns the software of every cluster, by profile.
func arrivals(t *testing.T, objects []map[string]any) map[string]map[string]Delivery {
	t.Helper()
	m := management(t, objects)
	targets, err := m.targets()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]Delivery{}
	for _, target := range targets {
		delivery, err := m.Deliver(target.profile, target.cluster)
		if err != nil {
			t.Errorf("%s: %v", target, err)
		}
		name := target.cluster.String()
		if all[name] == nil {
			all[name] = map[string]Delivery{}
		}
		all[name][target.profile.Metadata.Name] = delivery
	}
	return all
}

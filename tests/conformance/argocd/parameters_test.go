package argocd

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	repoclient "github.com/argoproj/argo-cd/v3/reposerver/apiclient"
)

// cells are the cells of the fleet that withCells writes, and `@fleet` for objects that belong to no cell.
var cells = []string{"@fleet", "ap", "eu", "us"}

// withCells returns a fleet with clusters in three cells, a namespace that two cells share, and an object for the whole fleet.
func withCells(t *testing.T) fleet {
	t.Helper()
	return write(t, map[string]string{
		"fleet.yaml": `apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
cells: {label: cell}
clusters:
- {list: red.yaml, value: cell, labels: {cell: "${cell}"}, namespace: red, variables: {AWS_REGION: eu-central-1}}
- {list: others.yaml, value: cell, labels: {cell: "${cell}"}, variables: {AWS_REGION: us-east-1}}
templates: [{file: builtin:eks}]
profiles: [profile.yaml]
`,
		"red.yaml":    "alice: eu\ncarol: us\n",
		"others.yaml": "bob: eu\ndave: ap\n",
		"profile.yaml": `apiVersion: config.projectsveltos.io/v1beta1
kind: ClusterProfile
metadata: {name: all}
spec: {clusterSelector: {matchExpressions: [{key: cell, operator: Exists}]}}
`,
	})
}

// TestCells renders each cell and the objects of no cluster: together they are the whole fleet, and no object is in two cells.
func TestCells(t *testing.T) {
	f := withCells(t)
	owner, parts := map[string]string{}, map[string]any{}
	for _, cell := range cells {
		for _, manifest := range rendered(t, f, text("cell", cell)) {
			object, err := decode(manifest)
			if err == nil {
				err = untrack(object, v1alpha1.TrackingMethodAnnotation)
			}
			if err != nil {
				t.Fatal(err)
			}
			id := identity(object)
			if other, found := owner[id]; found {
				t.Errorf("%s is in %s and in %s", id, other, cell)
			}
			owner[id], parts[id] = cell, object.Object
		}
	}
	whole := map[string]any{}
	for _, line := range printed(t, f) {
		object, err := decode(line)
		if err != nil {
			t.Fatal(err)
		}
		whole[identity(object)] = object.Object
	}
	if !reflect.DeepEqual(parts, whole) {
		t.Errorf("the cells have\n%v\nbut the fleet has\n%v", parts, whole)
	}
	for id, cell := range map[string]string{
		"/Namespace:/red":  "@fleet",
		"/Namespace:/dave": "ap",
		"config.projectsveltos.io/ClusterProfile:/all": "@fleet",
		"cluster.x-k8s.io/Cluster:red/alice":           "eu",
	} {
		if owner[id] != cell {
			t.Errorf("%s is in %q, expected in %s", id, owner[id], cell)
		}
	}
}

// TestLocked renders with the parameter `locked`: a cluster that is not in fleet.lock is an error.
func TestLocked(t *testing.T) {
	f := withCells(t)
	eu := text("cell", "eu")
	checkError(t, rejected(t, f, eu, text("locked", "true")), 4, `error\[unlocked\]: fleet.lock does not exist`)
	f.write(t, "fleet.lock", "red/alice eu\nbob/bob eu\nred/carol us\n")
	checkError(t, rejected(t, f, eu, text("locked", "true")), 4, `error\[unlocked\]: others.yaml:2:1: `)
	want := rendered(t, f, eu)
	f.write(t, "fleet.lock", "red/alice eu\nbob/bob eu\nred/carol us\ndave/dave ap\n")
	if !slices.Equal(rendered(t, f, eu, text("locked", "true")), want) {
		t.Error("`locked` changes the output")
	}
}

// TestWrongParameters renders with unknown or invalid parameters. A value might be a misplaced secret, so no message contains
// it. Names of cells are not secret.
func TestWrongParameters(t *testing.T) {
	const secret = "hunter2"
	f := withCells(t)
	list := func(name string) parameter {
		return parameter{Name: name, OptionalArray: &v1alpha1.OptionalArray{Array: []string{secret}}}
	}
	mapping := func(name string) parameter {
		return parameter{Name: name, OptionalMap: &v1alpha1.OptionalMap{Map: map[string]string{secret: secret}}}
	}
	for _, wrong := range []struct {
		code  int
		first string
		given []parameter
	}{
		{2, `error\[missing-parameter\]: .* the parameter .cell. is required`, nil},
		{2, `error\[missing-parameter\]: .* the parameter .cell. is required`, []parameter{{Name: "cell"}}},
		{2, `error\[missing-parameter\]: .* the parameter .cell. is required`, []parameter{text("cell", "")}},
		{2, `error\[missing-parameter\]: .* the parameter .cell. is required`, []parameter{text("locked", "false")}},
		{3, `error\[invalid-parameter\]: .* 1 has an unknown name`, []parameter{text(secret, secret)}},
		{3, `error\[invalid-parameter\]: .* 2 has an unknown name`, []parameter{text("cell", "eu"), text("Cell", secret)}},
		{3, `error\[invalid-parameter\]: .* 1 has an unknown name`, []parameter{list(secret)}},
		{3, `error\[invalid-parameter\]: .* .cell. must be a string`, []parameter{list("cell")}},
		{3, `error\[invalid-parameter\]: .* .cell. must be a string`, []parameter{mapping("cell")}},
		{3, `error\[invalid-parameter\]: .* .cell. must be a string`, []parameter{{Name: "cell", OptionalArray: &v1alpha1.OptionalArray{}}}},
		{3, `error\[invalid-parameter\]: .* .locked. must be a string`, []parameter{text("cell", "eu"), mapping("locked")}},
		{3, `error\[invalid-parameter\]: .* .locked. must be `, []parameter{text("cell", "eu"), text("locked", secret)}},
		{3, `error\[invalid-parameter\]: .* is a duplicate of .cell.`, []parameter{text("cell", "eu"), text("cell", secret)}},
		{4, `error\[empty-cell\]: .* .mars.`, []parameter{text("cell", "mars")}},
		{4, `error\[empty-cell\]: .* .EU.`, []parameter{text("cell", "EU")}},
		{3, `error\[invalid-parameter\]: .* .cell. is not a valid`, []parameter{text("cell", "@Fleet")}},
		{3, `error\[invalid-parameter\]: .* .cell. is not a valid`, []parameter{text("cell", "../../"+secret)}},
		{3, `error\[invalid-parameter\]: .* .cell. is not a valid`, []parameter{text("cell", secret+strings.Repeat("x", 100_000))}},
	} {
		message := rejected(t, f, wrong.given...)
		checkError(t, message, wrong.code, wrong.first)
		if strings.Contains(message, secret) {
			t.Errorf("the message contains the value: %s", message)
		}
	}
}

// TestCellOfFleetWithoutCells renders a cell of a fleet without cells.
func TestCellOfFleetWithoutCells(t *testing.T) {
	f := fleets(t, "examples/eks")[0]
	checkError(t, rejected(t, f, text("cell", "eu")), 4, `error\[empty-cell\]: unknown cell .eu.`)
	checkError(t, rejected(t, f, text("cell", "@fleet")), 4, `error\[empty-cell\]: unknown cell .@fleet.`)
}

// TestAnnouncedParameters requests the parameters like the Argo CD UI. The decoder of Argo CD ignores unknown keys; here they are
// errors.
func TestAnnouncedParameters(t *testing.T) {
	f := withCells(t)
	for name, given := range map[string][]parameter{"nothing": nil, "a cell": {text("cell", "eu")}, "a cell that is gone": {text("cell", "mars")}} {
		parameters, err := announced(f, given...)
		if err != nil {
			t.Fatalf("with %s: %v", name, err)
		}
		want := []repoclient.ParameterAnnouncement{
			{Name: "cell", Title: "Cell: @fleet, ap, eu, us", Required: true, ItemType: "string", CollectionType: "string"},
			{Name: "locked", Title: "Locked", ItemType: "boolean", CollectionType: "string", String_: "false"},
		}
		if len(parameters) != len(want) {
			t.Fatalf("with %s: %v", name, parameters)
		}
		for index, got := range parameters {
			if got.Tooltip == "" {
				t.Errorf("%s has no tooltip", got.Name)
			}
			got.Tooltip = ""
			if fmt.Sprint(got) != fmt.Sprint(&want[index]) {
				t.Errorf("with %s: got %v, want %v", name, got, &want[index])
			}
		}
	}
	stdout, stderr, code := execute(t, f, "argocd", "parameters", ".")
	strict := json.NewDecoder(strings.NewReader(stdout))
	strict.DisallowUnknownFields()
	if err := strict.Decode(new([]*repoclient.ParameterAnnouncement)); err != nil || code != 0 {
		t.Errorf("exit %d, %v: %s%s", code, err, stdout, stderr)
	}
}

// TestAnnouncedParametersWithoutCells requests the parameters of a fleet without cells, and of a fleet with an error.
func TestAnnouncedParametersWithoutCells(t *testing.T) {
	for _, f := range fleets(t, "examples/*") {
		parameters, err := announced(f)
		if err != nil {
			t.Errorf("%s: %v", f.path(), err)
		}
		for _, parameter := range parameters {
			if parameter.Required {
				t.Errorf("%s: %s is required", f.path(), parameter.Name)
			}
		}
	}
	nobody := eks(t, 0, 2)
	nobody.write(t, "users.yaml", "# empty\n")
	nobody.write(t, "fleet.yaml", eksFile+"cells: {label: cell}\nsafety: {allowEmpty: true}\n")
	parameters, err := announced(nobody)
	if err != nil || len(parameters) == 0 || parameters[0].Title != "Cell: @fleet" || !parameters[0].Required {
		t.Errorf("a fleet with cells and no cluster announces %v, %v", parameters, err)
	}
	checkError(t, rejected(t, nobody), 2, `error\[missing-parameter\]: `)
	parameters, err = announced(fleets(t, "testdata/err/missing-variable/in")[0])
	if err == nil {
		t.Fatalf("a fleet with an error announces %v", parameters)
	}
	checkError(t, err.Error(), 3, `error\[missing-variable\]: fleet.yaml:5:14: `)
}

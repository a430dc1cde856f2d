package sveltos

import (
	"reflect"
	"testing"

	"kubectl-fleet.io/conformance/readers"
	"kubectl-fleet.io/conformance/repository"
)

// unknown is the version that an add-on has where nothing tells its variant: no chart has it.
const unknown = "0.0.0-unknown-variant"

// printed returns what a fleet's directory is printed as.
func printed(t testing.TB, folder, format string) []byte {
	t.Helper()
	return repository.Print(t, folder, "generate", "-o", format)
}

// objects returns a fleet's objects as they are in the management cluster, whichever way they took, and their JSON.
func objects(t testing.TB, folder string) (applied []map[string]any, lines []byte) {
	t.Helper()
	applied, err := readers.Kubectl(printed(t, folder, "yaml"))
	if err != nil {
		t.Fatal(err)
	}
	lines = printed(t, folder, "json")
	synced, err := readers.ArgoCD(lines)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(applied, synced) {
		t.Fatalf("%s: kubectl and Argo CD make different objects", folder)
	}
	return applied, lines
}

// management returns the management cluster with a fleet's objects.
func management(t testing.TB, objects []map[string]any) *Management {
	t.Helper()
	m, err := New(objects)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

package sveltos

import (
	"reflect"
	"testing"

	"kubectl-fleet.io/conformance/readers"
	"kubectl-fleet.io/conformance/repository"
)

// unknown is the version of an add-on if no label selects its variant: no chart has this version.
const unknown = "0.0.0-unknown-variant"

// printed returns the output for the fleet in a directory.
func printed(t testing.TB, dir, format string) []byte {
	t.Helper()
	return repository.Print(t, dir, "generate", "-o", format)
}

// objects returns the objects of a fleet as they are in the management cluster, for both output formats, and their JSON.
func objects(t testing.TB, dir string) (applied []map[string]any, lines []byte) {
	t.Helper()
	applied, err := readers.Kubectl(printed(t, dir, "yaml"))
	if err != nil {
		t.Fatal(err)
	}
	lines = printed(t, dir, "json")
	synced, err := readers.ArgoCD(lines)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(applied, synced) {
		t.Fatalf("%s: kubectl and Argo CD read different objects", dir)
	}
	return applied, lines
}

// management returns the management cluster with the objects of a fleet.
func management(t testing.TB, objects []map[string]any) *Management {
	t.Helper()
	m, err := New(objects)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

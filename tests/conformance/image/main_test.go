//go:build linux

// Package image verifies the properties of the image without building it: the program needs no other file, and accesses only the
// fleet's directory.
//
// The image is laid out like in the Dockerfile, with the binary under test, and entered without anything else: no other file, no
// /proc, no /dev, no network, no environment, no writable directory, and the user 999.
package image

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

// binary is the path of the binary under test.
var binary string

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case enterArgument:
			fail(enter(os.Args[2], os.Args[3], os.Args[4:]))
		case probeArgument:
			fail(probe("/", "."))
			os.Exit(0)
		}
	}
	binary = repository.Binary()
	nothing := exec.Command("true")
	nothing.SysProcAttr = namespaces
	if err := nothing.Run(); err != nil {
		fail(fmt.Errorf("%w: the test of the image must run as root and create namespaces: sudo -E, or in a container docker run --privileged", err))
	}
	os.Exit(m.Run())
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// fleets returns the directories of the fleets in the repository.
func fleets(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, pattern := range []string{"examples/*", "testdata/ok/*/in", "testdata/err/*/in"} {
		found, err := fs.Glob(os.DirFS(repository.Root), pattern+"/fleet.y*ml")
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d fleets, %v", pattern, len(found), err)
		}
		for _, file := range found {
			dirs = append(dirs, filepath.Join(repository.Root, path.Dir(file)))
		}
	}
	return dirs
}

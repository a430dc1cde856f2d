// Package repository knows where the binary under test is, and the fleets of the repository.
package repository

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Root is the repository, seen from a package of this module.
const Root = "../../.."

// Binary gives the absolute path of the binary under test. Where nothing names one the process ends: nothing could be tested.
func Binary() string {
	binary := os.Getenv("KUBECTL_FLEET")
	if !filepath.IsAbs(binary) {
		fmt.Fprintln(os.Stderr, "KUBECTL_FLEET has to be the absolute path of the binary to test")
		os.Exit(1)
	}
	return binary
}

// Fleets gives the folders of the fleets that are sound, from the root on.
func Fleets(t *testing.T) (all []string) {
	t.Helper()
	for _, pattern := range []string{"testdata/ok/*/in", "examples/*"} {
		found, err := fs.Glob(os.DirFS(Root), pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d fleets, %v", pattern, len(found), err)
		}
		all = append(all, found...)
	}
	return slices.DeleteFunc(all, func(path string) bool {
		info, err := os.Stat(filepath.Join(Root, path))
		return err == nil && !info.IsDir()
	})
}

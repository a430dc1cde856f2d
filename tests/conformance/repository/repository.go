// Package repository finds the fleets of the repository and the binary under test, writes fleets and runs the binary. It
// is a module without dependencies, so that all other modules can use it.
package repository

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// Root is the absolute path of the repository, without links. It is empty outside the repository.
var Root = root()

func root() string {
	directory, err := os.Getwd()
	if err == nil {
		directory, err = filepath.EvalSymlinks(directory)
	}
	for err == nil {
		if _, err := os.Stat(filepath.Join(directory, "Cargo.toml")); err == nil {
			return directory
		}
		if directory == filepath.Dir(directory) {
			break
		}
		directory = filepath.Dir(directory)
	}
	return ""
}

// Binary returns the absolute path of the binary under test. If KUBECTL_FLEET does not name one, the process ends.
var Binary = sync.OnceValue(func() string {
	binary := os.Getenv("KUBECTL_FLEET")
	if !filepath.IsAbs(binary) {
		fmt.Fprintln(os.Stderr, "KUBECTL_FLEET must be the absolute path of the binary to test")
		os.Exit(1)
	}
	return binary
})

// Fleets returns the directories of the valid fleets, relative to Root.
func Fleets(t testing.TB) (all []string) {
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

// New writes files into a new directory, and returns the directory.
func New(t testing.TB, files map[string]string) string {
	t.Helper()
	directory := t.TempDir()
	Write(t, directory, files)
	return directory
}

// Write writes files into a directory.
func Write(t testing.TB, directory string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

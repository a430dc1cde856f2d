package schemas

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestGenerated verifies that the program contains the schemas of the modules.
func TestGenerated(t *testing.T) {
	files, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, expected := range files {
		found, err := os.ReadFile(filepath.Join(Directory(), name))
		if err != nil {
			t.Error(err)
		}
		if !bytes.Equal(found, expected) {
			t.Errorf("%s does not match the modules: run `%s`", filepath.Join(Directory(), name), Command)
		}
	}
}

// TestPatterns verifies that every pattern compiles.
func TestPatterns(t *testing.T) {
	reader, err := NewReader()
	if err != nil {
		t.Fatal(err)
	}
	patterns := map[string]bool{}
	for _, node := range reader.nodes {
		if node.Pattern == "" {
			continue
		}
		if _, err := regexp.Compile(node.Pattern); err != nil {
			t.Error(err)
		}
		patterns[node.Pattern] = true
	}
	t.Logf("%d patterns", len(patterns))
}

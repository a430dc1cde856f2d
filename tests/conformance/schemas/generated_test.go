package schemas

import (
	"bufio"
	"bytes"
	"encoding/json"
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
	patterns := map[string]bool{}
	for _, node := range nodes(t) {
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

// nodes returns the nodes of nodes.txt.
func nodes(t *testing.T) (all []node) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(Directory(), "nodes.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewReader(bytes.NewReader(text)); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return all
		}
		var node node
		if err := json.Unmarshal(line, &node); err != nil {
			t.Fatalf("line %d: %v", len(all), err)
		}
		all = append(all, node)
	}
}

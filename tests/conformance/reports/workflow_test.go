package reports

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"kubectl-fleet.io/conformance/repository"
)

// TestWorkflow checks the workflow of the documentation: its syntax, its expressions, and values of a pull request in scripts.
func TestWorkflow(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(repository.Root, "docs", "how-to", "run-in-ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, fence := range strings.Split(string(page), "\n```yaml\n")[1:] {
		text, _, _ := strings.Cut(fence, "\n```")
		if !strings.Contains(text, "\njobs:\n") {
			continue
		}
		found++
		problems, err := linter.Lint("fleet.yaml", []byte(text+"\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range problems {
			t.Error(problem)
		}
	}
	if found != 1 {
		t.Errorf("%d workflows", found)
	}
}

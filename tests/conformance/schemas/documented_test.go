package schemas

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

// TestDocumented validates the output of the fleets in the documentation, because users copy them.
func TestDocumented(t *testing.T) {
	var pages []string
	for _, pattern := range []string{"docs/reference/delivery/*.md", "docs/how-to/migrate/[a-z]*.md", "docs/how-to/use-hub-and-spokes.md"} {
		found, err := filepath.Glob(filepath.Join(repository.Root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d pages, %v", pattern, len(found), err)
		}
		pages = append(pages, found...)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(page), func(t *testing.T) {
			objects := 0
			dir := ""
			for _, part := range strings.Split("\n"+string(text), "\n```")[1:] {
				info, content, _ := strings.Cut(part, "\n")
				path, isFile := strings.CutPrefix(info, "yaml ")
				switch {
				case isFile:
					if path == "fleet.yaml" {
						dir = t.TempDir()
					}
					repository.Write(t, dir, map[string]string{path: content + "\n"})
				case info == "console" && strings.Contains("\n"+content, "\n$ kubectl fleet generate"):
					objects += documented(t, dir)
				}
			}
			if objects == 0 {
				t.Error("the page shows no fleet")
			}
			t.Logf("%d objects", objects)
		})
	}
}

// documented checks a fleet, and returns the number of its objects.
func documented(t *testing.T, dir string) int {
	t.Helper()
	documents := printed(t, dir, "-o", "json")
	for _, document := range documents {
		object, problems := known.Check(document)
		for _, problem := range problems {
			kind := object.GroupVersion().String() + " " + object.Kind
			_, listed := withoutSchema[kind]
			if !listed && !isInvented(kind) || !errors.Is(problem, ErrNoSchema) {
				t.Errorf("%v: %v", object, problem)
			}
		}
	}
	return len(documents)
}

package webhooks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/modules"
	"kubectl-fleet.io/conformance/repository"
)

// projects are the projects in the sources of the table of consequences, with the modules that the other tests use.
var projects = map[string]modules.Module{
	"Cluster API":                modules.ClusterAPI,
	"Cluster API Provider AWS":   modules.AWS,
	"Cluster API Provider Azure": modules.Azure,
	"Cluster API Provider GCP":   modules.GCP,
	"CAAPH":                      modules.Helm,
	"Sveltos addon-controller":   modules.Sveltos,
	"helm-controller":            modules.FluxHelm,
	"kustomize-controller":       modules.FluxKustomize,
	"source-controller":          modules.FluxSource,
}

// TestSourcesExist checks that each source of the table of consequences is a file of the version that the tests use.
func TestSourcesExist(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(repository.Root, "docs/reference/consequences/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	checked := map[string]bool{}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			cells := strings.Split(strings.TrimSpace(line), " | ")
			source := strings.TrimSuffix(cells[len(cells)-1], " |")
			if title, file, found := strings.Cut(source, ", "); len(cells) == 4 && found && !checked[source] {
				checked[source] = true
				exists(t, title, file)
			}
		}
	}
	if len(checked) < 50 {
		t.Errorf("the pages contain only %d sources", len(checked))
	}
}

func exists(t *testing.T, title, file string) {
	t.Helper()
	end := strings.LastIndex(title, " ")
	module, known := projects[title[:max(end, 0)]]
	if !known {
		return
	}
	if version := strings.TrimPrefix(module.Version, "v"); title[end+1:] != version {
		t.Errorf("%s, %s: the tests use %s", title, file, version)
	}
	if inTest, found := strings.CutPrefix(file, "test/"); found {
		module, file = modules.ClusterAPITest, inTest
	}
	if _, err := module.File(file); err != nil {
		t.Errorf("%s: %v", title, err)
	}
}

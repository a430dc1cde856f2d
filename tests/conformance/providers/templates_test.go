package providers

import (
	"archive/zip"
	"io"
	"path"
	"regexp"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/modules"
)

// template is a template file of a provider.
type template struct {
	// name consists of the provider's name and the path in its module.
	name string
	text []byte
}

// sources are the modules whose templates are rendered, each with the minimum number of templates.
var sources = []struct {
	provider string
	module   modules.Module
	fewest   int
}{
	{"aws", modules.AWS, 70},
	{"azure", modules.Azure, 90},
	{"gcp", modules.GCP, 20},
	{"docker", modules.ClusterAPITest, 15},
}

// fewest is less than the current number, and more than the number after an update of the modules that renames a directory.
const fewest = 200

var isTemplate = regexp.MustCompile(`^(cluster-template|clusterclass)[^/]*\.yaml$`)

// templates returns all templates of the providers, regardless of their directories in the modules.
func templates(t *testing.T) (all []template) {
	t.Helper()
	var expected []modules.Module
	for _, source := range sources {
		expected = append(expected, source.module)
	}
	zips, err := modules.Zips(expected...)
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range sources {
		archive, err := zip.OpenReader(zips[source.module])
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		before := len(all)
		for _, entry := range archive.File {
			if isTemplate.MatchString(path.Base(entry.Name)) {
				name := source.provider + "/" + strings.TrimPrefix(entry.Name, source.module.Root())
				all = append(all, template{name, read(t, entry)})
			}
		}
		found := len(all) - before
		t.Logf("%s: %d templates", source.module.Root(), found)
		if found < source.fewest {
			t.Errorf("%s has %d templates, expected %d", source.module.Root(), found, source.fewest)
		}
	}
	if len(all) < fewest {
		t.Fatalf("%d templates, not %d", len(all), fewest)
	}
	return all
}

func read(t *testing.T, entry *zip.File) []byte {
	t.Helper()
	file, err := entry.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

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

// template is a file of a provider.
type template struct {
	// name is the provider's and the path in its module.
	name string
	text []byte
}

// sources are the modules whose templates are rendered, and the fewest that each of them has.
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

// fewest is less than there are, and more than an update of the modules leaves if a directory's name changes.
const fewest = 200

var isTemplate = regexp.MustCompile(`^(cluster-template|clusterclass)[^/]*\.yaml$`)

// templates returns all templates of the providers, wherever they lie in the modules.
func templates(t *testing.T) (all []template) {
	t.Helper()
	var wanted []modules.Module
	for _, source := range sources {
		wanted = append(wanted, source.module)
	}
	zips, err := modules.Zips(wanted...)
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
			t.Errorf("%s has %d templates, not %d", source.module.Root(), found, source.fewest)
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

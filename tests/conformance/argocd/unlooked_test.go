package argocd

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// rounds returns the arguments with which `generate` prints the whole fleet: the objects of the hub, and those of each spoke.
func rounds(t *testing.T, f fleet) [][]string {
	t.Helper()
	all := [][]string{nil}
	for _, spoke := range spokesOf(t, f) {
		all = append(all, []string{"--spoke", spoke.parameter})
	}
	return all
}

// spokeOf returns the spoke parameter of a hub Application that renders the fleet on a spoke.
type spokeOf struct {
	application string
	parameter   string
	plugin      string
}

// spokesOf returns the spokes of a fleet.
func spokesOf(t *testing.T, f fleet) (spokes []spokeOf) {
	t.Helper()
	applications, _ := applied(t, printed(t, f))
	for name, application := range applications {
		if source := application.Spec.Source; source != nil && source.Plugin != nil {
			for _, parameter := range source.Plugin.Parameters {
				if parameter.Name == "spoke" {
					spokes = append(spokes, spokeOf{name, *parameter.String_, source.Plugin.Name})
				}
			}
		}
	}
	return spokes
}

// opaque matches parts of fleet.yaml that the YAML parser of this test does not preserve: expressions and merge keys.
var (
	opaque = regexp.MustCompile(`\$\{[^{}]*\}|<<:`)
	masked = regexp.MustCompile(`MASK(\d+)MASK:?`)
)

// withoutLookups returns a copy of a fleet without lookups, and the lookups of each add-on. Lookups in patches are not supported.
func withoutLookups(t *testing.T, f fleet) (fleet, map[string]any) {
	t.Helper()
	copied := fleet{repository: t.TempDir(), dir: f.dir}
	if err := os.CopyFS(copied.path(), os.DirFS(f.path())); err != nil {
		t.Fatal(err)
	}
	trees := map[string]any{}
	err := fs.WalkDir(os.DirFS(copied.path()), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		path = filepath.Join(copied.path(), path)
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), "runtimeValues") {
			return err
		}
		return os.WriteFile(path, []byte(stripped(t, string(text), trees)), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return copied, trees
}

// stripped returns a file of a fleet without the lookups of its add-ons, which it adds to the trees.
func stripped(t *testing.T, text string, trees map[string]any) string {
	t.Helper()
	var originals []string
	text = opaque.ReplaceAllStringFunc(text, func(original string) string {
		originals = append(originals, original)
		mask := "MASK" + strconv.Itoa(len(originals)-1) + "MASK"
		if original == "<<:" {
			mask += ":"
		}
		return mask
	})
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	addons := entry(document.Content[0], "addons")
	for _, addon := range addons.Content {
		helm := entry(addon, "helm")
		if helm == nil {
			continue
		}
		if helm.Kind == yaml.AliasNode {
			helm = helm.Alias
		}
		var tree any
		if node := entry(helm, "runtimeValues"); node != nil {
			if err := node.Decode(&tree); err != nil {
				t.Fatal(err)
			}
			trees[entry(addon, "name").Value] = tree
		}
	}
	for _, addon := range addons.Content {
		if helm := entry(addon, "helm"); helm != nil {
			remove(helm, "runtimeValues")
		}
	}
	out, err := yaml.Marshal(&document)
	if err != nil {
		t.Fatal(err)
	}
	return masked.ReplaceAllStringFunc(string(out), func(mask string) string {
		index, err := strconv.Atoi(masked.FindStringSubmatch(mask)[1])
		if err != nil {
			t.Fatal(err)
		}
		if original := originals[index]; strings.HasSuffix(original, ":") {
			return original
		}
		return originals[index] + mask[len(strings.TrimSuffix(mask, ":")):]
	})
}

// entry returns the value of a key, if the mapping contains the key.
func entry(mapping *yaml.Node, key string) *yaml.Node {
	for index := 0; index+1 < len(mapping.Content); index += 2 {
		if mapping.Content[index].Value == key {
			return mapping.Content[index+1]
		}
	}
	return nil
}

func remove(mapping *yaml.Node, key string) {
	for index := 0; index+1 < len(mapping.Content); index += 2 {
		if mapping.Content[index].Value == key {
			mapping.Content = append(mapping.Content[:index], mapping.Content[index+2:]...)
			return
		}
	}
}

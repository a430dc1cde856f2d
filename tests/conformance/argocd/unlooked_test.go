package argocd

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
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

// lookedUp are the lookups of an add-on, and those that its patches add for the clusters with some labels.
type lookedUp struct {
	tree    any
	patches []patch
}

type patch struct {
	labels map[string]string
	tree   any
}

// of returns the lookups for a cluster with these labels.
func (found lookedUp) of(labels map[string]string) any {
	tree := map[string]any{}
	if known, is := found.tree.(map[string]any); is {
		maps.Copy(tree, known)
	}
	for _, patch := range found.patches {
		selected := true
		for key, value := range patch.labels {
			selected = selected && labels[key] == value
		}
		if added, is := patch.tree.(map[string]any); is && selected {
			maps.Copy(tree, added)
		}
	}
	return tree
}

// addonOf returns the name of an ApplicationSet's add-on in fleet.yaml: the label begins with the name of the fleet, if it has one.
func addonOf(set v1alpha1.ApplicationSet) string {
	name := set.Labels["kubectl-fleet.io/addon"]
	if prefix := set.Labels["kubectl-fleet.io/fleet"]; prefix != "" {
		return strings.TrimPrefix(name, prefix+".")
	}
	return name
}

// clusterLabels returns the labels of each Cluster in lines.
func clusterLabels(t *testing.T, lines []string) map[string]map[string]string {
	t.Helper()
	labels := map[string]map[string]string{}
	for _, line := range lines {
		object, err := decode(line)
		if err != nil {
			t.Fatal(err)
		}
		if object.GetKind() == "Cluster" {
			labels[object.GetName()] = object.GetLabels()
		}
	}
	return labels
}

// withoutLookups returns a copy of a fleet without lookups, and the lookups of each add-on.
func withoutLookups(t *testing.T, f fleet) (fleet, map[string]lookedUp) {
	t.Helper()
	copied := fleet{repository: t.TempDir(), dir: f.dir}
	if err := os.CopyFS(copied.path(), os.DirFS(f.path())); err != nil {
		t.Fatal(err)
	}
	trees := map[string]lookedUp{}
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
func stripped(t *testing.T, text string, trees map[string]lookedUp) string {
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
		name := entry(addon, "name").Value
		if node := entry(helm, "runtimeValues"); node != nil {
			found := trees[name]
			if err := node.Decode(&found.tree); err != nil {
				t.Fatal(err)
			}
			trees[name] = found
		}
		patches := entry(addon, "patches")
		if patches == nil {
			continue
		}
		for _, content := range patches.Content {
			helm := entry(entry(content, "merge"), "helm")
			node := entry(helm, "runtimeValues")
			if node == nil {
				continue
			}
			var added patch
			labels := entry(entry(content, "selector"), "matchLabels")
			if labels == nil {
				t.Fatalf("the patch %s looks up values, but selects by other means than labels", entry(content, "name").Value)
			}
			for part, into := range map[*yaml.Node]any{labels: &added.labels, node: &added.tree} {
				if err := part.Decode(into); err != nil {
					t.Fatal(err)
				}
			}
			found := trees[name]
			found.patches = append(found.patches, added)
			trees[name] = found
			remove(helm, "runtimeValues")
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

// entry returns the value of a key, if there is a mapping that contains the key.
func entry(mapping *yaml.Node, key string) *yaml.Node {
	if mapping == nil {
		return nil
	}
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

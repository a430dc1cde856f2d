package schemas

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"kubectl-fleet.io/conformance/repository"
)

// TestFleets validates every object of every fleet in the repository, in both output formats.
func TestFleets(t *testing.T) {
	objects, unchecked := 0, map[string]bool{}
	for _, fleet := range repository.Fleets(t) {
		for _, args := range append([][]string{{"-o", "yaml"}, {"-o", "json"}}, spokes(t, fleet)...) {
			for _, document := range generate(t, fleet, args...) {
				objects++
				object, problems := known.Check(document)
				for _, problem := range problems {
					if errors.Is(problem, ErrNoSchema) {
						unchecked[object.GroupVersion().String()+" "+object.Kind] = true
						continue
					}
					t.Errorf("%s, %s, %v: %v", fleet, args, object, problem)
				}
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(unchecked)) {
		reason, listed := withoutSchema[kind]
		if isInvented(kind) {
			continue
		}
		if !listed {
			t.Errorf("no schema is known for %s", kind)
		}
		t.Logf("not checked: %s (%s)", kind, reason)
	}
	for kind := range withoutSchema {
		if !unchecked[kind] {
			t.Errorf("no fleet prints %s, or its schema is available now: remove it from the list", kind)
		}
	}
	t.Logf("%d objects", objects)
}

// spokes returns the arguments that print the objects of each spoke.
func spokes(t *testing.T, fleet string) (all [][]string) {
	t.Helper()
	for _, line := range generate(t, fleet, "-o", "json") {
		var application struct {
			Spec struct {
				Source struct {
					Plugin struct {
						Parameters []struct{ Name, String string }
					}
				}
			}
		}
		// In other kinds, the same fields could have another meaning.
		if json.Unmarshal(line, &application) != nil {
			continue
		}
		for _, parameter := range application.Spec.Source.Plugin.Parameters {
			if parameter.Name == "spoke" {
				all = append(all, []string{"-o", "json", "--spoke", parameter.String})
			}
		}
	}
	return all
}

// generate returns the documents in the output for a fleet of the repository.
func generate(t *testing.T, fleet string, args ...string) [][]byte {
	t.Helper()
	return printed(t, filepath.Join(repository.Root, fleet), args...)
}

// printed returns the documents in the output for the fleet in a directory.
func printed(t *testing.T, fleet string, args ...string) (documents [][]byte) {
	t.Helper()
	stdout := repository.Print(t, fleet, append([]string{"generate"}, args...)...)
	if slices.Contains(args, "json") {
		return slices.Collect(bytes.Lines(stdout))
	}
	for reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(stdout))); ; {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return documents
		} else if err != nil {
			t.Fatalf("%s: %v", fleet, err)
		}
		documents = append(documents, document)
	}
}

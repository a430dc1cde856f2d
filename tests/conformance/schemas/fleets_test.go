package schemas

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
)

// withoutSchema are the kinds that fleets print and nothing here can check, each with the reason.
var withoutSchema = map[string]string{}

// TestFleets checks every object of every fleet that is in the repository, in both forms of output.
func TestFleets(t *testing.T) {
	unchecked := map[string]bool{}
	objects := 0
	for _, fleet := range fleets(t) {
		said := map[string]bool{}
		for format, documents := range generate(t, fleet) {
			for _, document := range documents {
				objects++
				object, err := known.Check(document)
				kind := object.GroupVersion().String() + " " + object.Kind
				if errors.Is(err, ErrNoSchema) {
					unchecked[kind] = true
				} else if err != nil && !said[object.String()+err.Error()] {
					said[object.String()+err.Error()] = true
					t.Errorf("%s, -o %s: %v:\n%v", fleet, format, object, err)
				}
			}
		}
	}
	t.Logf("%d objects", objects)
	for kind := range unchecked {
		reason, listed := withoutSchema[kind]
		if !listed {
			t.Errorf("no schema is known of %s", kind)
		}
		t.Logf("not checked: %s (%s)", kind, reason)
	}
	for kind := range withoutSchema {
		if !unchecked[kind] {
			t.Errorf("no fleet prints %s, or its schema is known by now: take it off the list", kind)
		}
	}
}

func fleets(t *testing.T) []string {
	t.Helper()
	const root = "../../.."
	var all []string
	for _, pattern := range []string{"testdata/ok/*/in", "examples/*"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d fleets, %v", pattern, len(found), err)
		}
		all = append(all, found...)
	}
	return all
}

// generate gives the documents that a fleet prints by the form they are printed in.
func generate(t *testing.T, fleet string) map[string][][]byte {
	t.Helper()
	documents := map[string][][]byte{}
	for _, format := range []string{"yaml", "json"} {
		var stdout, stderr bytes.Buffer
		command := exec.Command(binary, "generate", fleet, "-o", format)
		command.Env = []string{}
		command.Stdout, command.Stderr = &stdout, &stderr
		if err := command.Run(); err != nil {
			t.Fatalf("%s: %v\n%s", fleet, err, stderr.String())
		}
		if format == "json" {
			documents[format] = bytes.Split(bytes.TrimSuffix(stdout.Bytes(), []byte("\n")), []byte("\n"))
		} else {
			documents[format] = split(t, stdout.Bytes())
		}
	}
	return documents
}

func split(t *testing.T, stream []byte) (documents [][]byte) {
	t.Helper()
	for reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(stream))); ; {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return documents
		} else if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(string(document)) != "" {
			documents = append(documents, document)
		}
	}
}

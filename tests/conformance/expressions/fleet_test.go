package expressions

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const fleetFile = `apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: clusters.yaml
  variables: %s
templates:
- file: expression.yaml
`

// The text is in a block scalar, in which YAML gives no character a meaning of its own.
const template = `apiVersion: v1
kind: ConfigMap
metadata: {name: "${CLUSTER_NAME}"}
data:
  text: |2-
    %s
`

// refused is the code of an exit because of a mistake in the fleet's files.
const refused = 3

var place = regexp.MustCompile(`expression\.yaml:[0-9]+:[0-9]+`)

// fleet is a folder for `kubectl-fleet generate`.
type fleet struct {
	binary string
	folder string
}

func newFleet(t *testing.T) fleet {
	t.Helper()
	binary := os.Getenv("KUBECTL_FLEET")
	if binary == "" {
		t.Fatal("KUBECTL_FLEET does not name the binary to test")
	}
	// JSON is YAML, too.
	values, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	f := fleet{binary: binary, folder: t.TempDir()}
	f.write(t, "fleet.yaml", fmt.Sprintf(fleetFile, values))
	f.write(t, "clusters.yaml", "demo: {}\n")
	return f
}

func (f fleet) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(f.folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// evaluate gives what the binary makes of a text of one line.
func (f fleet) evaluate(t *testing.T, text string) outcome {
	t.Helper()
	f.write(t, "expression.yaml", fmt.Sprintf(template, text))
	var stdout, stderr bytes.Buffer
	command := exec.Command(f.binary, "generate", f.folder, "-o", "json")
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != refused {
			t.Fatalf("%q: %v\n%s", text, err, stderr.String())
		}
		if stdout.Len() > 0 {
			t.Errorf("%q: output beside a refusal: %s", text, stdout.String())
		}
		if !place.MatchString(stderr.String()) {
			t.Errorf("%q: a refusal without a place: %s", text, stderr.String())
		}
		return outcome{refused: true, message: stderr.String()}
	}
	return outcome{value: value(t, text, &stdout)}
}

// value finds the evaluated text among the objects of the output, one a line.
func value(t *testing.T, text string, output *bytes.Buffer) string {
	t.Helper()
	for lines := bufio.NewScanner(output); lines.Scan(); {
		var object struct {
			Kind string
			Data map[string]string
		}
		if err := json.Unmarshal(lines.Bytes(), &object); err != nil {
			t.Fatalf("%q: %v in %s", text, err, lines.Text())
		}
		if value, found := object.Data["text"]; found && object.Kind == "ConfigMap" {
			return value
		}
	}
	t.Fatalf("%q: no ConfigMap in the output", text)
	return ""
}

// carried says whether a text can stand in the template as it is.
func carried(text string) bool {
	return strings.TrimSpace(text) != "" && !strings.ContainsAny(text, "\n\r\f")
}

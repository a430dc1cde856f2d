package expressions

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

const fleetFile = `apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: clusters.yaml
  variables: %s
templates:
- file: expression.yaml
`

// The string is in a block scalar, in which YAML treats no character specially.
const template = `apiVersion: v1
kind: ConfigMap
metadata: {name: "${CLUSTER_NAME}"}
data:
  text: |2-
    %s
`

// rejected is the exit code for an error in the files of the fleet.
const rejected = 3

var place = regexp.MustCompile(`expression\.yaml:[0-9]+:[0-9]+`)

// fleet is a directory for `kubectl-fleet generate`.
type fleet struct{ dir string }

func newFleet(t *testing.T) fleet {
	t.Helper()
	// JSON is valid YAML.
	values, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	return fleet{repository.New(t, map[string]string{
		"fleet.yaml":    fmt.Sprintf(fleetFile, values),
		"clusters.yaml": "demo: {}\n",
	})}
}

// evaluate returns the value of a string of one line, evaluated by the binary.
func (f fleet) evaluate(t *testing.T, text string) outcome {
	t.Helper()
	repository.Write(t, f.dir, map[string]string{"expression.yaml": fmt.Sprintf(template, text)})
	result := repository.Run(t, f.dir, "generate", "-o", "json")
	switch result.Code {
	case 0:
		return outcome{value: value(t, text, result.Stdout)}
	case rejected:
		if result.Stdout != "" {
			t.Errorf("%q: output in addition to an error: %s", text, result.Stdout)
		}
		if !place.MatchString(result.Stderr) {
			t.Errorf("%q: an error without a location: %s", text, result.Stderr)
		}
	default:
		t.Fatalf("%q: exit %d\n%s", text, result.Code, result.Stderr)
	}
	return outcome{rejected: true, message: result.Stderr}
}

// value finds the evaluated string in the objects of the output, one per line.
func value(t *testing.T, text, output string) string {
	t.Helper()
	for line := range strings.Lines(output) {
		var object struct {
			Kind string
			Data map[string]string
		}
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%q: %v in %s", text, err, line)
		}
		if value, found := object.Data["text"]; found && object.Kind == "ConfigMap" {
			return value
		}
	}
	t.Fatalf("%q: no ConfigMap in the output", text)
	return ""
}

// carried reports whether the template can contain the string unchanged.
func carried(text string) bool {
	return strings.TrimSpace(text) != "" && !strings.ContainsAny(text, "\n\r\f")
}

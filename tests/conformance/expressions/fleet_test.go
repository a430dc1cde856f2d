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

// The string is in a block scalar, in which YAML gives no character a meaning of its own.
const template = `apiVersion: v1
kind: ConfigMap
metadata: {name: "${CLUSTER_NAME}"}
data:
  text: |2-
    %s
`

// refused is the code of an exit because of an error in the fleet's files.
const refused = 3

var place = regexp.MustCompile(`expression\.yaml:[0-9]+:[0-9]+`)

// fleet is a directory for `kubectl-fleet generate`.
type fleet struct{ folder string }

func newFleet(t *testing.T) fleet {
	t.Helper()
	// JSON is YAML, too.
	values, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	return fleet{repository.New(t, map[string]string{
		"fleet.yaml":    fmt.Sprintf(fleetFile, values),
		"clusters.yaml": "demo: {}\n",
	})}
}

// evaluate returns what the binary makes of a string of one line.
func (f fleet) evaluate(t *testing.T, text string) outcome {
	t.Helper()
	repository.Write(t, f.folder, map[string]string{"expression.yaml": fmt.Sprintf(template, text)})
	result := repository.Run(t, f.folder, "generate", "-o", "json")
	switch result.Code {
	case 0:
		return outcome{value: value(t, text, result.Stdout)}
	case refused:
		if result.Stdout != "" {
			t.Errorf("%q: output in addition to an error: %s", text, result.Stdout)
		}
		if !place.MatchString(result.Stderr) {
			t.Errorf("%q: an error without a location: %s", text, result.Stderr)
		}
	default:
		t.Fatalf("%q: exit %d\n%s", text, result.Code, result.Stderr)
	}
	return outcome{refused: true, message: result.Stderr}
}

// value finds the evaluated string among the objects of the output, one a line.
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

// carried reports whether a string can stand in the template as it is.
func carried(text string) bool {
	return strings.TrimSpace(text) != "" && !strings.ContainsAny(text, "\n\r\f")
}

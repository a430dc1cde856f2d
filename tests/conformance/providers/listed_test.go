package providers

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"sigs.k8s.io/cluster-api/cmd/clusterctl/client/yamlprocessor"
)

// listed is what `get templates -o json` tells of a template.
type listed struct {
	Templates []struct {
		Variables []struct {
			Name     string
			Required bool
			BuiltIn  bool
			Default  *string
		}
	}
}

// builtIn are variables of the fleet that clusterctl's templates use.
var builtIn = map[string]bool{"CLUSTER_NAME": true, "NAMESPACE": true}

func TestVariablesAreThoseThatClusterctlLists(t *testing.T) {
	count := 0
	for _, template := range templates(t) {
		want, err := yamlprocessor.NewSimpleProcessor().GetVariableMap(template.text)
		if err != nil {
			t.Fatalf("%s: %v", template.name, err)
		}
		path := filepath.Join(t.TempDir(), "template.yaml")
		if err := os.WriteFile(path, template.text, 0o600); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		command := exec.Command(binary, "get", "templates", path, "-o", "json")
		command.Env = []string{}
		command.Stdout, command.Stderr = &stdout, &stderr
		if err := command.Run(); err != nil {
			t.Errorf("%s: %v: %.1000s", template.name, err, stderr.String())
			continue
		}
		var found listed
		if err := json.Unmarshal(stdout.Bytes(), &found); err != nil || len(found.Templates) != 1 {
			t.Fatalf("%s: %v, %d templates", template.name, err, len(found.Templates))
		}
		got := map[string]*string{}
		for _, variable := range found.Templates[0].Variables {
			got[variable.Name] = variable.Default
			if variable.BuiltIn != builtIn[variable.Name] {
				t.Errorf("%s: built in: %v", template.name, variable)
			}
			if variable.Required != (variable.Default == nil && !variable.BuiltIn) {
				t.Errorf("%s: required: %v", template.name, variable)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\nclusterctl: %s\nours:       %s", template.name, texted(want), texted(got))
		}
		count += len(want)
	}
	t.Logf("%d variables", count)
}

func texted(variables map[string]*string) string {
	text, _ := json.Marshal(variables)
	return string(text)
}

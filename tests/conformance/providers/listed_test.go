package providers

import (
	"encoding/json"
	"reflect"
	"testing"

	"sigs.k8s.io/cluster-api/cmd/clusterctl/client/yamlprocessor"

	"kubectl-fleet.io/conformance/repository"
)

// listed is the output of `get templates -o json` for a template.
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

// builtIn are the built-in variables that clusterctl's templates use.
var builtIn = map[string]bool{"CLUSTER_NAME": true, "NAMESPACE": true}

func TestVariablesMatchClusterctl(t *testing.T) {
	count := 0
	for _, template := range templates(t) {
		want, err := yamlprocessor.NewSimpleProcessor().GetVariableMap(template.text)
		if err != nil {
			t.Fatalf("%s: %v", template.name, err)
		}
		const path = "template.yaml"
		dir := repository.New(t, map[string]string{path: string(template.text)})
		result := repository.Run(t, dir, "get", "templates", path, "-o", "json")
		if result.Code != 0 {
			t.Errorf("%s: exit %d: %.1000s", template.name, result.Code, result.Stderr)
			continue
		}
		var found listed
		if err := json.Unmarshal([]byte(result.Stdout), &found); err != nil || len(found.Templates) != 1 {
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

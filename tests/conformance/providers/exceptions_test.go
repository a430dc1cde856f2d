package providers

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// refusal is a file that kubectl-fleet rejects.
type refusal struct {
	reason string
	// code is the code of the error of kubectl-fleet.
	code string
	// theirs is the error of clusterctl, or an empty string if it returns no object.
	theirs string
}

var refusals = map[string]refusal{
	"aws/test/e2e/data/infrastructure-aws/withoutclusterclass/e2e_test_templates/cluster-template-external-securitygroups.yaml": {
		reason: "an empty file: a template without an object is rejected",
		code:   "empty-file",
	},
	"docker/e2e/data/infrastructure-docker/main/clusterclass-quick-start-kcp-only/clusterclass-name.yaml": {
		reason: "a patch for kustomize, which is no object",
		code:   "not-an-object",
		theirs: "cannot unmarshal array",
	},
}

// absent represents a missing value of an object.
type absent struct{}

// difference is a location where the objects of kubectl-fleet and clusterctl differ.
type difference struct {
	kind             string
	path             []string
	rendered, theirs any
}

func (d difference) String() string {
	return fmt.Sprintf("%s.%s\nclusterctl: %#v\nours:       %#v", d.kind, strings.Join(d.path, "."), d.theirs, d.rendered)
}

// exception is an intended difference.
type exception struct {
	reason string
	covers func(difference) bool
}

var exceptions = []exception{
	{"a kind without namespaces gets none; clusterctl knows Kubernetes' own such kinds only", func(d difference) bool {
		return d.kind == "AWSClusterRoleIdentity" && reflect.DeepEqual(d.path, []string{"metadata", "namespace"}) && d.rendered == absent{}
	}},
	{"the value of a label or an annotation is a string; Kubernetes rejects the number, boolean or null of clusterctl", func(d difference) bool {
		text, isText := d.rendered.(string)
		_, isSame := d.theirs.(string)
		at := len(d.path) - 3
		if at < 0 || d.path[at] != "metadata" || d.path[at+1] != "labels" && d.path[at+1] != "annotations" || !isText || isSame {
			return false
		}
		var read any
		typed, err := yaml.YAMLToJSON([]byte(text))
		return err == nil && json.Unmarshal(typed, &read) == nil && reflect.DeepEqual(read, d.theirs)
	}},
}

// differences returns the locations where two values differ.
func differences(kind string, path []string, rendered, theirs any) (found []difference) {
	if reflect.DeepEqual(rendered, theirs) {
		return nil
	}
	switch theirs := theirs.(type) {
	case []any:
		if rendered, ok := rendered.([]any); ok && len(rendered) == len(theirs) {
			for index := range theirs {
				found = append(found, differences(kind, append(slices.Clone(path), fmt.Sprint(index)), rendered[index], theirs[index])...)
			}
			return found
		}
	case map[string]any:
		if rendered, ok := rendered.(map[string]any); ok {
			keys := maps.Clone(theirs)
			maps.Copy(keys, rendered)
			for key := range keys {
				found = append(found, differences(kind, append(slices.Clone(path), key), get(rendered, key), get(theirs, key))...)
			}
			return found
		}
	}
	return []difference{{kind, path, rendered, theirs}}
}

func get(object map[string]any, key string) any {
	if value, found := object[key]; found {
		return value
	}
	return absent{}
}

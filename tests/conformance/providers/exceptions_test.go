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

// refusal is a file that we reject.
type refusal struct {
	reason string
	// says is the code of our error.
	says string
	// theirs is what clusterctl says of it; nothing where it gives no object.
	theirs string
}

var refusals = map[string]refusal{
	"aws/test/e2e/data/infrastructure-aws/withoutclusterclass/e2e_test_templates/cluster-template-external-securitygroups.yaml": {
		reason: "an empty file: a fleet that prints nothing is refused",
		says:   "empty-output",
	},
	"docker/e2e/data/infrastructure-docker/main/clusterclass-quick-start-kcp-only/clusterclass-name.yaml": {
		reason: "a patch for kustomize, which is no object",
		says:   "not-an-object",
		theirs: "cannot unmarshal array",
	},
}

// absent stands for what an object does not have.
type absent struct{}

// difference is a location where our object and clusterctl's are not equal.
type difference struct {
	kind         string
	path         []string
	ours, theirs any
}

func (d difference) String() string {
	return fmt.Sprintf("%s.%s\nclusterctl: %#v\nours:       %#v", d.kind, strings.Join(d.path, "."), d.theirs, d.ours)
}

// exception is a difference that is meant.
type exception struct {
	reason string
	covers func(difference) bool
}

var exceptions = []exception{
	{"a kind without namespaces gets none; clusterctl knows Kubernetes' own such kinds only", func(d difference) bool {
		return d.kind == "AWSClusterRoleIdentity" && reflect.DeepEqual(d.path, []string{"metadata", "namespace"}) && d.ours == absent{}
	}},
	{"the value of a label or an annotation is a text; Kubernetes refuses the number, boolean or null of clusterctl", func(d difference) bool {
		text, isText := d.ours.(string)
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

// differences finds where two values are not equal.
func differences(kind string, path []string, ours, theirs any) (found []difference) {
	if reflect.DeepEqual(ours, theirs) {
		return nil
	}
	switch theirs := theirs.(type) {
	case []any:
		if ours, ok := ours.([]any); ok && len(ours) == len(theirs) {
			for index := range theirs {
				found = append(found, differences(kind, append(slices.Clone(path), fmt.Sprint(index)), ours[index], theirs[index])...)
			}
			return found
		}
	case map[string]any:
		if ours, ok := ours.(map[string]any); ok {
			keys := maps.Clone(theirs)
			maps.Copy(keys, ours)
			for key := range keys {
				found = append(found, differences(kind, append(slices.Clone(path), key), get(ours, key), get(theirs, key))...)
			}
			return found
		}
	}
	return []difference{{kind, path, ours, theirs}}
}

func get(object map[string]any, key string) any {
	if value, found := object[key]; found {
		return value
	}
	return absent{}
}

package providers

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cluster-api/cmd/clusterctl/client/repository"
	"sigs.k8s.io/cluster-api/cmd/clusterctl/client/yamlprocessor"

	"kubectl-fleet.io/conformance/readers"
)

// cluster is one of the clusters of a template.
type cluster struct {
	name, namespace string
	values          map[string]value
}

// texts is a configuration of clusterctl.
type texts map[string]string

func (t texts) Get(name string) (string, error) {
	text, set := t[name]
	if !set {
		return "", fmt.Errorf("%s is not set", name)
	}
	return text, nil
}

func (t texts) Set(name, text string) { t[name] = text }

func (c cluster) texts() texts {
	texts := texts{"CLUSTER_NAME": c.name, "NAMESPACE": c.namespace}
	for name, value := range c.values {
		texts[name] = value.text
	}
	return texts
}

func process(text []byte, texts texts, namespace string) ([]unstructured.Unstructured, error) {
	template, err := repository.NewTemplate(repository.TemplateInput{
		RawArtifact: text, ConfigVariablesClient: texts, Processor: yamlprocessor.NewSimpleProcessor(), TargetNamespace: namespace,
	})
	if err != nil {
		return nil, err
	}
	return template.Objs(), nil
}

// clusterctl returns the output of `clusterctl generate cluster` for a template, as `kubectl apply` reads it.
func clusterctl(text []byte, c cluster) ([]map[string]any, error) {
	made, err := process(text, c.texts(), c.namespace)
	if err != nil {
		return nil, err
	}
	var stream []byte
	for _, object := range made {
		line, err := json.Marshal(object.Object)
		if err != nil {
			return nil, err
		}
		stream = append(append(stream, line...), '\n')
	}
	return readers.Kubectl(stream)
}

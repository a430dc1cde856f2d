// Package readers reads a stream of manifests like the tools that process the output.
package readers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	yamlv3 "go.yaml.in/yaml/v3"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// Reader parses a stream into its objects. Numbers are int64 or float64; empty documents are omitted.
type Reader func(stream []byte) ([]map[string]any, error)

// All maps names to parsers.
var All = map[string]Reader{"kubectl": Kubectl, "argocd": ArgoCD, "kustomize": Kustomize}

// Kubectl parses like `kubectl apply -f`: YAML with the decoder of apimachinery, JSON one object at a time.
func Kubectl(stream []byte) ([]map[string]any, error) {
	texts, err := split(stream)
	if err != nil {
		return nil, err
	}
	return each(texts, func(text []byte) (object map[string]any, err error) {
		return object, utiljson.Unmarshal(text, &object)
	})
}

// ArgoCD parses like the consumers of a plugin's output: cmp-server converts each object to JSON, and repo-server parses that
// JSON as YAML, twice.
func ArgoCD(stream []byte) ([]map[string]any, error) {
	texts, err := split(stream)
	if err != nil {
		return nil, err
	}
	return each(texts, func(text []byte) (object map[string]any, err error) {
		again, err := split(text)
		if err != nil {
			return nil, err
		}
		if len(again) != 1 {
			return nil, fmt.Errorf("one object became %d", len(again))
		}
		if text, err = yaml.YAMLToJSON(again[0]); err != nil {
			return nil, err
		}
		return object, utiljson.Unmarshal(text, &object)
	})
}

// Kustomize parses like `kustomize build`: YAML documents, or JSON line by line, since it accepts JSON only as one object per
// file.
func Kustomize(stream []byte) ([]map[string]any, error) {
	if !bytes.HasPrefix(stream, []byte("{")) {
		return documents(stream)
	}
	var objects []map[string]any
	for line := range bytes.Lines(stream) {
		object, err := documents(line)
		if err != nil {
			return nil, err
		}
		objects = append(objects, object...)
	}
	return objects, nil
}

func documents(stream []byte) ([]map[string]any, error) {
	var objects []map[string]any
	for decoder := yamlv3.NewDecoder(bytes.NewReader(stream)); ; {
		var document any
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return objects, nil
		} else if err != nil {
			return nil, err
		}
		if document == nil {
			continue
		}
		plain, err := comparable(document)
		if err != nil {
			return nil, err
		}
		object, ok := plain.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("a document is %T", plain)
		}
		objects = append(objects, object)
	}
}

// split returns each object of a stream as a JSON string. JSON keeps its bytes.
func split(stream []byte) ([][]byte, error) {
	var texts [][]byte
	for decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(stream), 4096); ; {
		var text json.RawMessage
		if err := decoder.Decode(&text); errors.Is(err, io.EOF) {
			return texts, nil
		} else if err != nil {
			return nil, err
		}
		if text = bytes.TrimSpace(text); len(text) > 0 && !bytes.Equal(text, []byte("null")) {
			texts = append(texts, text)
		}
	}
}

func each(texts [][]byte, read func([]byte) (map[string]any, error)) ([]map[string]any, error) {
	objects := make([]map[string]any, 0, len(texts))
	for _, text := range texts {
		object, err := read(text)
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// comparable converts a value of yaml v3 to the types of Kubernetes JSON.
func comparable(value any) (any, error) {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			plain, err := comparable(inner)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", key, err)
			}
			value[key] = plain
		}
		return value, nil
	case []any:
		for index, inner := range value {
			plain, err := comparable(inner)
			if err != nil {
				return nil, fmt.Errorf("%d: %w", index, err)
			}
			value[index] = plain
		}
		return value, nil
	case int:
		return int64(value), nil
	case uint64:
		return float64(value), nil
	case float64:
		if math.IsInf(value, 0) || math.IsNaN(value) {
			return nil, fmt.Errorf("%v is not JSON", value)
		}
		return value, nil
	case nil, bool, string, int64:
		return value, nil
	default:
		return nil, fmt.Errorf("%T is not JSON", value)
	}
}

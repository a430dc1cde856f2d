package argocd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"reflect"
	"strings"

	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// number returns the value of a JSON number, regardless of its spelling.
type number string

// decode parses one object with a parser that Argo CD does not use, so that both do not share an error.
func decode(text string) (unstructured.Unstructured, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return unstructured.Unstructured{}, fmt.Errorf("%w in %.300s", err, text)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return unstructured.Unstructured{}, fmt.Errorf("more than one object in %.300s", text)
	}
	return unstructured.Unstructured{Object: plain(object).(map[string]any)}, nil
}

func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			value[key] = plain(inner)
		}
	case []any:
		for index, inner := range value {
			value[index] = plain(inner)
		}
	case json.Number:
		if exact, ok := new(big.Rat).SetString(value.String()); ok {
			return number(exact.RatString())
		}
	}
	return value
}

// identity returns the identity of an object in Kubernetes.
func identity(object unstructured.Unstructured) string {
	kind := object.GroupVersionKind()
	return fmt.Sprintf("%s/%s:%s/%s", kind.Group, kind.Kind, object.GetNamespace(), object.GetName())
}

// untrack removes the tracking label or annotation of Argo CD, and reports an unexpected value.
func untrack(object unstructured.Unstructured, method v1alpha1.TrackingMethod) error {
	if object.GetKind() == "CustomResourceDefinition" {
		return nil
	}
	kind, namespace := object.GroupVersionKind(), object.GetNamespace()
	if namespace == "" {
		namespace = destination
	}
	id := fmt.Sprintf("%s:%s/%s:%s/%s", application, kind.Group, kind.Kind, namespace, object.GetName())
	var problem error
	take := func(field, key, want string) {
		metadata, _ := object.Object["metadata"].(map[string]any)
		values, _ := metadata[field].(map[string]any)
		if got, _ := values[key].(string); got != want {
			problem = fmt.Errorf("%s: %s is %q, not %q", identity(object), key, got, want)
		}
		delete(values, key)
		if len(values) == 0 {
			delete(metadata, field)
		}
	}
	if method != v1alpha1.TrackingMethodLabel {
		take("annotations", common.AnnotationKeyAppInstance, id)
	}
	if method != v1alpha1.TrackingMethodAnnotation {
		take("labels", common.LabelKeyAppInstance, application)
	}
	return problem
}

// same compares the objects that Argo CD rendered with the objects that the binary prints, in order.
func same(manifests, lines []string, method v1alpha1.TrackingMethod) error {
	if len(manifests) != len(lines) {
		return fmt.Errorf("%d manifests of %d objects", len(manifests), len(lines))
	}
	for index := range lines {
		got, err := decode(manifests[index])
		if err != nil {
			return err
		}
		want, err := decode(lines[index])
		if err != nil {
			return err
		}
		if err := untrack(got, method); err != nil {
			return err
		}
		if !reflect.DeepEqual(got.Object, want.Object) {
			return fmt.Errorf("%s:\n got %.2000v\nwant %.2000v", identity(want), got.Object, want.Object)
		}
	}
	return nil
}

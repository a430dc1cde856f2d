// Package apiserver sends the objects of every fleet to a real API server with all custom resources.
package apiserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"kubectl-fleet.io/conformance/repository"
	"kubectl-fleet.io/conformance/schemas"
)

var (
	namespaces  = schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}
	definitions = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
)

// TestFleets applies every object of every fleet, as `kubectl apply --server-side --dry-run=server --validate=strict` does. The server
// must accept the objects that the schemas accept, and reject the others: some fleets contain only the fields of their case.
func TestFleets(t *testing.T) {
	config := server(t)
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	install(t, client)
	mapper := mapper(t, config)
	known, err := schemas.New()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	reader, err := schemas.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	accepted, refused, unknown := 0, 0, map[string]bool{}
	for _, fleet := range repository.Fleets(t) {
		for line := range bytes.Lines(repository.Print(t, filepath.Join(repository.Root, fleet), "generate", "-o", "json")) {
			object := &unstructured.Unstructured{}
			if err := json.Unmarshal(line, object); err != nil {
				t.Fatal(err)
			}
			of, problems := known.Check(line)
			if slices.ContainsFunc(problems, func(err error) bool { return errors.Is(err, schemas.ErrNoSchema) }) {
				unknown[of.GroupVersion().String()+" "+of.Kind] = true
				continue
			}
			// The generated files also contain rules of built-in kinds that are in no library.
			found, _ := reader.Check(object.Object)
			if namespace := object.GetNamespace(); namespace != "" && !there[namespace] {
				create(t, client, namespaces, map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": namespace}})
				there[namespace] = true
			}
			err := apply(t, client, mapper, object, line)
			switch {
			case err == nil && len(problems)+len(found) == 0:
				accepted++
			case err != nil && len(problems)+len(found) > 0:
				refused++
			default:
				t.Errorf("%s: %v\nthe schemas: %v, %v\nthe server:  %v", fleet, of, problems, found, err)
			}
		}
	}
	t.Logf("%d objects accepted, %d rejected by both", accepted, refused)
	t.Logf("without a definition: %v", slices.Sorted(maps.Keys(unknown)))
}

func apply(t *testing.T, client dynamic.Interface, mapper *restmapper.DeferredDiscoveryRESTMapper, object *unstructured.Unstructured, text []byte) error {
	t.Helper()
	kind := object.GroupVersionKind()
	mapping, err := mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return err
	}
	force := true
	_, err = client.Resource(mapping.Resource).Namespace(object.GetNamespace()).Patch(t.Context(), object.GetName(), types.ApplyPatchType, text, metav1.PatchOptions{
		DryRun: []string{metav1.DryRunAll}, FieldManager: "fleet", FieldValidation: metav1.FieldValidationStrict, Force: &force,
	})
	return err
}

// install creates all definitions and waits until the server serves them.
func install(t *testing.T, client dynamic.Interface) {
	t.Helper()
	all, err := schemas.CustomResourceDefinitions()
	if err != nil {
		t.Fatal(err)
	}
	for _, definition := range all {
		object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&definition)
		if err != nil {
			t.Fatal(err)
		}
		delete(object, "status")
		create(t, client, definitions, object)
	}
	for start := time.Now(); ; time.Sleep(time.Second) {
		list, err := client.Resource(definitions).List(t.Context(), metav1.ListOptions{})
		if err != nil {
			t.Fatal(err)
		}
		served := 0
		for _, item := range list.Items {
			conditions, _, _ := unstructured.NestedSlice(item.Object, "status", "conditions")
			for _, condition := range conditions {
				if condition := condition.(map[string]any); condition["type"] == "Established" && condition["status"] == "True" {
					served++
				}
			}
		}
		if served == len(all) {
			break
		}
		if time.Since(start) > patience {
			t.Fatalf("%d of %d definitions are served", served, len(all))
		}
	}
	t.Logf("%d definitions", len(all))
}

func create(t *testing.T, client dynamic.Interface, resource schema.GroupVersionResource, object map[string]any) {
	t.Helper()
	_, err := client.Resource(resource).Create(t.Context(), &unstructured.Unstructured{Object: object}, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		t.Fatal(err)
	}
}

func mapper(t *testing.T, config *rest.Config) *restmapper.DeferredDiscoveryRESTMapper {
	t.Helper()
	client, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client))
}

// Package schemas validates objects with the code of the API server, without a server.
//
// It runs neither webhooks nor the validation of built-in kinds beyond their types and metadata, which is in no library.
package schemas

import (
	"errors"
	"fmt"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/validation/field"
	utilversion "k8s.io/apimachinery/pkg/util/version"
	"k8s.io/client-go/kubernetes/scheme"
	kubernetes "k8s.io/component-base/version"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// ErrNoSchema is the error for a kind that is neither built in nor defined by a known CRD.
var ErrNoSchema = errors.New("no schema is known")

// Schemas are the kinds that can be checked.
type Schemas struct {
	builtin     *runtime.Scheme
	strict      runtime.Decoder
	definitions map[schema.GroupKind]*definition
	// clusterScoped are the built-in kinds without a namespace: their types do not contain the scope.
	clusterScoped sets.Set[schema.GroupKind]
}

// New fetches the CRDs and the documents of Kubernetes through the module cache.
func New() (*Schemas, error) {
	definitions, err := definitions()
	if err != nil {
		return nil, err
	}
	builtin := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, apiextensionsv1.AddToScheme} {
		if err := add(builtin); err != nil {
			return nil, err
		}
	}
	documented, err := kubernetesKinds()
	if err != nil {
		return nil, err
	}
	clusterScoped := sets.New[schema.GroupKind]()
	for _, kind := range documented.kinds {
		if !kind.namespaced {
			clusterScoped.Insert(kind.GroupKind())
		}
	}
	return &Schemas{
		builtin:       builtin,
		strict:        serializer.NewCodecFactory(builtin, serializer.EnableStrict).UniversalDeserializer(),
		definitions:   definitions,
		clusterScoped: clusterScoped,
	}, nil
}

// Object is the result for a document.
type Object struct {
	schema.GroupVersionKind
	Namespace, Name string
}

func (o Object) String() string {
	return fmt.Sprintf("%s %s %s/%s", o.GroupVersion(), o.Kind, o.Namespace, o.Name)
}

// Check returns the errors of the API server for one document of YAML or JSON, including strict field validation.
func (s *Schemas) Check(document []byte) (Object, []error) {
	text, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return Object{}, []error{err}
	}
	var content map[string]any
	problems, err := kjson.UnmarshalStrict(text, &content)
	if err != nil {
		return Object{}, []error{err}
	}
	resource := unstructured.Unstructured{Object: content}
	object := Object{resource.GroupVersionKind(), resource.GetNamespace(), resource.GetName()}
	if s.builtin.Recognizes(object.GroupVersionKind) {
		return object, s.checkBuiltin(document)
	}
	definition := s.definitions[object.GroupKind()]
	if definition == nil {
		return object, []error{ErrNoSchema}
	}
	version, err := definition.version(object.Version)
	if err != nil {
		return object, []error{err}
	}
	return object, append(problems, version.check(content)...)
}

func (s *Schemas) checkBuiltin(document []byte) (problems []error) {
	object, kind, err := s.strict.Decode(document, nil, nil)
	if err != nil {
		if strict, is := runtime.AsStrictDecodingError(err); is {
			problems = strict.Errors()
		} else {
			return []error{err}
		}
	}
	// The client library keeps the types of removed versions for old servers.
	if removed, is := object.(interface{ APILifecycleRemoved() (int, int) }); is {
		major, minor := removed.APILifecycleRemoved()
		if gone := utilversion.MajorMinor(uint(major), uint(minor)); utilversion.MustParse(kubernetes.DefaultKubeBinaryVersion).AtLeast(gone) {
			problems = append(problems, fmt.Errorf("version %s is not served since Kubernetes %v", kind.Version, gone))
		}
	}
	accessor, err := meta.Accessor(object)
	if err != nil {
		return append(problems, err)
	}
	valid := apivalidation.NameIsDNSSubdomain
	switch {
	case kind.Kind == "Namespace":
		valid = apivalidation.ValidateNamespaceName
	case kind.Group == "rbac.authorization.k8s.io":
		valid = path.ValidatePathSegmentName
	}
	for _, err := range apivalidation.ValidateObjectMetaAccessor(accessor, !s.clusterScoped.Has(kind.GroupKind()), valid, field.NewPath("metadata")) {
		problems = append(problems, err)
	}
	return problems
}

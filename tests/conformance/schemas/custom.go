package schemas

import (
	"context"
	"fmt"
	"slices"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

// definition is a CRD, with its versions by name. No version is converted into another version, so the conversion webhook does
// not matter.
type definition struct {
	crd      apiextensionsv1.CustomResourceDefinition
	versions map[string]*version
}

// version is a served version of a custom resource with the structures that the API server creates from its schema.
type version struct {
	namespaced, status bool
	structural         *structuralschema.Structural
	validator          validation.SchemaValidator
	rules              *cel.Validator
}

func newDefinition(text []byte) (*definition, error) {
	definition := &definition{versions: map[string]*version{}}
	if err := yaml.UnmarshalStrict(text, &definition.crd); err != nil {
		return nil, err
	}
	if definition.crd.Kind != "CustomResourceDefinition" {
		return nil, fmt.Errorf("expected a CRD, found %s", definition.crd.Kind)
	}
	if err := relax(&definition.crd); err != nil {
		return nil, err
	}
	return definition, nil
}

func (d *definition) kind() schema.GroupKind {
	return schema.GroupKind{Group: d.crd.Spec.Group, Kind: d.crd.Spec.Names.Kind}
}

func (d *definition) version(name string) (*version, error) {
	if version := d.versions[name]; version != nil {
		return version, nil
	}
	var served []string
	for _, candidate := range d.crd.Spec.Versions {
		if !candidate.Served {
			continue
		}
		if candidate.Name != name {
			served = append(served, candidate.Name)
			continue
		}
		version, err := newVersion(candidate)
		if err != nil {
			return nil, fmt.Errorf("the CRD %s: %w", d.crd.Name, err)
		}
		version.namespaced = d.crd.Spec.Scope == apiextensionsv1.NamespaceScoped
		d.versions[name] = version
		return version, nil
	}
	return nil, fmt.Errorf("version %s is not served, but %v", name, served)
}

func newVersion(v1 apiextensionsv1.CustomResourceDefinitionVersion) (*version, error) {
	var internal apiextensions.CustomResourceValidation
	if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(v1.Schema, &internal, nil); err != nil {
		return nil, err
	}
	structural, err := structuralschema.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	if errs := structuralschema.ValidateStructural(nil, structural); len(errs) > 0 {
		return nil, errs.ToAggregate()
	}
	if err := defaulting.PruneDefaults(structural); err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	return &version{
		status:     v1.Subresources != nil && v1.Subresources.Status != nil,
		structural: structural,
		validator:  validator,
		rules:      cel.NewValidator(structural, true, celconfig.PerCallLimit),
	}, nil
}

// check validates an object like the API server on creation: first with its decoder, then with its strategy.
func (v *version) check(object map[string]any) []error {
	problems, malformed := v.decode(object)
	if malformed != nil {
		return []error{malformed}
	}
	errs := apivalidation.ValidateObjectMetaAccessor(&unstructured.Unstructured{Object: object}, v.namespaced, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	errs = append(errs, v.validate(object)...)
	if v.rules != nil && !slices.ContainsFunc(errs, hidesRules) {
		broken, _ := v.rules.Validate(context.Background(), nil, v.structural, object, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, broken...)
	}
	for _, err := range errs {
		problems = append(problems, err)
	}
	return problems
}

// decode brings an object into the form that is stored, and returns its unknown fields, or what the decoder cannot read.
func (v *version) decode(object map[string]any) (problems []error, malformed error) {
	meta, found, unknown, err := objectmeta.GetObjectMetaWithOptions(object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return nil, err
	}
	unknown = append(unknown, pruning.PruneWithOptions(object, v.structural, true, structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})...)
	defaulting.PruneNonNullableNullsWithoutDefaults(object, v.structural)
	invalid, embedded := objectmeta.CoerceWithOptions(nil, object, v.structural, false, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if invalid != nil {
		return nil, invalid
	}
	if found {
		if err := objectmeta.SetObjectMeta(object, meta); err != nil {
			return nil, err
		}
	}
	for _, path := range append(unknown, embedded...) {
		problems = append(problems, fmt.Errorf("unknown field %q", path))
	}
	defaulting.Default(object, v.structural)
	if v.status {
		delete(object, "status")
	}
	return problems, nil
}

// validate returns what the schema forbids in an object, except for its metadata and rules.
func (v *version) validate(object map[string]any) field.ErrorList {
	errs := validation.ValidateCustomResource(nil, object, v.validator)
	errs = append(errs, objectmeta.Validate(nil, object, v.structural, false)...)
	return append(errs, listtype.ValidateListSetsAndMaps(nil, v.structural, object)...)
}

// hidesRules reports whether the API server skips the rules because they could fail on the value.
func hidesRules(err *field.Error) bool {
	switch err.Type {
	case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
		return true
	}
	return false
}

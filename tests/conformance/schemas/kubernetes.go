package schemas

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"kubectl-fleet.io/conformance/modules"
)

// openAPI is one of the documents that describe the API of Kubernetes.
type openAPI struct {
	Components struct{ Schemas map[string]*openAPISchema }
	Paths      map[string]map[string]json.RawMessage
}

type openAPISchema struct {
	Ref                  string `json:"$ref"`
	AllOf                []openAPISchema
	Type, Format         string
	Properties           map[string]openAPISchema
	AdditionalProperties *openAPISchema
	Items                *openAPISchema
	Required             []string
	ListType             string   `json:"x-kubernetes-list-type"`
	ListMapKeys          []string `json:"x-kubernetes-list-map-keys"`
}

// builtinKind is a kind of the API server that users can create.
type builtinKind struct {
	schema.GroupVersionKind
	namespaced bool
	definition string
}

// builtinKinds are the kinds of the API server, and all definitions of their schemas by name.
type builtinKinds struct {
	kinds       []builtinKind
	definitions map[string]*openAPISchema
	values      values
}

const definitionPrefix = "#/components/schemas/"

// readKubernetes reads the OpenAPI documents in the sources of Kubernetes.
func readKubernetes() (*builtinKinds, error) {
	zips, err := modules.Zips(modules.Kubernetes)
	if err != nil {
		return nil, err
	}
	archive, err := zip.OpenReader(zips[modules.Kubernetes])
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	found := &builtinKinds{definitions: map[string]*openAPISchema{}}
	for _, entry := range archive.File {
		if entry.Name == modules.Kubernetes.Root()+valuesFile {
			if found.values, err = readValues(entry); err != nil {
				return nil, fmt.Errorf("%s: %w", entry.Name, err)
			}
		}
		if path.Dir(entry.Name) != modules.Kubernetes.Root()+"api/openapi-spec/v3" || path.Ext(entry.Name) != ".json" {
			continue
		}
		if err := found.read(entry); err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name, err)
		}
	}
	if len(found.kinds) == 0 || len(found.values) == 0 {
		return nil, fmt.Errorf("%s contains %d kinds and %d fields with values", modules.Kubernetes.Root(), len(found.kinds), len(found.values))
	}
	return found, nil
}

func (k *builtinKinds) read(entry *zip.File) error {
	file, err := entry.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	var document openAPI
	if err := json.Unmarshal(text, &document); err != nil {
		return err
	}
	maps.Copy(k.definitions, document.Components.Schemas)
	for location, operations := range document.Paths {
		// A user creates objects in a collection, and changes each at its path.
		if operations["post"] == nil || document.Paths[location+"/{name}"]["patch"] == nil {
			continue
		}
		var post struct {
			Kind struct{ Group, Version, Kind string } `json:"x-kubernetes-group-version-kind"`
			Body struct {
				Content map[string]struct{ Schema openAPISchema }
			} `json:"requestBody"`
		}
		if err := json.Unmarshal(operations["post"], &post); err != nil {
			return err
		}
		kind := builtinKind{
			GroupVersionKind: schema.GroupVersionKind(post.Kind),
			namespaced:       strings.Contains(location, "/namespaces/{namespace}/"),
			definition:       strings.TrimPrefix(post.Body.Content["*/*"].Schema.Ref, definitionPrefix),
		}
		// Only API servers write this group.
		if kind.Group != "internal.apiserver.k8s.io" {
			k.kinds = append(k.kinds, kind)
		}
	}
	return nil
}

// builtin adds the schema of a built-in kind.
func (c *compiler) builtin(k *builtinKinds, kind builtinKind) (int, error) {
	if k.definitions[kind.definition] == nil {
		return 0, fmt.Errorf("%v: %q is not defined", kind, kind.definition)
	}
	n := c.resolved(k, kind.definition, nil)
	delete(n.Properties, "apiVersion")
	delete(n.Properties, "kind")
	if n.Properties["status"] != "" {
		n.set("status", anything)
	}
	return c.table.root(n)
}

const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"

// overrides are the definitions whose JSON differs from their schema.
var overrides = map[string]node{
	// A number, or a string with a unit.
	"io.k8s.apimachinery.pkg.api.resource.Quantity":   {Format: "quantity"},
	"io.k8s.apimachinery.pkg.util.intstr.IntOrString": {Type: "x"},
	// In contrast to other times, exactly six digits are required.
	"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": {
		Type: "s", Pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}(Z|[+-][0-9]{2}:[0-9]{2})$`,
	},
	"io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1":         {Unknown: true},
	"io.k8s.apimachinery.pkg.runtime.RawExtension":          {Unknown: true},
	apiextensionsPrefix + "CustomResourceSubresourceStatus": {Type: "o", Unknown: true},
	apiextensionsPrefix + "JSON":                            {Unknown: true},
	apiextensionsPrefix + "JSONSchemaPropsOrArray":          {Unknown: true},
	apiextensionsPrefix + "JSONSchemaPropsOrBool":           {Unknown: true},
	apiextensionsPrefix + "JSONSchemaPropsOrStringArray":    {Unknown: true},
}

const apiextensionsPrefix = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1."

// resolved returns the node of a definition. The names of the definitions that contain it are given: recursion ends at the
// second occurrence, which is not checked.
func (c *compiler) resolved(k *builtinKinds, definition string, within []string) node {
	if n, is := overrides[definition]; is {
		return n
	}
	if slices.Contains(within, definition) {
		return node{Unknown: true}
	}
	s := k.definitions[definition]
	n := c.described(k, *s, append(slices.Clip(within), definition))
	for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[field]
		described := c.described(k, property, append(slices.Clip(within), definition))
		n.set(field, c.table.add(c.restrict(described, k.restriction(definition, field))))
	}
	for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
		if k.requires(definition, field) && optional[stable(definition)+"."+field] == "" {
			n.Required = append(n.Required, field)
		}
	}
	return n
}

// requires reports whether the documents, or fields inside of it, require a field.
func (k *builtinKinds) requires(definition, field string) bool {
	return slices.Contains(k.definitions[definition].Required, field) || needed[stable(definition)+"."+field]
}

// allowed returns the values of a field, or nothing if it accepts all.
func (k *builtinKinds) allowed(definition, field string) []string {
	values := slices.DeleteFunc(slices.Clone(k.values.of(definition, field)), func(value string) bool { return value == "" })
	if len(values) > 0 && k.allowsEmpty(definition, field) {
		values = append(values, "")
	}
	return values
}

// allowsEmpty reports whether a field with fixed values can be the empty string.
func (k *builtinKinds) allowsEmpty(definition, field string) bool {
	if allows, is := emptyStrings[stable(definition)+"."+field]; is {
		return allows
	}
	return slices.Contains(k.values.of(definition, field), "")
}

var unstable = regexp.MustCompile(`\.v[0-9]+(alpha|beta)[0-9]+\.`)

// stable returns the name of a definition in the stable version of its group, which rejects the same values.
func stable(definition string) string { return unstable.ReplaceAllString(definition, ".v1.") }

// described returns the node of a schema without the fields that a definition adds.
func (c *compiler) described(k *builtinKinds, s openAPISchema, within []string) node {
	if name := s.refers(); name != "" {
		return c.resolved(k, name, within)
	}
	n := node{Type: types[s.Type], Format: format(s.Format), Keys: s.ListMapKeys, Distinct: s.ListType == "set"}
	if n.Format == "byte" {
		// The empty string and lines are valid too.
		n.Format = "base64"
	}
	if s.AdditionalProperties != nil {
		n.Further = c.table.add(c.described(k, *s.AdditionalProperties, within))
	}
	if s.Items != nil {
		n.Items = c.table.add(c.described(k, *s.Items, within))
	}
	return n
}

// refers returns the name of the definition that a schema stands for.
func (s openAPISchema) refers() string {
	ref := s.Ref
	if len(s.AllOf) == 1 {
		ref = s.AllOf[0].Ref
	}
	return strings.TrimPrefix(ref, definitionPrefix)
}

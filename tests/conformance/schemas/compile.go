package schemas

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/util/sets"
)

// compiler converts the schemas of custom resources into nodes.
type compiler struct {
	table table
	// meta is the metadata of an object.
	meta node
}

var types = map[string]string{"object": "o", "array": "a", "string": "s", "integer": "i", "number": "n", "boolean": "b"}

// custom adds the schema of a custom resource.
func (c *compiler) custom(s *structuralschema.Structural) (int, error) {
	root := c.structure(s, true)
	return c.table.root(root)
}

// structure returns the node of a value. The root contains neither apiVersion nor kind; its status is not restricted, because
// users do not write it; its metadata has the type that all objects have.
func (c *compiler) structure(s *structuralschema.Structural, root bool) node {
	n := node{
		Type:     types[s.Type],
		Nullable: s.Nullable,
		Unknown:  s.XPreserveUnknownFields,
		Embedded: s.XEmbeddedResource,
		Keys:     s.XListMapKeys,
		Distinct: s.XListType != nil && *s.XListType == "set",
	}
	if s.XIntOrString {
		n.Type = "x"
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		switch {
		case root && (name == "apiVersion" || name == "kind" || name == "metadata"):
		case root && name == "status":
			n.set(name, anything)
		default:
			n.set(name, c.table.add(c.structure(&property, false)))
		}
	}
	if root {
		n.set("metadata", c.metadata(s.Properties["metadata"]))
	}
	if s.AdditionalProperties != nil {
		n.Further = c.table.add(c.optional(s.AdditionalProperties.Structural))
	}
	if s.Items != nil {
		n.Items = c.table.add(c.structure(s.Items, false))
	}
	if s.ValueValidation != nil {
		c.validations(&n, s.ValueValidation, s, s.Type, s.XIntOrString)
	}
	if root {
		n.Required = slices.DeleteFunc(n.Required, func(name string) bool { return name == "apiVersion" || name == "kind" || name == "metadata" })
	}
	return n
}

func (c *compiler) optional(s *structuralschema.Structural) node {
	if s == nil {
		return node{}
	}
	return c.structure(s, false)
}

func (n *node) set(name string, value child) {
	if n.Properties == nil {
		n.Properties = map[string]child{}
	}
	n.Properties[name] = value
}

// metadata returns the metadata of a root. A definition can only restrict the name.
func (c *compiler) metadata(s structuralschema.Structural) child {
	meta := c.meta
	meta.Properties = maps.Clone(meta.Properties)
	for _, name := range []string{"name", "generateName"} {
		if property, is := s.Properties[name]; is {
			meta.set(name, c.table.add(c.structure(&property, false)))
		}
	}
	return c.table.add(meta)
}

// validations adds what restricts the value. The structure of the same value contains the defaults, which the API server sets
// before it validates.
func (c *compiler) validations(n *node, v *structuralschema.ValueValidation, s *structuralschema.Structural, kind string, intOrString bool) {
	defaults := sets.New[string]()
	if s != nil {
		for name, property := range s.Properties {
			if property.Default.Object != nil {
				defaults.Insert(name)
			}
		}
	}
	for _, name := range v.Required {
		if !defaults.Has(name) {
			n.Required = append(n.Required, name)
		}
	}
	slices.Sort(n.Required)
	n.Required = slices.Compact(n.Required)
	for _, value := range v.Enum {
		text, err := json.Marshal(value.Object)
		if err != nil {
			panic(err)
		}
		n.Enum = append(n.Enum, text)
	}
	n.Pattern = v.Pattern
	n.Format = format(v.Format)
	n.Minimum, n.ExclusiveMinimum = v.Minimum, v.ExclusiveMinimum && v.Minimum != nil
	n.Maximum, n.ExclusiveMaximum = v.Maximum, v.ExclusiveMaximum && v.Maximum != nil
	n.MultipleOf = v.MultipleOf
	switch {
	case v.MinLength != nil || v.MaxLength != nil:
		n.Least, n.Most = v.MinLength, v.MaxLength
	case v.MinItems != nil || v.MaxItems != nil:
		n.Least, n.Most = v.MinItems, v.MaxItems
	case v.MinProperties != nil || v.MaxProperties != nil:
		n.Least, n.Most = v.MinProperties, v.MaxProperties
		if n.Least != nil {
			least := max(0, *n.Least-int64(len(defaults)))
			n.Least = &least
		}
	}
	if n.Least != nil && *n.Least == 0 {
		n.Least = nil
	}
	n.Distinct = n.Distinct || v.UniqueItems

	for _, part := range v.AllOf {
		if partial := c.partial(&part, s, intOrString); partial.restricts() {
			n.All = append(n.All, c.table.add(partial))
		}
	}
	if !(intOrString && isIntOrString(v.AnyOf)) {
		for _, part := range v.AnyOf {
			n.Any = append(n.Any, c.table.add(c.partial(&part, s, false)))
		}
	}
	for _, part := range v.OneOf {
		n.One = append(n.One, c.table.add(c.partial(&part, s, false)))
	}
	if v.Not != nil {
		n.Not = c.table.add(c.partial(v.Not, s, false))
	}
}

// partial returns a node that restricts values further, but contains no types.
func (c *compiler) partial(v *structuralschema.NestedValueValidation, s *structuralschema.Structural, intOrString bool) node {
	n := node{Type: types[v.ForbiddenGenerics.Type]}
	for _, name := range slices.Sorted(maps.Keys(v.Properties)) {
		property := v.Properties[name]
		var structure *structuralschema.Structural
		if s != nil {
			if found, is := s.Properties[name]; is {
				structure = &found
			}
		}
		if partial := c.partial(&property, structure, false); partial.restricts() {
			n.set(name, c.table.add(partial))
		}
	}
	if v.AdditionalProperties != nil {
		var structure *structuralschema.Structural
		if s != nil && s.AdditionalProperties != nil {
			structure = s.AdditionalProperties.Structural
		}
		if partial := c.partial(v.AdditionalProperties, structure, false); partial.restricts() {
			n.Further = c.table.add(partial)
		}
	}
	if v.Items != nil {
		var structure *structuralschema.Structural
		if s != nil {
			structure = s.Items
		}
		if partial := c.partial(v.Items, structure, false); partial.restricts() {
			n.Items = c.table.add(partial)
		}
	}
	c.validations(&n, &v.ValueValidation, s, v.ForbiddenGenerics.Type, intOrString)
	return n
}

// restricts reports whether a node rejects any value.
func (n *node) restricts() bool {
	text, err := json.Marshal(n)
	return err != nil || string(text) != "{}"
}

// isIntOrString reports whether alternatives only repeat what a type of integer or string states.
func isIntOrString(alternatives []structuralschema.NestedValueValidation) bool {
	return len(alternatives) == 2 && alternatives[0].ForbiddenGenerics.Type == "integer" && alternatives[1].ForbiddenGenerics.Type == "string"
}

// enforced are the formats that the API server checks and that reject a value, as it compares them: without hyphens. It checks
// the range of 64 bits for every integer.
var enforced = map[string]string{
	"int32": "int32", "datetime": "date-time", "date": "date", "duration": "duration", "byte": "byte", "uri": "uri", "email": "email",
	"hostname": "hostname", "ipv4": "ipv4", "ipv6": "ipv6", "cidr": "cidr", "mac": "mac", "uuid": "uuid", "uuid3": "uuid3",
	"uuid4": "uuid4", "uuid5": "uuid5", "bsonobjectid": "bsonobjectid", "isbn": "isbn", "isbn10": "isbn10", "isbn13": "isbn13",
	"creditcard": "creditcard", "ssn": "ssn", "hexcolor": "hexcolor", "rgbcolor": "rgbcolor",
	"k8sshortname": "k8s-short-name", "k8slongname": "k8s-long-name",
}

// format returns a format in its usual spelling, or nothing if it is only documentation.
func format(name string) string { return enforced[strings.ReplaceAll(name, "-", "")] }

package schemas

import (
	"encoding/json"
	"slices"
	"strconv"
)

// limit is a restriction that fields have, which consist of the names of a definition and of a field.
type limit struct {
	restriction node
	fields      []string
}

func limitsOf(all ...limit) map[string]node {
	found := map[string]node{}
	for _, limit := range all {
		for _, field := range limit.fields {
			if _, is := found[field]; is {
				panic(field + " has two limits")
			}
			found[field] = limit.restriction
		}
	}
	return found
}

// matches is a string that matches a pattern as a whole, with a maximum length.
func matches(pattern string, most int64) node {
	return node{Pattern: "^(" + pattern + ")$", Most: new(most)}
}

func between(least, most float64) node {
	return node{Minimum: new(least), Maximum: new(most)}
}

func from(least float64) node {
	return node{Minimum: new(least)}
}

func one(values ...string) (n node) {
	for _, value := range values {
		n.Enum = append(n.Enum, json.RawMessage(strconv.Quote(value)))
	}
	return n
}

// restriction returns what the API server adds to the schema of a field: its values, its limits, and that it is not empty.
func (k *builtinKinds) restriction(definition, field string) node {
	if values := k.allowed(definition, field); len(values) > 0 {
		return one(values...)
	}
	name := stable(definition) + "." + field
	if limit, is := limits[name]; is {
		return limit
	}
	s := k.definitions[definition]
	if slices.Contains(s.Required, field) && optional[name] == "" && s.Properties[field].Type == "string" {
		return node{Least: new(int64(1))}
	}
	return node{}
}

// restrict adds a restriction to the node of a field, or to the items of a list.
func (c *compiler) restrict(n, restriction node) node {
	if !restriction.restricts() {
		return n
	}
	if n.Type == "a" {
		n.Items = c.table.add(c.restrict(c.table.node(n.Items), restriction))
		return n
	}
	n.Enum, n.Pattern, n.Least, n.Most = restriction.Enum, restriction.Pattern, restriction.Least, restriction.Most
	n.Minimum, n.Maximum = restriction.Minimum, restriction.Maximum
	if restriction.Format != "" {
		n.Format = restriction.Format
	}
	return n
}

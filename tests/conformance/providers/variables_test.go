package providers

import (
	"regexp"
	"strings"

	"github.com/drone/envsubst/v2/parse"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cluster-api/cmd/clusterctl/client/yamlprocessor"
)

// variable is a variable of a template, and how the template uses it.
type variable struct {
	// required is true if the output would be incomplete without a value.
	required bool
	// example is the default that clusterctl lists.
	example string
	// inName and inLabel are true if a value is part of the name of an object, or of a label.
	inName, inLabel bool
}

var blanks = regexp.MustCompile(`\$\{\s*([A-Za-z0-9_]+)\s*\}`)

// variables returns the variables that clusterctl lists for a template, and those in their defaults, which clusterctl does not
// list.
func variables(text []byte) (map[string]*variable, error) {
	listed, err := yamlprocessor.NewSimpleProcessor().GetVariableMap(text)
	if err != nil {
		return nil, err
	}
	found := map[string]*variable{}
	for name, example := range listed {
		found[name] = &variable{required: example == nil}
		if example != nil {
			found[name].example = *example
		}
	}
	tree, err := parse.Parse(blanks.ReplaceAllString(string(text), "$${$1}"))
	if err != nil {
		return nil, err
	}
	var walk func(node parse.Node)
	walk = func(node parse.Node) {
		switch node := node.(type) {
		case *parse.ListNode:
			for _, child := range node.Nodes {
				walk(child)
			}
		case *parse.FuncNode:
			if found[node.Param] == nil {
				found[node.Param] = &variable{}
			}
			// clusterctl lists the first use; a later use can have no default, and an argument of a function is not a default.
			isDefault := strings.HasSuffix(node.Name, "=") || node.Name == ":-"
			if !isDefault || len(node.Args) == 0 {
				found[node.Param].required = true
			}
			for _, argument := range node.Args {
				walk(argument)
			}
		}
	}
	walk(tree.Root)
	return found, nil
}

// locate finds the variables in names and labels by setting each to a unique string.
func locate(text []byte, variables map[string]*variable) error {
	marks := texts{}
	for name := range variables {
		marks[name] = "<" + name + ">"
	}
	objects, err := process(text, marks, "")
	if err != nil {
		return err
	}
	for name, variable := range variables {
		for _, object := range objects {
			variable.inName = variable.inName || strings.Contains(object.GetName(), marks[name])
			variable.inLabel = variable.inLabel || labelled(object, marks[name])
		}
	}
	return nil
}

func labelled(object unstructured.Unstructured, mark string) bool {
	for _, label := range object.GetLabels() {
		if strings.Contains(label, mark) {
			return true
		}
	}
	return false
}

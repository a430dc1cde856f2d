package providers

import (
	"regexp"
	"strings"

	"github.com/drone/envsubst/v2/parse"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cluster-api/cmd/clusterctl/client/yamlprocessor"
)

// variable is what a template makes of one of its variables.
type variable struct {
	// required is so where something would be missing without a value.
	required bool
	// example is the default that clusterctl lists.
	example string
	// inName and inLabel are so where a value is part of an object's name, or of a label of it.
	inName, inLabel bool
}

var blanks = regexp.MustCompile(`\$\{\s*([A-Za-z0-9_]+)\s*\}`)

// variables returns those that clusterctl lists for a template, and those in their defaults, which it does not.
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
			// clusterctl lists the first use; another one may have no default, and an argument of a function is none.
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

// locate finds the variables in names and labels, by a string in place of each.
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

package expressions

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/drone/envsubst/v2"
	"github.com/drone/envsubst/v2/parse"
	"sigs.k8s.io/cluster-api/cmd/clusterctl/client/yamlprocessor"
)

// outcome is the result of an evaluation; value is unused if the string was rejected.
type outcome struct {
	value    string
	rejected bool
	message  string
}

func (o outcome) String() string {
	if o.rejected {
		return "refused: " + strings.TrimSpace(o.message)
	}
	return fmt.Sprintf("%q", o.value)
}

// clusterctl evaluates a string as `clusterctl generate` does. A panic counts as a rejection.
func clusterctl(text string) (result outcome) {
	defer func() {
		if cause := recover(); cause != nil {
			result = outcome{rejected: true, message: fmt.Sprint("panic: ", cause)}
		}
	}()
	value, err := yamlprocessor.NewSimpleProcessor().Process([]byte(text), func(name string) (string, error) {
		value, set := variables[name]
		if !set {
			return "", errors.New("unset")
		}
		return value, nil
	})
	if err != nil {
		return outcome{rejected: true, message: err.Error()}
	}
	return outcome{value: string(value)}
}

// call is one expression with the value of its variable and its arguments.
type call struct {
	*parse.FuncNode
	value string
	set   bool
	args  []string
	depth int
	// unused is true in a default that is not used because the variable has a value.
	unused bool
}

var blanks = regexp.MustCompile(`\$\{\s*(\w+)\s*\}`)

// calls returns the expressions of a string, including nested expressions, or an empty slice if drone cannot parse the string.
func calls(text string) []call {
	tree, err := parse.Parse(blanks.ReplaceAllString(text, "$${$1}"))
	if err != nil {
		return nil
	}
	var found []call
	var walk func(node parse.Node, depth int, unused bool)
	walk = func(node parse.Node, depth int, unused bool) {
		switch node := node.(type) {
		case *parse.ListNode:
			for _, child := range node.Nodes {
				walk(child, depth, unused)
			}
		case *parse.FuncNode:
			value, set := variables[node.Param]
			c := call{FuncNode: node, value: value, set: set, depth: depth, unused: unused}
			for _, argument := range node.Args {
				c.args = append(c.args, evaluate(argument))
			}
			found = append(found, c)
			unused = unused || c.isDefault() && value != ""
			for _, argument := range node.Args {
				walk(argument, depth+1, unused)
			}
		}
	}
	walk(tree.Root, 1, false)
	return found
}

func (c call) isDefault() bool {
	return strings.HasSuffix(c.Name, "=") || len(c.Name) == 2 && strings.ContainsAny(c.Name[1:], "-?+")
}

func (c call) trims() bool {
	return strings.ContainsAny(c.Name, "#%") && !strings.HasPrefix(c.Name, "/") && len(c.args) > 0
}

// evaluate returns the value of an argument, or an empty string if it has no value.
func evaluate(node parse.Node) (value string) {
	defer func() { _ = recover() }()
	if text, ok := node.(*parse.TextNode); ok {
		return text.Value
	}
	value, _ = envsubst.Eval(source(node), func(name string) string { return variables[name] })
	return value
}

// source writes a node as it was parsed.
func source(node parse.Node) string {
	function, ok := node.(*parse.FuncNode)
	if !ok {
		return node.(*parse.TextNode).Value
	}
	if function.Name == "#" && len(function.Args) == 0 {
		return "${#" + function.Param + "}"
	}
	replaces := strings.HasPrefix(function.Name, "/")
	var arguments []string
	for _, argument := range function.Args {
		text := source(argument)
		if _, literal := argument.(*parse.TextNode); literal && replaces {
			text = strings.NewReplacer(`\`, `\\`, `/`, `\/`, `$`, `$$`).Replace(text)
		}
		arguments = append(arguments, text)
	}
	separator := ""
	switch {
	case replaces:
		separator = "/"
		if len(arguments) == 1 {
			arguments = append(arguments, "")
		}
	case function.Name == ":":
		separator = ":"
	}
	return "${" + function.Param + function.Name + strings.Join(arguments, separator) + "}"
}

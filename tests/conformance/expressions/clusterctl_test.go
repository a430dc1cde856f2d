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

// outcome is what a string evaluates to; value means nothing where it was rejected.
type outcome struct {
	value   string
	refused bool
	message string
}

func (o outcome) String() string {
	if o.refused {
		return "refused: " + strings.TrimSpace(o.message)
	}
	return fmt.Sprintf("%q", o.value)
}

// clusterctl evaluates a string as `clusterctl generate` does. A panic counts as a rejection.
func clusterctl(text string) (result outcome) {
	defer func() {
		if cause := recover(); cause != nil {
			result = outcome{refused: true, message: fmt.Sprint("panic: ", cause)}
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
		return outcome{refused: true, message: err.Error()}
	}
	return outcome{value: string(value)}
}

// call is one expression with what its evaluation met.
type call struct {
	*parse.FuncNode
	value string
	set   bool
	args  []string
	depth int
	// unused is so in a default that a value makes superfluous.
	unused bool
}

var blanks = regexp.MustCompile(`\$\{\s*(\w+)\s*\}`)

// calls lists the expressions of a string, nested ones too; none where drone cannot read it.
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

// evaluate returns the value of an argument; empty where it has none.
func evaluate(node parse.Node) (value string) {
	defer func() { _ = recover() }()
	if text, ok := node.(*parse.TextNode); ok {
		return text.Value
	}
	value, _ = envsubst.Eval(source(node), func(name string) string { return variables[name] })
	return value
}

// source writes a node the way it was read.
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

package schemas

import (
	"archive/zip"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"strconv"
	"strings"
)

// values are the values of a field, which the OpenAPI documents in the sources omit: they are only in the code that creates the
// documents of a running server.
type values map[string][]string

// valuesFile is the generated code that describes all types.
const valuesFile = "pkg/generated/openapi/zz_generated.openapi.go"

// readValues returns the values of fields by the name of the function that describes their type, and the name of the field.
func readValues(entry *zip.File) (values, error) {
	file, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), entry.Name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	found := values{}
	for _, declaration := range parsed.Decls {
		function, is := declaration.(*ast.FuncDecl)
		if !is || !strings.HasPrefix(function.Name.Name, "schema_") {
			continue
		}
		ast.Inspect(function, func(n ast.Node) bool {
			field, is := n.(*ast.KeyValueExpr)
			if !is {
				return true
			}
			if name, is := literal(field.Key); is {
				if enum := enumIn(field.Value); len(enum) > 0 {
					found[function.Name.Name+"."+name] = enum
				}
			}
			return true
		})
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no type has values")
	}
	return found, nil
}

// enumIn returns the strings in the field Enum of a value.
func enumIn(value ast.Expr) (all []string) {
	ast.Inspect(value, func(n ast.Node) bool {
		field, is := n.(*ast.KeyValueExpr)
		if !is {
			return true
		}
		list, is := field.Value.(*ast.CompositeLit)
		if key, named := field.Key.(*ast.Ident); named && is && key.Name == "Enum" {
			for _, element := range list.Elts {
				if text, is := literal(element); is {
					all = append(all, text)
				}
			}
		}
		return true
	})
	return all
}

func literal(expression ast.Expr) (string, bool) {
	basic, is := expression.(*ast.BasicLit)
	if !is || basic.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(basic.Value)
	return text, err == nil
}

// of returns the values of a field of a definition.
func (v values) of(definition, field string) []string {
	name := strings.NewReplacer("-", "", ".", "_").Replace(definition)
	for _, prefix := range []struct{ of, to string }{
		{"io_k8s_api_", "schema_k8sio_api_"},
		{"io_k8s_apiextensionsapiserver_", "schema_"},
		{"io_k8s_apimachinery_", "schema_"},
		{"io_k8s_kubeaggregator_", "schema_"},
	} {
		if rest, is := strings.CutPrefix(name, prefix.of); is {
			return v[prefix.to+rest+"."+field]
		}
	}
	return nil
}

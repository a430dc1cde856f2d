package deliveries

import (
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

// rendered follows RenderTemplateParams in applicationset/utils of Argo CD: all strings are evaluated, including keys, and nulls
// of mappings are lost.
func rendered(value any, options []string, parameters map[string]any) (any, error) {
	switch value := value.(type) {
	case string:
		return executed(value, options, parameters)
	case []any:
		items := make([]any, len(value))
		for index, item := range value {
			var err error
			if items[index], err = rendered(item, options, parameters); err != nil {
				return nil, err
			}
		}
		return items, nil
	case map[string]any:
		entries := map[string]any{}
		for key, item := range value {
			if item == nil {
				continue
			}
			key, err := executed(key, options, parameters)
			if err != nil {
				return nil, err
			}
			if entries[key], err = rendered(item, options, parameters); err != nil {
				return nil, err
			}
		}
		return entries, nil
	}
	return value, nil
}

func executed(text string, options []string, parameters map[string]any) (string, error) {
	functions := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(functions, name)
	}
	parsed, err := template.New("").Funcs(functions).Option(options...).Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = parsed.Execute(&out, parameters)
	return out.String(), err
}

package sveltos

import (
	"bytes"
	htmltemplate "html/template"
	texttemplate "text/template"

	"github.com/projectsveltos/libsveltos/lib/funcmap"
	"sigs.k8s.io/yaml"
)

// functions are the functions of the templates of a profile. Functions that need `templateResourceRefs` are omitted, because no
// generated object uses them.
var functions = funcmap.SveltosFuncMap(false)

// empty is an empty template with the functions, because adding them takes longer than running a template.
var empty = texttemplate.New("").Option("missingkey=error").Funcs(functions)

// run is the last step of instantiateTemplateValues in addon-controller's controllers: a string is a template, regardless of its
// format, and gets the cluster as `.Cluster`.
func run(text string, cluster Cluster) (string, error) {
	template, err := empty.New("").Parse(text)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	// The other roots are nil for a cluster whose provider has no object yet.
	err = template.Execute(&out, struct {
		Cluster, KubeadmControlPlane, InfrastructureProvider map[string]any
		MgmtResources                                        map[string]map[string]any
	}{Cluster: cluster})
	return out.String(), err
}

// field follows instantiateGenericField in addon-controller's controllers: the template is the YAML of the field, with its
// quotes, escapes and folded lines, and the result is parsed as YAML.
func field[T any](value T, cluster Cluster) (result T, err error) {
	text, err := yaml.Marshal(value)
	if err != nil {
		return result, err
	}
	filled, err := run(string(text), cluster)
	if err != nil {
		return result, err
	}
	return result, yaml.Unmarshal([]byte(filled), &result)
}

// refer follows renderClusterTemplate in libsveltos' lib/template, which evaluates names and namespaces of references as HTML
// templates.
func refer(text string, cluster Cluster) (string, error) {
	object := cluster.object()
	if text == "" {
		return object.GetNamespace(), nil
	}
	template, err := htmltemplate.New("").Option("missingkey=error").Funcs(functions).Parse(text)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = template.Execute(&out, struct {
		Cluster                       map[string]any
		ClusterNamespace, ClusterName string
	}{cluster, object.GetNamespace(), object.GetName()})
	return out.String(), err
}

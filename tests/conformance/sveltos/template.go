package sveltos

import (
	"bytes"
	htmltemplate "html/template"
	texttemplate "text/template"

	"github.com/projectsveltos/libsveltos/lib/funcmap"
	"sigs.k8s.io/yaml"
)

// functions are those that a profile's templates have. What asks for `templateResourceRefs` is not among them, since
// nothing that is printed does.
var functions = funcmap.SveltosFuncMap(false)

// empty has the functions for all templates, since to add them takes longer than to run a template.
var empty = texttemplate.New("").Option("missingkey=error").Funcs(functions)

// run is the last step of instantiateTemplateValues in addon-controller's controllers: a string is a template, whatever
// it is written in, and gets the cluster as `.Cluster`.
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

// field follows instantiateGenericField in addon-controller's controllers: what runs as a template is the field's YAML,
// with its quotes, escapes and folded lines, and the outcome is read as YAML.
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

// refer follows renderClusterTemplate in libsveltos' lib/template, which runs names and namespaces of references as
// templates of HTML.
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

package lookups

import (
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"github.com/projectsveltos/libsveltos/lib/funcmap"
)

// object is a Cluster as both engines represent it.
type object = map[string]any

// engine evaluates the string of values for a cluster.
type engine func(text string, cluster object) (string, error)

// engines evaluate the values of the delivery methods for Clusters. The engine of Argo CD is tested in another module.
var engines = map[string]engine{
	// Follows ParseValues in the internal package of cluster-api-addon-provider-helm, with the functions of sprig that do not
	// access the environment of the controller, and without missingkey=error.
	"caaph": func(text string, cluster object) (string, error) {
		functions := sprig.TxtFuncMap()
		for _, name := range []string{"env", "expandenv", "getHostByName"} {
			delete(functions, name)
		}
		roots := object{"Cluster": cluster}
		for root, field := range map[string]string{"ControlPlane": "controlPlane", "InfraCluster": "infraCluster"} {
			if referred, found := cluster[field]; found {
				roots[root] = referred
			}
		}
		return run(template.New("").Funcs(functions), text, roots)
	},
	// Follows instantiateTemplateValues in addon-controller's controllers.
	"sveltos": func(text string, cluster object) (string, error) {
		return run(template.New("").Option("missingkey=error").Funcs(funcmap.SveltosFuncMap(false)), text, struct {
			Cluster, KubeadmControlPlane, InfrastructureProvider object
			MgmtResources                                        map[string]object
		}{Cluster: cluster})
	},
}

func run(empty *template.Template, text string, roots any) (string, error) {
	parsed, err := empty.Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = parsed.Execute(&out, roots)
	return out.String(), err
}

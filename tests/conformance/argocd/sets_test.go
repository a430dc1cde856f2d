package argocd

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/applicationset/controllers/template"
	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	controller "sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/yaml"
)

// nasty are strings that a template engine or a YAML parser could misinterpret.
var nasty = []string{
	"", " ", "~", "null", "true", "no", "1", "1.10", "012", "1e3", ".inf", "2020-01-01", "<<", "!x", "&a", "*a", "%x", "@x", "`x`",
	"- a", "? a", "a: b", "a #b", "#x", "---", "...", "{a}", "[a]", "'", `"`, "{", "}}", "{{", "{{ .name }}", "{{ fail `x` }}",
	"{{- end -}}", "{{/*", `\`, `\n`, `C:\new`, "\t", "a\tb", " a", "a ", "\n", "a\n", "\na", "a\nb: c", "a\n\n# b\n", "a\r\nb", "é",
	"日本語", "😀", "\u00a0", "\u2028", "\ufeff", "$", "${x}", "$x", "$ARGOCD_APP_NAME", "a\x00b", "\x1b[0m", "<no value>", "<a & b>",
	strings.Repeat("long ", 60), strings.Repeat("lines of {{ text }}\n", 20),
}

// step matches a key of a path such as .metadata.annotations["example.org/vpc"].
var step = regexp.MustCompile(`\.(\w+)|\["([^"]+)"\]`)

// steps returns the keys of a path.
func steps(path string) (keys []string) {
	for _, match := range step.FindAllStringSubmatch(path, -1) {
		keys = append(keys, match[1]+match[2])
	}
	return keys
}

// leaves returns the paths of a tree.
func leaves(tree any) (paths []string) {
	if path, is := tree.(string); is {
		return []string{path}
	}
	for _, below := range tree.(map[string]any) {
		paths = append(paths, leaves(below)...)
	}
	return paths
}

// secretOf returns the Secret of a cluster in Argo CD, with a string at each path that is looked up.
func secretOf(cluster, text string, paths []string) *corev1.Secret {
	secret := &corev1.Secret{Data: map[string][]byte{"name": []byte(cluster), "server": []byte("https://" + cluster + ".example.org"), "config": []byte("{}")}}
	secret.Name, secret.Namespace = "cluster-"+cluster, "argocd"
	secret.Labels = map[string]string{"argocd.argoproj.io/secret-type": "cluster", "kubectl-fleet.io/cluster": cluster}
	secret.Annotations = map[string]string{"other": text}
	for _, path := range paths {
		switch keys := steps(path); {
		case len(keys) == 3 && keys[1] == "annotations":
			secret.Annotations[keys[2]] = text
		case len(keys) == 3 && keys[1] == "labels" && secret.Labels[keys[2]] == "":
			secret.Labels[keys[2]] = "1.10"
		}
	}
	return secret
}

// lookup returns the value at a path of a Secret.
func lookup(t *testing.T, secret *corev1.Secret, path string) any {
	t.Helper()
	texts := map[string]map[string]string{"annotations": secret.Annotations, "labels": secret.Labels}
	switch keys := steps(path); {
	case len(keys) == 1:
		return string(secret.Data[keys[0]])
	case len(keys) == 2 && keys[0] == "metadata":
		return untyped(texts[keys[1]])
	case len(keys) == 3 && keys[0] == "metadata":
		return texts[keys[1]][keys[2]]
	}
	t.Fatalf("this test does not support the path %s", path)
	return nil
}

func untyped(texts map[string]string) map[string]any {
	values := map[string]any{}
	for key, text := range texts {
		values[key] = text
	}
	return values
}

// withLookups returns values with the values at a tree of paths added.
func withLookups(t *testing.T, values, tree any, secret *corev1.Secret) any {
	t.Helper()
	if path, is := tree.(string); is {
		return lookup(t, secret, path)
	}
	result := map[string]any{}
	if known, is := values.(map[string]any); is {
		maps.Copy(result, known)
	}
	for key, below := range tree.(map[string]any) {
		result[key] = withLookups(t, result[key], below, secret)
	}
	return result
}

// generated returns the Applications that the Argo CD controller generates from an ApplicationSet with these Secrets.
func generated(set v1alpha1.ApplicationSet, secrets ...*corev1.Secret) ([]v1alpha1.Application, error) {
	builder := controller.NewClientBuilder()
	for _, secret := range secrets {
		builder = builder.WithObjects(secret.DeepCopy())
	}
	client := builder.Build()
	all := map[string]generators.Generator{"Clusters": generators.NewClusterGenerator(client, "argocd")}
	applications, _, err := template.GenerateApplications(logrus.WithFields(nil), set, all, &utils.Render{}, client)
	return applications, err
}

// helmValues returns the values of an Application that Argo CD passes to Helm.
func helmValues(t *testing.T, application v1alpha1.Application) (values any) {
	t.Helper()
	if err := yaml.Unmarshal(application.Spec.Source.Helm.ValuesYAML(), &values); err != nil {
		t.Fatalf("%s: %v", application.Name, err)
	}
	return values
}

// applied returns the Applications and ApplicationSets in lines, by name; keys that Argo CD does not define are errors.
func applied(t *testing.T, lines []string) (map[string]v1alpha1.Application, map[string]v1alpha1.ApplicationSet) {
	t.Helper()
	applications, sets := map[string]v1alpha1.Application{}, map[string]v1alpha1.ApplicationSet{}
	for _, line := range lines {
		var err error
		switch kind := kindOf(t, line); kind {
		case "Application":
			var application v1alpha1.Application
			err = yaml.UnmarshalStrict([]byte(line), &application)
			applications[application.Name] = application
		case "ApplicationSet":
			var set v1alpha1.ApplicationSet
			err = yaml.UnmarshalStrict([]byte(line), &set)
			sets[set.Name] = set
		}
		if err != nil {
			t.Fatalf("%v in %.500s", err, line)
		}
	}
	return applications, sets
}

func kindOf(t *testing.T, line string) string {
	t.Helper()
	var object struct{ Kind string }
	if err := json.Unmarshal([]byte(line), &object); err != nil {
		t.Fatal(err)
	}
	return object.Kind
}

// checkSet evaluates an ApplicationSet, and compares the result with the Application of the same add-on without lookups.
func checkSet(t *testing.T, set v1alpha1.ApplicationSet, static v1alpha1.Application, tree any) {
	t.Helper()
	cluster, name := set.Labels["kubectl-fleet.io/cluster"], set.Labels["kubectl-fleet.io/fleet"]
	paths := leaves(tree)
	secretOf := func(cluster, text string, paths []string) *corev1.Secret {
		secret := secretOf(cluster, text, paths)
		if name != "" {
			secret.Labels["kubectl-fleet.io/fleet"] = name
		}
		return secret
	}
	for index, text := range nasty {
		own, other := secretOf(cluster, text, paths), secretOf(cluster+"-other", "of another", paths)
		// These Secrets have the label, but are not clusters, or belong to another Argo CD instance.
		stray, foreign := secretOf(cluster, "stray", paths), secretOf(cluster, "foreign", paths)
		stray.Name, foreign.Namespace = "stray", "elsewhere"
		delete(stray.Labels, "argocd.argoproj.io/secret-type")
		secrets := []*corev1.Secret{own, other, stray, foreign}
		if name != "" {
			// This Secret is of a cluster with the same name in another fleet.
			twin := secretOf(cluster, "twin", paths)
			twin.Name, twin.Labels["kubectl-fleet.io/fleet"] = "twin", name+"-other"
			secrets = append(secrets, twin)
		}
		applications, err := generated(set, secrets...)
		if err != nil || len(applications) != 1 {
			t.Fatalf("%s, %q: %d Applications, %v", set.Name, text, len(applications), err)
		}
		application := applications[0]
		got := helmValues(t, application)
		if want := withLookups(t, helmValues(t, static), tree, own); !reflect.DeepEqual(got, want) {
			t.Errorf("%s, %q: the values are\n%v\nexpected\n%v", set.Name, text, got, want)
		}
		if index > 0 {
			continue
		}
		// Only the values differ. If resources are kept, there is no finalizer.
		want := *static.DeepCopy()
		want.Spec.Source.Helm.ValuesObject, application.Spec.Source.Helm.Values = nil, ""
		if application.Name != want.Name || application.Namespace != want.Namespace || !maps.Equal(application.Labels, want.Labels) ||
			!slices.Equal(application.Finalizers, want.Finalizers) || !equality.Semantic.DeepEqual(application.Spec, want.Spec) {
			t.Errorf("%s: got\n%+v\nwant\n%+v", set.Name, application, want)
		}
	}
	for _, path := range paths {
		keys := steps(path)
		if keys[0] != "metadata" || len(keys) < 3 {
			continue
		}
		secret := secretOf(cluster, "text", paths)
		if _, lookup := secret.Labels[keys[2]]; lookup && keys[1] == "labels" && keys[2] == "kubectl-fleet.io/cluster" {
			continue
		}
		delete(map[string]map[string]string{"annotations": secret.Annotations, "labels": secret.Labels}[keys[1]], keys[2])
		if applications, err := generated(set, secret); err == nil || len(applications) != 0 {
			t.Errorf("%s: without %s there are %d Applications, %v", set.Name, path, len(applications), err)
		}
		secret.Annotations = nil
		if applications, err := generated(set, secret); err == nil || len(applications) != 0 {
			t.Errorf("%s: without annotations there are %d Applications, %v", set.Name, len(applications), err)
		}
	}
	if applications, err := generated(set, secretOf(cluster+"-other", "", paths)); err != nil || len(applications) != 0 {
		t.Errorf("%s: another cluster gets %d Applications, %v", set.Name, len(applications), err)
	}
}

// TestSets runs every ApplicationSet of every fleet.
func TestSets(t *testing.T) {
	sets := 0
	for _, f := range slices.Concat(fleets(t, "testdata/ok/*/in"), fleets(t, "examples/*")) {
		for _, args := range rounds(t, f) {
			_, of := applied(t, printed(t, f, args...))
			if len(of) == 0 {
				continue
			}
			without, trees := withoutLookups(t, f)
			static, _ := applied(t, printed(t, without, args...))
			labels := clusterLabels(t, printed(t, f))
			for _, name := range slices.Sorted(maps.Keys(of)) {
				found, known := trees[addonOf(of[name])]
				application, given := static[name]
				if !known || !given {
					t.Errorf("%s: %s looks up values, but fleet.yaml sets no runtime values", f.path(), name)
					continue
				}
				checkSet(t, of[name], application, found.of(labels[of[name].Labels["kubectl-fleet.io/cluster"]]))
				sets++
			}
		}
	}
	t.Logf("%d sets", sets)
	if sets == 0 {
		t.Error("no fleet prints an ApplicationSet")
	}
}

// nastyTree contains a lookup in each supported position.
var nastyTree = map[string]any{
	"v00": ".metadata.annotations.vpc", "name": ".name", "server": ".server", "project": ".project", "all": ".metadata.annotations",
	"{{ nested": map[string]any{
		"index": `.metadata.annotations["aws.amazon.com/vpc"]`, "digits": `.metadata["annotations"]["1st"]`,
		"label": `.metadata.labels["a.b/c"]`, "word": ".metadata.labels.region", "cluster": `.metadata.labels["kubectl-fleet.io/cluster"]`,
	},
}

// nastyFleet is a fleet with one cluster and one add-on with hostile static values.
func nastyFleet(t *testing.T, runtime map[string]any) fleet {
	t.Helper()
	values := map[string]any{"joined": "${left}${right} .name }}", "list": []any{}}
	for index, text := range nasty {
		text = strings.ReplaceAll(text, "$", "$$")
		values[fmt.Sprintf("v%02d", index)] = text
		values["list"] = append(values["list"].([]any), text, map[string]any{"{{ " + fmt.Sprint(index): text})
	}
	helm := map[string]any{
		"repo": "https://example.org", "chart": "x", "version": "1.0.0", "namespace": "x", "values": values,
	}
	if runtime != nil {
		helm["runtimeValues"] = runtime
	}
	text, err := json.Marshal(map[string]any{
		"apiVersion": "kubectl-fleet.io/v1alpha1", "kind": "Fleet", "deliver": "argocd",
		"clusters":  []any{map[string]any{"list": "users.yaml", "variables": map[string]any{"left": "{", "right": "{"}}},
		"templates": []any{map[string]any{"file": "builtin:docker"}},
		"addons":    []any{map[string]any{"name": "nasty", "selector": "all", "helm": helm}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return write(t, map[string]string{"fleet.yaml": string(text), "users.yaml": "alice: {}"})
}

// TestNastySet runs an ApplicationSet with hostile static values.
func TestNastySet(t *testing.T) {
	_, sets := applied(t, printed(t, nastyFleet(t, nastyTree)))
	static, _ := applied(t, printed(t, nastyFleet(t, nil)))
	if len(sets) != 1 || len(static) != 1 {
		t.Fatalf("%d sets, %d Applications", len(sets), len(static))
	}
	checkSet(t, sets["nasty.alice"], static["nasty.alice"], nastyTree)
}

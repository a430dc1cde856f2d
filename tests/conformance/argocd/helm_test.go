package argocd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	repoclient "github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/git"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"

	shared "kubectl-fleet.io/conformance/repository"
)

// helm is a program in place of Helm that records its arguments and the values file.
const helm = `#!/bin/sh
set -eu
: > "$NOTED/values"
while [ $# -gt 0 ]; do
  printf '%s\n' "$1" >> "$NOTED/arguments"
  if [ "$1" = --values ]; then
    while IFS= read -r line || [ -n "$line" ]; do printf '%s\n' "$line"; done < "$2" >> "$NOTED/values"
    shift
  fi
  shift
done
echo '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "made"}}'
`

// helmInput returns the arguments and values that Argo CD passes to Helm when it renders an Application.
func helmInput(t *testing.T, application v1alpha1.Application) (arguments []string, values string) {
	t.Helper()
	dir := shared.New(t, map[string]string{"helm": helm, "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n"})
	if err := os.Chmod(filepath.Join(dir, "helm"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv("NOTED", dir)
	source := application.Spec.Source
	chart := filepath.Join(dir, "chart")
	response, err := repository.GenerateManifests(context.Background(), chart, chart, source.TargetRevision, &repoclient.ManifestRequest{
		Repo: &v1alpha1.Repository{Repo: source.RepoURL}, AppName: application.Name, Namespace: application.Spec.Destination.Namespace,
		ApplicationSource: source, KubeVersion: "v1.34.0",
	}, false, git.NoopCredsStore{}, resource.MustParse("0"), nil)
	if err != nil || response.SourceType != string(v1alpha1.ApplicationSourceTypeHelm) || len(response.Manifests) != 1 {
		t.Fatalf("%s: %v, %v", application.Name, response, err)
	}
	noted := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return slices.Collect(strings.Lines(noted("arguments"))), noted("values")
}

// exactly parses YAML into the types of the compared objects.
func exactly(t *testing.T, text string) any {
	t.Helper()
	json, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	object, err := decode(`{"values":` + string(json) + `}`)
	if err != nil {
		t.Fatal(err)
	}
	return object.Object["values"]
}

// checkHelm verifies that Argo CD passes the contents of an Application to Helm, and returns whether the Application has values.
func checkHelm(t *testing.T, application v1alpha1.Application, written any) bool {
	t.Helper()
	arguments, values := helmInput(t, application)
	for option, want := range map[string]any{
		"--name-template": at(written, "spec", "source", "helm", "releaseName"), "--namespace": at(written, "spec", "destination", "namespace"),
	} {
		if index := slices.Index(arguments, option+"\n"); index < 0 || arguments[index+1] != fmt.Sprintln(want) {
			t.Errorf("%s: Helm gets the arguments %q, but %s is %v", application.Name, arguments, option, want)
		}
	}
	if slices.ContainsFunc(arguments, func(argument string) bool { return strings.HasPrefix(argument, "--set") }) {
		t.Errorf("%s: Helm gets the arguments %q", application.Name, arguments)
	}
	want := at(written, "spec", "source", "helm", "valuesObject")
	if got := exactly(t, values); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: Helm gets\n%v\nexpected\n%v", application.Name, got, want)
	}
	return want != nil
}

// TestHelm verifies that Argo CD runs Helm with the release, namespace and values of each Application of every fleet.
func TestHelm(t *testing.T) {
	all := slices.Concat(fleets(t, "testdata/ok/*/in"), fleets(t, "examples/*"), []fleet{nastyFleet(t, nil)})
	seen, withValues := 0, 0
	for _, f := range all {
		for _, args := range rounds(t, f) {
			lines := printed(t, f, args...)
			applications, _ := applied(t, lines)
			for _, line := range lines {
				object, err := decode(line)
				if err != nil {
					t.Fatal(err)
				}
				if object.GetKind() != "Application" || at(object.Object, "spec", "source", "helm") == nil {
					continue
				}
				seen++
				if checkHelm(t, applications[object.GetName()], object.Object) {
					withValues++
				}
			}
		}
	}
	t.Logf("%d Applications, %d with values", seen, withValues)
	if seen == 0 || withValues == 0 {
		t.Error("no fleet has an Application with a Helm source")
	}
}

// TestHelmOfSet verifies the same for an Application that an ApplicationSet generates.
func TestHelmOfSet(t *testing.T) {
	for _, text := range nasty {
		_, sets := applied(t, printed(t, nastyFleet(t, nastyTree)))
		made, err := generated(sets["nasty.alice"], secretOf("alice", text, leaves(nastyTree)))
		if err != nil || len(made) != 1 {
			t.Fatalf("%q: %d Applications, %v", text, len(made), err)
		}
		_, values := helmInput(t, made[0])
		var got any
		if err := yaml.Unmarshal([]byte(values), &got); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if want := helmValues(t, made[0]); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: Helm gets\n%v\nexpected\n%v", text, got, want)
		}
	}
}

// at returns the value at a path of keys.
func at(value any, keys ...string) any {
	for _, key := range keys {
		mapping, _ := value.(map[string]any)
		value = mapping[key]
	}
	return value
}

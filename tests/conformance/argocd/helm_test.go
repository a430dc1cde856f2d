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

// helm is a program in place of Helm, which notes what it is asked for: its arguments, and the file of values.
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

// asked is what Argo CD asks Helm for, to render an Application: arguments, and values.
func asked(t *testing.T, application v1alpha1.Application) (arguments []string, values string) {
	t.Helper()
	folder := shared.New(t, map[string]string{"helm": helm, "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n"})
	if err := os.Chmod(filepath.Join(folder, "helm"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder)
	t.Setenv("NOTED", folder)
	source := application.Spec.Source
	chart := filepath.Join(folder, "chart")
	response, err := repository.GenerateManifests(context.Background(), chart, chart, source.TargetRevision, &repoclient.ManifestRequest{
		Repo: &v1alpha1.Repository{Repo: source.RepoURL}, AppName: application.Name, Namespace: application.Spec.Destination.Namespace,
		ApplicationSource: source, KubeVersion: "v1.34.0",
	}, false, git.NoopCredsStore{}, resource.MustParse("0"), nil)
	if err != nil || response.SourceType != string(v1alpha1.ApplicationSourceTypeHelm) || len(response.Manifests) != 1 {
		t.Fatalf("%s: %v, %v", application.Name, response, err)
	}
	noted := func(name string) string {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return slices.Collect(strings.Lines(noted("arguments"))), noted("values")
}

// exactly is YAML as the objects are that are compared here.
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

// checkHelm sees Argo CD ask Helm for what an Application says, and says whether that has values.
func checkHelm(t *testing.T, application v1alpha1.Application, written any) bool {
	t.Helper()
	arguments, values := asked(t, application)
	for option, want := range map[string]any{
		"--name-template": at(written, "spec", "source", "helm", "releaseName"), "--namespace": at(written, "spec", "destination", "namespace"),
	} {
		if index := slices.Index(arguments, option+"\n"); index < 0 || arguments[index+1] != fmt.Sprintln(want) {
			t.Errorf("%s: Helm is asked for %q, where %s is %v", application.Name, arguments, option, want)
		}
	}
	if slices.ContainsFunc(arguments, func(argument string) bool { return strings.HasPrefix(argument, "--set") }) {
		t.Errorf("%s: Helm is asked for %q", application.Name, arguments)
	}
	want := at(written, "spec", "source", "helm", "valuesObject")
	if got := exactly(t, values); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: Helm gets\n%v\nand not\n%v", application.Name, got, want)
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
		made, err := madeOf(sets["nasty.alice"], secretOf("alice", text, leaves(nastyTree)))
		if err != nil || len(made) != 1 {
			t.Fatalf("%q: %d Applications, %v", text, len(made), err)
		}
		_, values := asked(t, made[0])
		var got any
		if err := yaml.Unmarshal([]byte(values), &got); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if want := helmValues(t, made[0]); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: Helm gets\n%v\nand not\n%v", text, got, want)
		}
	}
}

// at is what is below keys.
func at(value any, keys ...string) any {
	for _, key := range keys {
		mapping, _ := value.(map[string]any)
		value = mapping[key]
	}
	return value
}

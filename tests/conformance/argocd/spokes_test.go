package argocd

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/db"
	corev1 "k8s.io/api/core/v1"
)

// inCluster is the address of the cluster in which Argo CD runs.
const inCluster = v1alpha1.KubernetesInternalAPIServerAddr

// renamed are the Applications of spokes that a patch in the fleet `movable-spoke` renames.
var renamed = []string{"local.kiel", "second.ulm"}

// withSpokes returns the fleets with spokes.
func withSpokes(t *testing.T) (lookup []fleet) {
	t.Helper()
	for _, f := range slices.Concat(fleets(t, "testdata/ok/*/in"), fleets(t, "examples/*")) {
		if len(spokesOf(t, f)) > 0 {
			lookup = append(lookup, f)
		}
	}
	if len(lookup) == 0 {
		t.Fatal("no fleet has spokes")
	}
	return lookup
}

// TestSpokes renders each spoke with the parameter of the hub's Application: the plugin server returns the output of `generate --spoke`.
func TestSpokes(t *testing.T) {
	for _, f := range withSpokes(t) {
		applications, _ := applied(t, printed(t, f))
		for _, spoke := range spokesOf(t, f) {
			application := applications[spoke.application]
			source := application.Spec.Source
			isNamed := application.Name == "fleet."+spoke.parameter || slices.Contains(renamed, application.Name)
			if !isNamed || application.Spec.Destination.Name != spoke.parameter ||
				application.Spec.Destination.Namespace != "argocd" || source.Plugin.Name != pluginName {
				t.Errorf("%s: the spoke's Application is %+v", f.path(), application)
			}
			want := printed(t, f, "--spoke", spoke.parameter)
			texts, err := pluginOutput(f, source.Plugin.Parameters...)
			if err != nil || !slices.Equal(texts, want) {
				t.Errorf("%s, %s: the plugin server returns other bytes, %v", f.path(), spoke.parameter, err)
			}
			manifests := rendered(t, f, source.Plugin.Parameters...)
			if err := same(manifests, want, v1alpha1.TrackingMethodAnnotation); err != nil {
				t.Errorf("%s, %s: %v", f.path(), spoke.parameter, err)
			}
			if slices.Equal(want, printed(t, f)) {
				t.Errorf("%s, %s: a spoke applies the objects of the hub", f.path(), spoke.parameter)
			}
		}
	}
}

// TestNoSpoke requests a cluster that does not exist or is not a spoke.
func TestNoSpoke(t *testing.T) {
	f := fleet{repository: root + "/testdata/ok/spokes", dir: "in"}
	for _, name := range []string{"central", "nobody"} {
		checkError(t, rejected(t, f, text("spoke", name)), 3, `error\[unknown-cluster\]: cluster .`+name+`. is not a spoke`)
	}
	checkError(t, rejected(t, f, text("spoke", "eu-spoke"), text("cell", "eu")), 3, `error\[invalid-parameter\]: .* are mutually exclusive`)
}

// TestSpokeLookups creates the Secret of each spoke in its own Argo CD instance, and verifies that each ApplicationSet generates one
// Application for the cluster of that instance, with the values from the Secret. An incomplete registration is reported.
func TestSpokeLookups(t *testing.T) {
	sets := 0
	for _, f := range withSpokes(t) {
		if _, messages, _ := execute(t, f, "generate"); strings.Contains(messages, "[not-registered]") {
			continue
		}
		_, trees := withoutLookups(t, f)
		for _, spoke := range spokesOf(t, f) {
			args := []string{"--spoke", spoke.parameter}
			_, of := applied(t, printed(t, f, args...))
			if len(of) == 0 {
				continue
			}
			external := externalSecrets(t, f.path(), args...)["cluster-"+spoke.parameter]
			for _, text := range nasty {
				annotations := map[string]string{}
				for _, found := range trees {
					for _, path := range leaves(found.of(nil)) {
						annotations[steps(path)[2]] = text
					}
				}
				secret := registered(t, external, annotations)
				cluster, err := db.SecretToCluster(secret)
				if err != nil || cluster.Server != inCluster || cluster.Name != spoke.parameter || !maps.Equal(cluster.Annotations, annotations) {
					t.Fatalf("%s, %q: Argo CD reads %+v, %v", spoke.parameter, text, cluster, err)
				}
				if want := (v1alpha1.ClusterConfig{}); encoded(t, cluster.Config) != encoded(t, want) {
					t.Errorf("%s: the configuration is %+v", spoke.parameter, cluster.Config)
				}
				for _, name := range slices.Sorted(maps.Keys(of)) {
					sets++
					applications, err := generated(of[name], secret, secretOf("another", "of another", nil))
					if err != nil || len(applications) != 1 {
						t.Fatalf("%s, %q: %d Applications, %v", name, text, len(applications), err)
					}
					want := v1alpha1.ApplicationDestination{Server: inCluster, Namespace: applications[0].Spec.Destination.Namespace}
					if applications[0].Name != name || applications[0].Spec.Destination != want {
						t.Errorf("%s: %s is deployed to %+v", name, applications[0].Name, applications[0].Spec.Destination)
					}
					tree := trees[addonOf(of[name])].of(nil)
					values := helmValues(t, applications[0])
					if filled := withLookups(t, values, tree, secret); !reflect.DeepEqual(values, filled) {
						t.Errorf("%s, %q: the values are\n%v\nexpected\n%v", name, text, values, filled)
					}
				}
			}
		}
	}
	if sets == 0 {
		t.Error("no spoke uses runtime values")
	}
}

// registered returns the Secret that registers a spoke in its own Argo CD instance, if the store contains these annotations.
func registered(t *testing.T, external externalSecret, annotations map[string]string) *corev1.Secret {
	t.Helper()
	written, err := json.Marshal(map[string]any{
		"metadata": annotations, "server": "https://of-the-hub.example.org", "config": map[string]any{"bearerToken": "of the hub"},
	})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := created(external, stored{external.Spec.DataFrom[0].Extract.Key: secretsManager(t, string(written))})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

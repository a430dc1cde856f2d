package moves

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

// object returns the `spec` of the object that deploys an add-on with additional keys.
func object(t *testing.T, delivery, kind, more string) map[string]any {
	t.Helper()
	dir := repository.New(t, map[string]string{
		"fleet.yaml": `apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters: [{list: users.yaml}]
templates: [{file: builtin:docker}]
addons:
- name: kyverno
  selector: all
  ` + more + `
  helm: {repo: https://kyverno.github.io/kyverno/, chart: kyverno, version: 3.3.4, release: policy-engine, namespace: kyverno}
source: {name: fleet, namespace: flux-system}
deliver: ` + delivery + "\n",
		"users.yaml": "alice: {}\n",
	})
	for line := range bytes.Lines(repository.Print(t, dir, "generate", "-o", "json")) {
		var object struct {
			Kind string
			Spec map[string]any
		}
		if err := json.Unmarshal(line, &object); err == nil && object.Kind == kind {
			return object.Spec
		}
	}
	t.Fatalf("%s prints no %s", delivery, kind)
	return nil
}

// at returns the value at a path, or nil if there is none.
func at(value any, path ...any) any {
	for _, key := range path {
		switch key := key.(type) {
		case string:
			below, _ := value.(map[string]any)
			value = below[key]
		case int:
			below, _ := value.([]any)
			if key >= len(below) {
				return nil
			}
			value = below[key]
		}
	}
	return value
}

// TestAdoption migrates from Argo CD, which has no Helm releases, to each delivery method that has releases.
func TestAdoption(t *testing.T) {
	asked := "takeOwnership: true"
	caaph := at(object(t, "caaph", "HelmChartProxy", asked), "options", "takeOwnership") == true
	options := at(object(t, "sveltos", "ClusterProfile", asked), "helmCharts", 0, "options", "installOptions")
	sveltos := at(options, "takeOwnership") == true
	flux := at(object(t, "flux", "HelmRelease", ""), "install", "disableTakeOwnership") != true
	for name, install := range map[string]func(*cluster, bool) error{
		"caaph":   (*cluster).helm3,
		"sveltos": func(c *cluster, takesOver bool) error { return install4(c.helm4(), takesOver, nil) },
		"flux":    func(c *cluster, takesOver bool) error { return install4(c.helm4(), takesOver, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t)
			c.argocd(t)
			if err := install(c, false); err == nil || !strings.Contains(err.Error(), "invalid ownership metadata") {
				t.Errorf("Helm takes ownership of foreign objects without the option: %v", err)
			}
			if err := install(c, map[string]bool{"caaph": caaph, "sveltos": sveltos, "flux": flux}[name]); err != nil {
				t.Fatal(err)
			}
			if owner := at(c.objects["software"], "metadata", "annotations", "meta.helm.sh/release-name"); owner != release {
				t.Errorf("the release of the software is %v", owner)
			}
			if c.created["software"] {
				t.Error("the software was recreated")
			}
		})
	}
}

// TestKeptAfterRemoval deletes a HelmRelease of Flux, and verifies that the software remains if requested, and that another delivery method
// adopts it.
func TestKeptAfterRemoval(t *testing.T) {
	for more, isLeft := range map[string]bool{"onRemove: uninstall": false, "onRemove: leave": true} {
		spec := object(t, "flux", "HelmRelease", more)
		annotations, _ := at(spec, "commonMetadata", "annotations").(map[string]any)
		c := newCluster(t)
		config := c.helm4()
		if err := install4(config, true, annotations); err != nil {
			t.Fatal(err)
		}
		disablesHooks := at(spec, "uninstall", "disableHooks") == true
		err := uninstall4(config, disablesHooks)
		if ran := c.created["hook"]; ran == isLeft {
			t.Errorf("expected to remain: %v, hook ran: %v", isLeft, ran)
		}
		if !disablesHooks {
			// No controller completes the hook, so Helm waits until its timeout, and deletes no object.
			err = uninstall4(config, true)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, stays := c.objects["software"]; stays != isLeft {
			t.Errorf("expected to remain: %v, remains: %v", isLeft, stays)
		}
		if _, err := config.Releases.History(release); err == nil {
			t.Error("the record of the release remains")
		}
		if !isLeft {
			continue
		}
		clear(c.created)
		if err := c.helm3(false); err != nil || c.created["software"] {
			t.Errorf("another version of Helm does not find the software: %v", err)
		}
	}
}

package moves

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	action3 "helm.sh/helm/v3/pkg/action"
	chart3 "helm.sh/helm/v3/pkg/chart"
	chartutil3 "helm.sh/helm/v3/pkg/chartutil"
	kube3 "helm.sh/helm/v3/pkg/kube"
	storage3 "helm.sh/helm/v3/pkg/storage"
	driver3 "helm.sh/helm/v3/pkg/storage/driver"
	action4 "helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/common"
	chart4 "helm.sh/helm/v4/pkg/chart/v2"
	kube4 "helm.sh/helm/v4/pkg/kube"
	storage4 "helm.sh/helm/v4/pkg/storage"
	driver4 "helm.sh/helm/v4/pkg/storage/driver"
	"sigs.k8s.io/yaml"
)

const (
	release   = "policy-engine"
	namespace = "kyverno"
	// software is the manifest of the chart, and hook the manifest that runs when the chart is uninstalled.
	software = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: software, namespace: kyverno}\ndata: {works: well}\n"
	hook     = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hook\n  namespace: kyverno\n  annotations: {helm.sh/hook: pre-delete}\n"
)

// helm3 returns Helm as the provider of Cluster API runs it: InstallHelmRelease in its internal package.
func (c *cluster) helm3(takesOver bool) error {
	config := &action3.Configuration{
		RESTClientGetter: c.getter(),
		KubeClient:       kube3.New(c.getter()),
		Releases:         storage3.Init(driver3.NewMemory()),
		Capabilities:     chartutil3.DefaultCapabilities,
		Log:              func(string, ...any) {},
	}
	install := action3.NewInstall(config)
	install.ReleaseName, install.Namespace = release, namespace
	install.TakeOwnership = takesOver
	install.DisableOpenAPIValidation = true
	_, err := install.Run(&chart3.Chart{
		Metadata:  &chart3.Metadata{APIVersion: "v2", Name: release, Version: "1.0.0"},
		Templates: []*chart3.File{{Name: "templates/software.yaml", Data: []byte(software)}},
	}, nil)
	return err
}

// helm4 returns Helm as Flux and Sveltos run it. It stores its records where the next action finds them.
func (c *cluster) helm4() *action4.Configuration {
	config := action4.NewConfiguration()
	config.SetLogger(slog.NewTextHandler(io.Discard, nil))
	config.RESTClientGetter = c.getter()
	config.KubeClient = unchecked{kube4.New(c.getter())}
	config.Releases = storage4.Init(driver4.NewMemory())
	config.Capabilities = common.DefaultCapabilities
	return config
}

// unchecked does not request schemas from the cluster.
type unchecked struct{ *kube4.Client }

// Build reads manifests.
func (u unchecked) Build(manifests io.Reader, _ bool) (kube4.ResourceList, error) {
	return u.Client.Build(manifests, false)
}

// install4 follows newInstall of helm-controller, and getHelmInstallClient of Sveltos' addon-controller.
func install4(config *action4.Configuration, takesOver bool, annotations map[string]any) error {
	install := action4.NewInstall(config)
	install.ReleaseName, install.Namespace = release, namespace
	install.ServerSideApply, install.ForceConflicts = true, true
	install.TakeOwnership = takesOver
	install.WaitStrategy = kube4.HookOnlyStrategy
	install.PostRenderer = annotated(annotations)
	_, err := install.Run(&chart4.Chart{
		Metadata: &chart4.Metadata{APIVersion: "v2", Name: release, Version: "1.0.0"},
		Templates: []*common.File{
			{Name: "templates/software.yaml", Data: []byte(software)},
			{Name: "templates/hook.yaml", Data: []byte(hook)},
		},
	}, nil)
	return err
}

// uninstall4 follows newUninstall of helm-controller.
func uninstall4(config *action4.Configuration, disableHooks bool) error {
	uninstall := action4.NewUninstall(config)
	uninstall.DisableHooks = disableHooks
	uninstall.WaitStrategy = kube4.HookOnlyStrategy
	uninstall.Timeout = time.Second
	_, err := uninstall.Run(release)
	return err
}

// annotated adds annotations to every object, as helm-controller does with those of `commonMetadata`.
type annotated map[string]any

// Run returns the rendered manifests with annotations.
func (a annotated) Run(rendered *bytes.Buffer) (*bytes.Buffer, error) {
	var documents []string
	for _, document := range strings.Split(rendered.String(), "\n---\n") {
		object := map[string]any{}
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			return nil, err
		}
		if len(object) == 0 {
			continue
		}
		merge(object, map[string]any{"metadata": map[string]any{"annotations": map[string]any(a)}})
		text, err := yaml.Marshal(object)
		if err != nil {
			return nil, err
		}
		documents = append(documents, string(text))
	}
	return bytes.NewBufferString(strings.Join(documents, "---\n")), nil
}

// argocd applies the software as Argo CD does, without a release.
func (c *cluster) argocd(t *testing.T) {
	t.Helper()
	object := map[string]any{}
	if err := yaml.Unmarshal([]byte(software), &object); err != nil {
		t.Fatal(err)
	}
	c.objects["software"] = object
}

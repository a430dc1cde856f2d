package install

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/modules"
	"kubectl-fleet.io/conformance/repository"
)

// releases are the releases of Argo CD on which the component is built.
var releases = []modules.Module{
	{Path: modules.ArgoCD.Path, Version: "v3.5.7", Sum: "h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0="},
	modules.ArgoCD,
}

// TestComponent builds the component with the manifests of Argo CD, like an operator's kustomization.
func TestComponent(t *testing.T) {
	for _, release := range releases {
		install, err := release.File("manifests/install.yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, versioned := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, versioned %v", release.Version, versioned), func(t *testing.T) {
				arguments := []string{"install", "--image", "registry.example.org/kubectl-fleet:v1"}
				if versioned {
					arguments = append(arguments, "--versioned")
				}
				built := build(t, install, run(t, ".", arguments...))
				deployment := find[appsv1.Deployment](t, built, "Deployment", "argocd-repo-server")
				pod := deployment.Spec.Template.Spec
				sidecar := container(t, pod, "kubectl-fleet")
				if sidecar.Image != "registry.example.org/kubectl-fleet:v1" || fmt.Sprint(sidecar.Command) != "[/var/run/argocd/argocd-cmp-server]" {
					t.Errorf("image and command: %s %v", sidecar.Image, sidecar.Command)
				}
				checkSecurity(t, sidecar.SecurityContext)
				checkMounts(t, pod, sidecar, versioned)
				if sidecar.Resources.Limits.Memory().IsZero() || sidecar.Resources.Requests.Memory().IsZero() {
					t.Error("memory has neither a request nor a limit")
				}
				if server := container(t, pod, "argocd-repo-server"); len(server.VolumeMounts) < 5 || len(server.Env) < 20 {
					t.Errorf("the repo-server itself changed: %d mounts, %d variables", len(server.VolumeMounts), len(server.Env))
				}
				checkConfig(t, find[corev1.ConfigMap](t, built, "ConfigMap", "argocd-cm").Data)
				if versioned {
					checkPlugin(t, built, pod)
				}
			})
		}
	}
}

// shown returns the kustomization in the documentation, with local manifests of Argo CD instead of their URL.
func shown(t *testing.T) []byte {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(repository.Root, "docs/how-to/install-the-argocd-plugin.md"))
	if err != nil {
		t.Fatal(err)
	}
	const from, manifests = "```yaml\napiVersion: kustomize.config.k8s.io/", "/manifests/install.yaml"
	_, rest, _ := strings.Cut(string(page), from)
	text, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("the documentation shows no kustomization")
	}
	lines := strings.Split("apiVersion: kustomize.config.k8s.io/"+text, "\n")
	replaced := 0
	for index, line := range lines {
		if strings.HasPrefix(line, "- https://") && strings.HasSuffix(line, manifests) {
			lines[index] = "- install.yaml"
			replaced++
		}
	}
	if replaced != 1 {
		t.Fatalf("%d lines name Argo CD's manifests", replaced)
	}
	return []byte(strings.Join(lines, "\n"))
}

func build(t *testing.T, install, component []byte) resmap.ResMap {
	t.Helper()
	files := filesys.MakeFsInMemory()
	for path, text := range map[string][]byte{
		"argocd/install.yaml":                     install,
		"argocd/kustomization.yaml":               shown(t),
		"argocd/kubectl-fleet/kustomization.yaml": component,
	} {
		if err := files.WriteFile("/"+path, text); err != nil {
			t.Fatal(err)
		}
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, "/argocd")
	if err != nil {
		t.Fatalf("%v\n%s", err, component)
	}
	return built
}

func find[T any](t *testing.T, built resmap.ResMap, kind, prefix string) *T {
	t.Helper()
	for _, resource := range built.Resources() {
		if resource.GetKind() != kind || !strings.HasPrefix(resource.GetName(), prefix) {
			continue
		}
		text, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		if _, problems := known.Check(text); len(problems) > 0 {
			t.Errorf("%s %s: %v", kind, resource.GetName(), problems)
		}
		object := new(T)
		content, err := resource.Map()
		if err != nil {
			t.Fatal(err)
		}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(content, object, true); err != nil {
			t.Fatal(err)
		}
		if namespace, _, _ := unstructured.NestedString(content, "metadata", "namespace"); namespace != "argocd" {
			t.Errorf("%s %s is in the namespace %q", kind, resource.GetName(), namespace)
		}
		return object
	}
	t.Fatalf("there is no %s %s", kind, prefix)
	return nil
}

func container(t *testing.T, pod corev1.PodSpec, name string) corev1.Container {
	t.Helper()
	at := slices.IndexFunc(pod.Containers, func(container corev1.Container) bool { return container.Name == name })
	if at < 0 {
		t.Fatalf("there is no container %s", name)
	}
	return pod.Containers[at]
}

func checkSecurity(t *testing.T, security *corev1.SecurityContext) {
	t.Helper()
	for name, holds := range map[string]bool{
		"the user is 999":           *security.RunAsUser == 999,
		"not root":                  *security.RunAsNonRoot,
		"a root that is read only":  *security.ReadOnlyRootFilesystem,
		"no escalation":             !*security.AllowPrivilegeEscalation,
		"not privileged":            security.Privileged == nil,
		"every capability dropped":  fmt.Sprint(security.Capabilities.Drop) == "[ALL]" && len(security.Capabilities.Add) == 0,
		"the runtime's own seccomp": security.SeccompProfile.Type == corev1.SeccompProfileTypeRuntimeDefault,
	} {
		if !holds {
			t.Errorf("%s: no", name)
		}
	}
}

func checkMounts(t *testing.T, pod corev1.PodSpec, sidecar corev1.Container, versioned bool) {
	t.Helper()
	expected := map[string]string{
		"/var/run/argocd":                 "var-files",
		"/home/argocd/cmp-server/plugins": "plugins",
		"/tmp":                            "kubectl-fleet-tmp",
	}
	if versioned {
		expected["/home/argocd/cmp-server/config/plugin.yaml"] = "kubectl-fleet-plugin"
	}
	if len(sidecar.VolumeMounts) != len(expected) {
		t.Errorf("%d mounts, not %d", len(sidecar.VolumeMounts), len(expected))
	}
	for _, mount := range sidecar.VolumeMounts {
		if expected[mount.MountPath] != mount.Name {
			t.Errorf("%s is mounted at %s", mount.Name, mount.MountPath)
		}
		at := slices.IndexFunc(pod.Volumes, func(volume corev1.Volume) bool { return volume.Name == mount.Name })
		if at < 0 {
			t.Errorf("there is no volume %s", mount.Name)
		} else if mount.MountPath == "/tmp" && (pod.Volumes[at].EmptyDir == nil || pod.Volumes[at].EmptyDir.SizeLimit.IsZero()) {
			t.Error("the sidecar's own /tmp has no limit")
		}
	}
	for _, other := range pod.Containers {
		for _, mount := range other.VolumeMounts {
			if other.Name != sidecar.Name && mount.Name == "kubectl-fleet-tmp" {
				t.Errorf("%s shares the sidecar's /tmp", other.Name)
			}
		}
	}
}

// checkPlugin finds the ConfigMap that the sidecar mounts, by its name with the hash.
func checkPlugin(t *testing.T, built resmap.ResMap, pod corev1.PodSpec) {
	t.Helper()
	at := slices.IndexFunc(pod.Volumes, func(volume corev1.Volume) bool { return volume.Name == "kubectl-fleet-plugin" })
	name := pod.Volumes[at].ConfigMap.Name
	if name == "kubectl-fleet-plugin" {
		t.Error("the name has no hash: a new plugin.yaml would not restart the sidecar")
	}
	written := find[corev1.ConfigMap](t, built, "ConfigMap", name).Data["plugin.yaml"]
	if printed := string(run(t, ".", "plugin", "--versioned")); written != printed {
		t.Errorf("plugin.yaml is\n%s\nnot\n%s", written, printed)
	}
}

// checkConfig compares the health checks of a ConfigMap with the output of `config`.
func checkConfig(t *testing.T, data map[string]string) {
	t.Helper()
	count := 0
	for key, script := range checks(t) {
		// kustomize removes the last line end of a patch.
		if count++; strings.TrimSpace(data[key]) != strings.TrimSpace(script) {
			t.Errorf("%s is %q", key, data[key])
		}
	}
	if count < 20 {
		t.Errorf("%d health checks", count)
	}
}

// checks returns the health checks by key.
func checks(t *testing.T) map[string]string {
	t.Helper()
	var of corev1.ConfigMap
	if err := yaml.UnmarshalStrict(run(t, ".", "config"), &of); err != nil {
		t.Fatal(err)
	}
	return of.Data
}

// TestValues verifies that the values for the chart have the same parts as the component.
func TestValues(t *testing.T) {
	var values struct {
		RepoServer struct {
			ExtraContainers []corev1.Container `json:"extraContainers"`
			Volumes         []corev1.Volume    `json:"volumes"`
		} `json:"repoServer"`
		Configs struct {
			CM  map[string]string `json:"cm"`
			CMP map[string]any    `json:"cmp"`
		} `json:"configs"`
	}
	if err := yaml.UnmarshalStrict(run(t, ".", "install", "-o", "helm", "--versioned"), &values); err != nil {
		t.Fatal(err)
	}
	// These two belong to the chart.
	volumes := append(values.RepoServer.Volumes, corev1.Volume{Name: "var-files"}, corev1.Volume{Name: "plugins"})
	pod := corev1.PodSpec{Containers: values.RepoServer.ExtraContainers, Volumes: volumes}
	sidecar := container(t, pod, "kubectl-fleet")
	checkSecurity(t, sidecar.SecurityContext)
	checkMounts(t, pod, sidecar, true)
	checkConfig(t, values.Configs.CM)
	if values.Configs.CMP["create"] != true {
		t.Error("the chart creates no plugin.yaml")
	}
}

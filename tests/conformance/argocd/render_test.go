package argocd

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	repoclient "github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/app/discovery"
	"github.com/argoproj/argo-cd/v3/util/cmp"
	"github.com/argoproj/argo-cd/v3/util/git"
	"k8s.io/apimachinery/pkg/api/resource"

	shared "kubectl-fleet.io/conformance/repository"
)

const (
	pluginName = "kubectl-fleet"
	// application and destination are the name and the target namespace of the Application. The name has the maximum length of a
	// label value.
	application = "a-fleet-whose-name-is-as-long-as-the-value-of-a-label-can-be-at"
	destination = "elsewhere"
	// deadline is the time that Argo CD's controller allows for a render.
	deadline = 60 * time.Second
)

type parameter = v1alpha1.ApplicationSourcePluginParameter

// text returns a string parameter, the most common form in Applications.
func text(name, value string) parameter {
	return parameter{Name: name, String_: &value}
}

// fleet is the directory of an Application in a checkout of its repository.
type fleet struct {
	repository string
	dir        string
}

func (f fleet) path() string { return filepath.Join(f.repository, f.dir) }

func (f fleet) source(parameters []parameter) *v1alpha1.ApplicationSource {
	return &v1alpha1.ApplicationSource{
		RepoURL:        "https://git.example.org/fleet.git",
		Path:           f.dir,
		TargetRevision: "main",
		Plugin:         &v1alpha1.ApplicationSourcePlugin{Name: pluginName, Parameters: parameters},
	}
}

// write creates a fleet in a subdirectory of its repository, so that the two paths differ.
func write(t *testing.T, files map[string]string) fleet {
	t.Helper()
	f := fleet{repository: t.TempDir(), dir: "a/fleet"}
	shared.Write(t, f.path(), files)
	return f
}

func (f fleet) write(t *testing.T, name, text string) {
	t.Helper()
	shared.Write(t, f.path(), map[string]string{name: text})
}

// render returns the manifests that the repo-server of Argo CD returns to the controller.
func render(f fleet, tracking v1alpha1.TrackingMethod, parameters ...parameter) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	return renderAs(ctx, f, pluginName, tracking, parameters...)
}

// renderAs renders with another plugin name or another deadline.
func renderAs(ctx context.Context, f fleet, name string, tracking v1alpha1.TrackingMethod, parameters ...parameter) ([]string, error) {
	source := f.source(parameters)
	source.Plugin.Name = name
	request := &repoclient.ManifestRequest{
		Repo:              &v1alpha1.Repository{Repo: source.RepoURL},
		AppName:           application,
		Namespace:         destination,
		ProjectName:       "default",
		ApplicationSource: source,
		KubeVersion:       "v1.34.0",
		ApiVersions:       []string{"cluster.x-k8s.io/v1beta2", "cluster.x-k8s.io/v1beta2/Cluster", "v1"},
		AppLabelKey:       common.LabelKeyAppInstance,
		TrackingMethod:    string(tracking),
	}
	const revision = "0123456789abcdef0123456789abcdef01234567"
	response, err := repository.GenerateManifests(ctx, f.path(), f.repository, revision, request, false,
		git.NoopCredsStore{}, resource.MustParse("0"), nil)
	switch {
	case err != nil && len(response.GetManifests()) > 0:
		return nil, fmt.Errorf("%d manifests in addition to an error: %w", len(response.GetManifests()), err)
	case err != nil:
		return nil, err
	case response.SourceType != string(v1alpha1.ApplicationSourceTypePlugin):
		return nil, fmt.Errorf("rendered as %s, and not by a plugin", response.SourceType)
	}
	return response.Manifests, nil
}

// rendered returns the manifests with the default tracking method.
func rendered(t *testing.T, f fleet, parameters ...parameter) []string {
	t.Helper()
	manifests, err := render(f, v1alpha1.TrackingMethodAnnotation, parameters...)
	if err != nil {
		t.Fatalf("%s: %v", f.path(), err)
	}
	return manifests
}

// rejected returns the error that Argo CD shows for a fleet.
func rejected(t *testing.T, f fleet, parameters ...parameter) string {
	t.Helper()
	manifests, err := render(f, v1alpha1.TrackingMethodAnnotation, parameters...)
	if err == nil {
		t.Fatalf("%s: rendered to %d manifests, expected an error", f.path(), len(manifests))
	}
	return err.Error()
}

// client connects to the plugin server like the repo-server; the callback gets the directory of the fleet.
func client[S cmp.StreamSender, R any](f fleet, parameters []parameter, ask func(context.Context, apiclient.ConfigManagementPluginServiceClient) (S, error), answer func(S) (R, error)) (R, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	var none R
	source := f.source(parameters)
	// These variables are all that the parameter announcement gets; a render gets more.
	environment := []string{
		"ARGOCD_APP_NAME=" + application,
		"ARGOCD_APP_SOURCE_REPO_URL=" + source.RepoURL,
		"ARGOCD_APP_SOURCE_PATH=" + source.Path,
		"ARGOCD_APP_SOURCE_TARGET_REVISION=" + source.TargetRevision,
	}
	given, err := source.Plugin.Parameters.Environ()
	if err != nil {
		return none, err
	}
	environment = append(environment, given...)
	connection, server, err := discovery.DetectConfigManagementPlugin(ctx, f.path(), f.repository, pluginName, environment, nil)
	if err != nil {
		return none, err
	}
	defer connection.Close()
	stream, err := ask(ctx, server)
	if err != nil {
		return none, err
	}
	if err := cmp.SendRepoStream(ctx, f.path(), f.repository, stream, environment, nil); err != nil {
		return none, err
	}
	return answer(stream)
}

// pluginOutput returns the strings that the plugin server returns.
func pluginOutput(f fleet, parameters ...parameter) ([]string, error) {
	type stream = apiclient.ConfigManagementPluginService_GenerateManifestClient
	response, err := client(f, parameters, func(ctx context.Context, server apiclient.ConfigManagementPluginServiceClient) (stream, error) {
		return server.GenerateManifest(ctx)
	}, stream.CloseAndRecv)
	return response.GetManifests(), err
}

// announced returns the parameters that the Argo CD UI shows.
func announced(f fleet, parameters ...parameter) ([]*repoclient.ParameterAnnouncement, error) {
	type stream = apiclient.ConfigManagementPluginService_GetParametersAnnouncementClient
	response, err := client(f, parameters, func(ctx context.Context, server apiclient.ConfigManagementPluginServiceClient) (stream, error) {
		return server.GetParametersAnnouncement(ctx)
	}, stream.CloseAndRecv)
	return response.GetParameterAnnouncements(), err
}

// execute runs the binary in a fleet's directory, without Argo CD.
func execute(t *testing.T, f fleet, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	result := shared.Run(t, f.path(), args...)
	return result.Stdout, result.Stderr, result.Code
}

// printed returns the lines of `kubectl-fleet generate -o json`.
func printed(t *testing.T, f fleet, args ...string) []string {
	t.Helper()
	stdout, stderr, code := execute(t, f, append([]string{"generate", "-o", "json"}, args...)...)
	if code != 0 {
		t.Fatalf("%s: exit %d\n%s", f.path(), code, stderr)
	}
	lines := slices.Collect(strings.Lines(stdout))
	for index, line := range lines {
		lines[index] = strings.TrimSuffix(line, "\n")
	}
	return lines
}

package argocd

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/cmpserver/plugin"
	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

// troubles returns the messages of the troubleshooting table in the documentation; `…` matches any string.
func troubles(t *testing.T) []*regexp.Regexp {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs/how-to/troubleshoot-argocd.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "\n| message or symptom |")
	if !found {
		t.Fatal("the documentation has no troubleshooting table")
	}
	var messages []*regexp.Regexp
	for line := range strings.Lines(table) {
		if rest, found := strings.CutPrefix(line, "| `"); found {
			message, _, _ := strings.Cut(rest, "`")
			parts := strings.Split(message, "…")
			for index, part := range parts {
				parts[index] = regexp.QuoteMeta(part)
			}
			messages = append(messages, regexp.MustCompile("(?s)"+strings.Join(parts, ".*")))
		}
	}
	return messages
}

// documented verifies that the table contains the message of Argo CD.
func documented(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Error("the table does not document this error")
		return
	}
	for _, message := range troubles(t) {
		if message.MatchString(err.Error()) {
			return
		}
	}
	t.Errorf("the documentation does not contain: %v", err)
}

// TestUnknownPlugin renders with the name of a plugin that is not installed.
func TestUnknownPlugin(t *testing.T) {
	_, err := renderAs(context.Background(), eks(t, 1, 1), pluginName+"-v0.0.0", v1alpha1.TrackingMethodAnnotation)
	documented(t, err)
}

// TestDeadline stops a render while the binary runs: no manifests are returned, and the message is that of Argo CD.
func TestDeadline(t *testing.T) {
	f := eks(t, 100_000, 1)
	f.write(t, "fleet.yaml", eksFile+"safety: {budgets: {output: 1GiB}}\n")
	var last error
	// The time until the binary starts depends on the machine.
	for patience := 150 * time.Millisecond; patience < 5*time.Second; patience += 50 * time.Millisecond {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		manifests, err := renderAs(ctx, f, pluginName, v1alpha1.TrackingMethodAnnotation)
		cancel()
		if len(manifests) > 0 || err == nil {
			t.Fatalf("%d manifests after %s, last error %v", len(manifests), patience, last)
		}
		if last = err; strings.Contains(err.Error(), "killed") {
			documented(t, err)
			return
		}
	}
	t.Errorf("the binary was never killed: %v", last)
}

// TestLimit renders more than the message limit of gRPC, which is reduced here.
func TestLimit(t *testing.T) {
	f := eks(t, 10, 1)
	defer func(most int) { apiclient.MaxGRPCMessageSize = most }(apiclient.MaxGRPCMessageSize)
	apiclient.MaxGRPCMessageSize = 1_000
	_, err := render(f, v1alpha1.TrackingMethodAnnotation)
	documented(t, err)
}

// TestErrorsAreDocumented verifies that the documentation has the binary's messages for common errors.
func TestErrorsAreDocumented(t *testing.T) {
	f := withCells(t)
	for _, given := range [][]parameter{nil, {text("cell", "mars")}, {text("cell", "eu"), text("locked", "true")}} {
		_, err := render(f, v1alpha1.TrackingMethodAnnotation, given...)
		documented(t, err)
	}
}

// TestVersionedName reads the versioned plugin.yaml like the plugin server. Argo CD finds a plugin by the name of its socket,
// which must be the name in the generated Applications.
func TestVersionedName(t *testing.T) {
	f := eks(t, 1, 1)
	config, stderr, code := execute(t, f, "argocd", "plugin", "--versioned")
	if code != 0 {
		t.Fatal(stderr)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, common.PluginConfigFileName), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	read, err := plugin.ReadPluginConfig(dir)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(read.Address()), ".sock")
	apps, stderr, code := execute(t, f, "argocd", "apps", "--versioned", "--path", "fleet", "--repo", "https://git.example.org/a.git")
	if code != 0 || name == pluginName || !strings.Contains(apps, "      name: "+name+"\n") {
		t.Errorf("the plugin server listens as %s, but the Applications are\n%s%s", name, apps, stderr)
	}
}

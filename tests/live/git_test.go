package live

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

// repo is a Git repository with a fleet, which Argo CD reads through file://.
type repo struct {
	directory string
	s         *server
	// apps are the Applications that read the repository.
	apps []string
}

// newRepo creates a repository from a directory of tests/live.
func newRepo(t *testing.T, s *server, fleet string) *repo {
	t.Helper()
	r := &repo{directory: filepath.Join(t.TempDir(), "fleet.git"), s: s}
	if err := os.CopyFS(r.directory, os.DirFS(fleet)); err != nil {
		t.Fatal(err)
	}
	runCommand(t, "git", "init", "-q", "-b", "main", r.directory)
	return r
}

func (r *repo) url() string { return "file://" + r.directory }

// deployTo makes Argo CD sync the repository through an Application, as `kubectl fleet argocd apps` prints it.
func (r *repo) deployTo(t *testing.T, app string) {
	t.Helper()
	r.s.apply(t, repository.Print(t, r.directory, "argocd", "apps", "--repo", r.url(), "--name", app, "--automated", "."))
	r.apps = append(r.apps, app)
}

// edit replaces a string, which must occur once, in a file.
func (r *repo) edit(t *testing.T, file, before, after string) {
	t.Helper()
	path := filepath.Join(r.directory, file)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if count := strings.Count(string(text), before); count != 1 {
		t.Fatalf("%s contains %q %d times, expected once", file, before, count)
	}
	repository.Write(t, r.directory, map[string]string{file: strings.Replace(string(text), before, after, 1)})
}

// commit commits all changes, makes Argo CD read them, and returns the revision.
func (r *repo) commit(t *testing.T, message string) string {
	t.Helper()
	git := func(arguments ...string) string {
		settings := []string{"-c", "user.name=live", "-c", "user.email=live@example.org", "-c", "commit.gpgsign=false"}
		return strings.TrimSpace(string(runIn(t, r.directory, "git", append(settings, arguments...)...)))
	}
	git("add", "-A")
	git("commit", "-q", "-m", message)
	for _, name := range r.apps {
		r.s.refresh(t, name)
	}
	t.Logf("         commit: %s", message)
	return git("rev-parse", "HEAD")
}

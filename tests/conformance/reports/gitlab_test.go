package reports

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// issue is what GitLab requires of an issue of a Code Quality report: the properties that its documentation lists
// (doc/ci/testing/code_quality.md, “Code Quality report format”), and no other.
type issue struct {
	Description string `json:"description"`
	CheckName   string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// severities are the severities that GitLab knows.
var severities = []string{"info", "minor", "major", "critical", "blocker"}

// TestGitLab reads Code Quality reports, and rejects what GitLab would ignore.
func TestGitLab(t *testing.T) {
	each(t, "gitlab", func(t *testing.T, printed string, expected []finding) {
		decoder := json.NewDecoder(strings.NewReader(printed))
		decoder.DisallowUnknownFields()
		var issues []issue
		if err := decoder.Decode(&issues); err != nil || issues == nil {
			t.Fatalf("%v: %v", issues, err)
		}
		fingerprints := map[string]bool{}
		var found []finding
		for _, issue := range issues {
			path := issue.Location.Path
			switch {
			case issue.Description == "" || issue.CheckName == "":
				t.Errorf("%+v is incomplete", issue)
			case !slices.Contains(severities, issue.Severity):
				t.Errorf("severity %q", issue.Severity)
			case fingerprints[issue.Fingerprint] || issue.Fingerprint == "":
				t.Errorf("fingerprint %q of %+v", issue.Fingerprint, issue)
			case filepath.IsAbs(path) || strings.HasPrefix(path, "./") || issue.Location.Lines.Begin < 1:
				t.Errorf("location of %+v", issue)
			}
			fingerprints[issue.Fingerprint] = true
			found = append(found, finding{issue.CheckName, unescape(path), issue.Severity == "critical", issue.Location.Lines.Begin})
		}
		compare(t, found, expected)
	})
}

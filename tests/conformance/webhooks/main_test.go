package webhooks

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"kubectl-fleet.io/conformance/repository"
)

// refusals returns the codes of the errors for each file of a fleet.
func refusals(t *testing.T, dir string) map[string][]string {
	t.Helper()
	result := repository.Run(t, dir, "validate", "-o", "json")
	if result.Code > 1 {
		t.Fatalf("exit %d\n%s", result.Code, result.Stderr)
	}
	var report struct {
		Messages []struct {
			Severity, Code, File string
		}
	}
	if err := json.Unmarshal([]byte(result.Stdout), &report); err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, message := range report.Messages {
		if message.Severity == "error" {
			found[message.File] = append(found[message.File], message.Code)
		}
	}
	return found
}

// causes returns the parts of a webhook's rejection, each with a field without list indices, and its error.
func causes(refused error) (all []string) {
	var status apierrors.APIStatus
	if !errors.As(refused, &status) || status.Status().Details == nil || len(status.Status().Details.Causes) == 0 {
		return []string{refused.Error()}
	}
	for _, cause := range status.Status().Details.Causes {
		all = append(all, bare(cause.Field)+": "+value.ReplaceAllString(cause.Message, "$1"))
	}
	return all
}

// value matches the invalid value in a message.
var value = regexp.MustCompile(`^((?:Invalid|Unsupported|Duplicate) value: )(?:"(?:[^"\\]|\\.)*"|.*?\}|[^ ]*): ?`)

func bare(field string) string {
	for {
		before, rest, found := strings.Cut(field, "[")
		_, behind, closed := strings.Cut(rest, "]")
		if !found || !closed {
			return field
		}
		field = before + behind
	}
}

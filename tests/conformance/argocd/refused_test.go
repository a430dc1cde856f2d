package argocd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// mostBytes is how much of kubectl-fleet the status of an Application must hold.
const mostBytes = 4 << 10

// ours returns what the binary says in an error of Argo CD, and its exit code.
func ours(message string) (said string, code int, err error) {
	const failed = "` failed exit status "
	at := strings.Index(message, failed)
	if at < 0 {
		return "", 0, fmt.Errorf("no exit of the plugin in: %s", message)
	}
	number, said, found := strings.Cut(message[at+len(failed):], ": ")
	if _, err := fmt.Sscan(number, &code); err != nil || !found {
		return "", 0, fmt.Errorf("no message of the plugin in: %s", message)
	}
	return said, code, nil
}

// shown reports what is wrong with an error of Argo CD: how the plugin ended, how its message begins, and whether it is fit
// to be shown.
func shown(message string, wantCode int, first string) error {
	said, code, err := ours(message)
	if err != nil {
		return err
	}
	var problems []error
	if code != wantCode {
		problems = append(problems, fmt.Errorf("exit status %d, not %d", code, wantCode))
	}
	if !regexp.MustCompile("^(?:" + first + ")").MatchString(said) {
		problems = append(problems, fmt.Errorf("the message does not begin with %s", first))
	}
	if len(said) > mostBytes {
		problems = append(problems, fmt.Errorf("%d bytes, and at most %d fit into a status", len(said), mostBytes))
	}
	if at := strings.IndexFunc(said, func(c rune) bool { return c != '\n' && unicode.IsControl(c) }); at >= 0 {
		problems = append(problems, fmt.Errorf("a control character: %q", said[at:min(at+40, len(said))]))
	}
	if problems != nil {
		return fmt.Errorf("%w\nin: %s", errors.Join(problems...), said)
	}
	return nil
}

// told checks an error of Argo CD.
func told(t *testing.T, message string, code int, first string) {
	t.Helper()
	if err := shown(message, code, first); err != nil {
		t.Error(err)
	}
}

var (
	golden = regexp.MustCompile(`^exit: (\d+)\n`)
	title  = regexp.MustCompile(`(?m)^error\[([a-z-]+)\]: .*\n(?: *--> (.+:\d+:\d+)$)?`)
)

// TestRefusals renders every invalid fleet of the repository. Argo CD shows the code, the location and the message of the first
// error in one line, and after it the other messages of the binary.
func TestRefusals(t *testing.T) {
	all := fleets(t, "testdata/err/*/in")
	for _, f := range all {
		text, err := os.ReadFile(filepath.Join(f.repository, "err.txt"))
		if err != nil {
			t.Fatal(err)
		}
		exit, wanted := golden.FindStringSubmatch(string(text)), title.FindStringSubmatch(string(text))
		if exit == nil || wanted == nil {
			t.Fatalf("%s: neither an exit code nor an error in %s", f.path(), text)
		}
		first := `error\[` + wanted[1] + `\]: `
		if wanted[2] != "" {
			first += regexp.QuoteMeta(wanted[2]) + ": "
		}
		message := refused(t, f)
		code, err := strconv.Atoi(exit[1])
		if err == nil {
			err = shown(message, code, first)
		}
		if err != nil {
			t.Errorf("%s: %v", f.path(), err)
		}
		_, stderr, _ := execute(t, f, "generate", ".", "--argocd")
		if said, _, _ := ours(message); said != strings.TrimSpace(stderr) {
			t.Errorf("%s: Argo CD shows\n%s\nof\n%s", f.path(), said, stderr)
		}
	}
	t.Logf("%d fleets", len(all))
}

// TestManyMistakes renders a fleet whose error messages exceed the size of a status.
func TestManyMistakes(t *testing.T) {
	const mistakes = 2_000
	var users strings.Builder
	for user := range mistakes {
		fmt.Fprintf(&users, "user-%d: {type: prodution}\n", user)
	}
	f := write(t, map[string]string{
		"fleet.yaml": "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: users.yaml\n  fields: {type: {enum: [staging, production]}}\n" +
			"templates: [{file: builtin:eks}]\n",
		"users.yaml": users.String(),
	})
	message := refused(t, f)
	told(t, message, 3, fmt.Sprintf(`error\[invalid-field\]: users.yaml:1:16: .* \(and %d more errors\)\n`, mistakes-1))
}

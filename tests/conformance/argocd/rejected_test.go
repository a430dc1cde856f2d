package argocd

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	shared "kubectl-fleet.io/conformance/repository"
)

// mostBytes is the maximum number of bytes of kubectl-fleet in the status of an Application.
const mostBytes = 4 << 10

// binaryOutput returns the output of the binary in an error of Argo CD, and its exit code.
func binaryOutput(message string) (settings string, code int, err error) {
	const failed = "` failed exit status "
	at := strings.Index(message, failed)
	if at < 0 {
		return "", 0, fmt.Errorf("no exit of the plugin in: %s", message)
	}
	number, settings, found := strings.Cut(message[at+len(failed):], ": ")
	if _, err := fmt.Sscan(number, &code); err != nil || !found {
		return "", 0, fmt.Errorf("no message of the plugin in: %s", message)
	}
	return settings, code, nil
}

// shown reports what is unexpected in an error of Argo CD: the exit code of the plugin, the start of its message, or unprintable
// characters.
func shown(message string, wantCode int, first string) error {
	settings, code, err := binaryOutput(message)
	if err != nil {
		return err
	}
	var problems []error
	if code != wantCode {
		problems = append(problems, fmt.Errorf("exit status %d, not %d", code, wantCode))
	}
	if !regexp.MustCompile("^(?:" + first + ")").MatchString(settings) {
		problems = append(problems, fmt.Errorf("the message does not begin with %s", first))
	}
	if len(settings) > mostBytes {
		problems = append(problems, fmt.Errorf("%d bytes, and at most %d fit into a status", len(settings), mostBytes))
	}
	if at := strings.IndexFunc(settings, func(c rune) bool { return c != '\n' && unicode.IsControl(c) }); at >= 0 {
		problems = append(problems, fmt.Errorf("a control character: %q", settings[at:min(at+40, len(settings))]))
	}
	if problems != nil {
		return fmt.Errorf("%w\nin: %s", errors.Join(problems...), settings)
	}
	return nil
}

// checkError checks an error of Argo CD.
func checkError(t *testing.T, message string, code int, first string) {
	t.Helper()
	if err := shown(message, code, first); err != nil {
		t.Error(err)
	}
}

var (
	golden = regexp.MustCompile(`^exit: (\d+)\n`)
	title  = regexp.MustCompile(`(?m)^error\[([a-z-]+)\]: .*\n(?: *--> (.+:\d+:\d+)$)?`)
)

// TestRejections renders every invalid fleet of the repository. Argo CD shows the code, the location and the message of the first
// error in one line, and after it the other messages of the binary.
func TestRejections(t *testing.T) {
	all := fleets(t, "testdata/err/*/in")
	for _, f := range all {
		wanted, err := os.ReadFile(filepath.Join(f.repository, "err.txt"))
		if err != nil {
			t.Fatal(err)
		}
		exit, expected := golden.FindStringSubmatch(string(wanted)), title.FindStringSubmatch(string(wanted))
		if exit == nil || expected == nil {
			t.Fatalf("%s: neither an exit code nor an error in %s", f.path(), wanted)
		}
		first := `error\[` + expected[1] + `\]: `
		if expected[2] != "" {
			first += regexp.QuoteMeta(expected[2]) + ": "
		}
		message := rejected(t, f)
		command := shared.Command(f.path(), "generate", ".", "--argocd")
		// The parameter for the cell is an error before the objects are.
		if expected[1] != "missing-parameter" && strings.Contains(message, "error[missing-parameter]: ") {
			// An error about objects prevents the announcement of cells, but every fleet has this one.
			cell := text("cell", "@fleet")
			if _, err := announced(f); err == nil {
				cells := cellsOf(t, f)
				cell = text("cell", cells[len(cells)-1])
			}
			message = rejected(t, f, cell)
			given, err := json.Marshal([]parameter{cell})
			if err != nil {
				t.Fatal(err)
			}
			command.Env = []string{"ARGOCD_APP_PARAMETERS=" + string(given)}
		}
		code, err := strconv.Atoi(exit[1])
		if err == nil {
			err = shown(message, code, first)
		}
		if err != nil {
			t.Errorf("%s: %v", f.path(), err)
		}
		stderr := shared.RunCommand(t, command).Stderr
		if settings, _, _ := binaryOutput(message); settings != strings.TrimSpace(stderr) {
			t.Errorf("%s: Argo CD shows\n%s\nfor\n%s", f.path(), settings, stderr)
		}
	}
	t.Logf("%d fleets", len(all))
}

// TestManyErrors renders a fleet whose error messages exceed the size of a status.
func TestManyErrors(t *testing.T) {
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
	message := rejected(t, f)
	checkError(t, message, 3, fmt.Sprintf(`error\[invalid-field\]: users.yaml:1:16: .* \(and %d more errors\)\n`, mistakes-1))
}

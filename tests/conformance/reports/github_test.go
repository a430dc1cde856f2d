package reports

import (
	"strconv"
	"strings"
	"testing"
)

// command is a command as the runner of GitHub reads it: `TryParseV2` in src/Runner.Common/ActionCommand.cs of actions/runner.
type command struct {
	name, data string
	properties map[string]string
}

// parse reads a line of the log. A line that is no command is not searched for the older form `##[name]`, which can be anywhere
// in it: the test rejects it.
func parse(line string) (command, bool) {
	line = strings.TrimLeft(line, " ")
	rest, ok := strings.CutPrefix(line, "::")
	if !ok {
		return command{}, false
	}
	info, data, ok := strings.Cut(rest, "::")
	if !ok {
		return command{}, false
	}
	name, list, _ := strings.Cut(info, " ")
	properties := map[string]string{}
	for _, property := range strings.Split(strings.TrimSpace(list), ",") {
		if key, value, ok := strings.Cut(property, "="); ok && value != "" {
			properties[key] = replaced(value, "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
		}
	}
	return command{name, replaced(data, "%0D", "\r", "%0A", "\n", "%25", "%"), properties}, true
}

// replaced replaces strings one after the other, as the runner does.
func replaced(text string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

// TestGitHub reads commands as the runner does.
func TestGitHub(t *testing.T) {
	each(t, "github", func(t *testing.T, printed string, expected []finding) {
		var found []finding
		for line := range strings.Lines(printed) {
			command, ok := parse(strings.TrimSuffix(line, "\n"))
			if !ok {
				t.Errorf("%q is no command", line)
				continue
			}
			switch command.name {
			case "notice":
				continue
			case "error", "warning":
			default:
				t.Errorf("%q is an unexpected command", line)
			}
			number := 0
			if text := command.properties["line"]; text != "" {
				var err error
				if number, err = strconv.Atoi(text); err != nil {
					t.Error(err)
				}
			}
			if command.data == "" {
				t.Errorf("%q has no message", line)
			}
			path := unescape(command.properties["file"])
			found = append(found, finding{command.properties["title"], path, command.name == "error", number})
		}
		compare(t, found, expected)
	})
}

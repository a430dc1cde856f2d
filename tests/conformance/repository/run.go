package repository

import (
	"bytes"
	"errors"
	"os/exec"
	"testing"
)

// Result is the end of a run.
type Result struct {
	Stdout, Stderr string
	Code           int
}

// Command returns the command that runs the binary in a directory, with an empty environment.
func Command(directory string, arguments ...string) *exec.Cmd {
	command := exec.Command(Binary(), arguments...)
	command.Dir, command.Env = directory, []string{}
	return command
}

// RunCommand runs a command to its end.
func RunCommand(t testing.TB, command *exec.Cmd) Result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %v", command.Args, err)
	}
	return Result{stdout.String(), stderr.String(), command.ProcessState.ExitCode()}
}

// Run runs the binary in a directory.
func Run(t testing.TB, directory string, arguments ...string) Result {
	t.Helper()
	return RunCommand(t, Command(directory, arguments...))
}

// Print runs the binary in a directory, and returns its output. The test fails if the run does.
func Print(t testing.TB, directory string, arguments ...string) []byte {
	t.Helper()
	result := Run(t, directory, arguments...)
	if result.Code != 0 {
		t.Fatalf("%s: %v: exit %d\n%.4000s", directory, arguments, result.Code, result.Stderr)
	}
	return []byte(result.Stdout)
}

//go:build linux

package image

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"kubectl-fleet.io/conformance/repository"
)

const (
	// built is the path of the program after the first stage of the Dockerfile.
	built = "/src/target/release/kubectl-fleet"
	// configuration is the path where the plugin server of Argo CD expects the plugin.
	configuration = "/home/argocd/cmp-server/config/plugin.yaml"
	// fleetDir is the path of the fleet in the image, relative to its root.
	fleetDir = "fleet"
)

// instruction is a line of a Dockerfile.
type instruction struct {
	name      string
	arguments []string
}

// lastStage returns the instructions of the stage that becomes the image.
func lastStage(t *testing.T) []instruction {
	t.Helper()
	text := strings.ReplaceAll(read(t, "Dockerfile"), "\\\n", " ")
	var stage []instruction
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if words[0] == "FROM" {
			stage = nil
		}
		stage = append(stage, instruction{words[0], words[1:]})
	}
	return stage
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository.Root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// layOut returns a directory with the files that the Dockerfile copies into the image.
func layOut(t *testing.T) string {
	t.Helper()
	image := t.TempDir()
	for _, line := range lastStage(t) {
		switch line.name {
		case "COPY":
			from, to := copied(t, line)
			location(t, from, filepath.Join(image, to))
		case "WORKDIR":
			if err := os.MkdirAll(filepath.Join(image, line.arguments[0]), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	return image
}

// copied returns the source and the destination of a COPY instruction.
func copied(t *testing.T, line instruction) (from, to string) {
	t.Helper()
	arguments := line.arguments
	fromStage := arguments[0] == "--from=build"
	if fromStage {
		arguments = arguments[1:]
	}
	if len(arguments) != 2 || strings.HasPrefix(arguments[0], "-") || !filepath.IsAbs(arguments[1]) {
		t.Fatalf("this test does not support this COPY: %v", line.arguments)
	}
	switch from, to = arguments[0], arguments[1]; {
	case !fromStage:
		return filepath.Join(repository.Root, from), to
	case from == built:
		return binary, to
	default:
		t.Fatalf("%s is not the output of the build", from)
	}
	return
}

// place copies a file with its mode.
func location(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, info.Mode())); err != nil {
		t.Fatal(err)
	}
}

// plugin contains the commands that the plugin server of Argo CD runs.
type plugin struct {
	Spec struct {
		Generate   command
		Parameters struct{ Dynamic command }
	}
}

type command struct{ Command, Args []string }

// commands returns the commands of plugin.yaml in the image.
func commands(t *testing.T, image string) (generate, parameters []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(image, configuration))
	if err != nil {
		t.Fatal(err)
	}
	var p plugin
	if err := yaml.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	generate, parameters = slices.Concat(p.Spec.Generate.Command, p.Spec.Generate.Args),
		slices.Concat(p.Spec.Parameters.Dynamic.Command, p.Spec.Parameters.Dynamic.Args)
	if len(generate) == 0 || len(parameters) == 0 {
		t.Fatalf("plugin.yaml runs %q and %q", generate, parameters)
	}
	return generate, parameters
}

// entrypoint returns the program that the image starts.
func entrypoint(t *testing.T) []string {
	t.Helper()
	var words []string
	for _, line := range lastStage(t) {
		if line.name == "ENTRYPOINT" {
			if err := json.Unmarshal([]byte(strings.Join(line.arguments, " ")), &words); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(words) == 0 {
		t.Fatal("the image has no entry point")
	}
	return words
}

// TestDockerfile verifies that the image contains only files of kubectl-fleet, and the program that plugin.yaml runs.
func TestDockerfile(t *testing.T) {
	arguments := map[string][]string{}
	for _, line := range lastStage(t) {
		arguments[line.name] = append(arguments[line.name], strings.Join(line.arguments, " "))
	}
	for name, expected := range map[string]string{"FROM": "scratch", "USER": fmt.Sprint(user), "WORKDIR": "/" + fleetDir} {
		if !slices.Equal(arguments[name], []string{expected}) {
			t.Errorf("%s is %q, expected %s", name, arguments[name], expected)
		}
	}
	for name := range arguments {
		if !slices.Contains([]string{"FROM", "LABEL", "COPY", "USER", "WORKDIR", "ENTRYPOINT", "CMD"}, name) {
			t.Errorf("%s: this test does not support the instruction", name)
		}
	}
	image := layOut(t)
	var files []string
	err := filepath.WalkDir(image, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, strings.TrimPrefix(path, image))
		}
		return err
	})
	generate, parameters := commands(t, image)
	program := generate[0]
	if expected := []string{"/LICENSE", configuration, program}; err != nil || !slices.Equal(files, expected) {
		t.Errorf("the image contains %q, expected %q: %v", files, expected, err)
	}
	if parameters[0] != program || !slices.Equal(entrypoint(t), []string{program}) {
		t.Errorf("%s, %s and %s are not the same program", program, parameters[0], entrypoint(t))
	}
}

// admitted returns the files and directories that .dockerignore includes.
func admitted(t *testing.T) []string {
	t.Helper()
	var names []string
	for line := range strings.Lines(read(t, ".dockerignore")) {
		line = strings.TrimSpace(line)
		if line == "" || line == "*" || strings.HasPrefix(line, "#") {
			continue
		}
		name, found := strings.CutPrefix(line, "!")
		if !found || strings.ContainsAny(name, "*?[") {
			t.Fatalf("this test does not support %s in .dockerignore", line)
		}
		names = append(names, name)
	}
	return names
}

// checkout copies entries of the repository's root: the files that Git tracks, with their current contents.
func checkout(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	list := exec.Command("git", append([]string{"-C", repository.Root, "ls-files", "-z", "--"}, names...)...)
	got := repository.RunCommand(t, list)
	if got.Code != 0 {
		t.Fatalf("%v: %s", list.Args, got.Stderr)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(got.Stdout, "\x00"), "\x00") {
		location(t, filepath.Join(repository.Root, name), filepath.Join(dir, name))
	}
	return dir
}

// check compiles a directory like the Dockerfile, but without code generation, which is enough to detect a missing file. It
// reuses the results of the lints.
func check(t *testing.T, dir string) repository.Result {
	t.Helper()
	var known struct {
		Target string `json:"target_directory"`
	}
	metadata := cargo(t, repository.Root, "metadata", "--no-deps", "--locked", "--offline", "--format-version", "1")
	if err := json.Unmarshal([]byte(metadata.Stdout), &known); err != nil {
		t.Fatalf("%v: %s", err, metadata.Stderr)
	}
	return cargo(t, dir, "check", "--locked", "--offline", "--no-default-features", "--bin", "kubectl-fleet", "--target-dir", known.Target)
}

func cargo(t *testing.T, dir string, arguments ...string) repository.Result {
	t.Helper()
	command := exec.Command("cargo", arguments...)
	command.Dir = dir
	return repository.RunCommand(t, command)
}

// TestBuildContext builds with the files that .dockerignore includes, and verifies that the build needs all of them.
func TestBuildContext(t *testing.T) {
	names := admitted(t)
	context := checkout(t, names...)
	needed := []string{".cargo"}
	for _, line := range lastStage(t) {
		if line.name == "COPY" && line.arguments[0] != "--from=build" {
			needed = append(needed, line.arguments[0])
		}
	}
	for _, name := range needed {
		if _, err := os.Stat(filepath.Join(context, name)); err != nil {
			t.Errorf(".dockerignore excludes %s", name)
		}
	}
	for at, name := range names {
		others := slices.Delete(slices.Clone(names), at, at+1)
		if !slices.Contains(needed, name) && check(t, checkout(t, others...)).Code == 0 {
			t.Errorf(".dockerignore includes %s, which the build does not need", name)
		}
	}
	if got := check(t, context); got.Code != 0 {
		t.Errorf("the files that .dockerignore includes do not build: %s", got.Stderr)
	}
}

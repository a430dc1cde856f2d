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
	// built is where the first stage of the Dockerfile leaves the program.
	built = "/src/target/release/kubectl-fleet"
	// configuration is where Argo CD's plugin server looks for the plugin.
	configuration = "/home/argocd/cmp-server/config/plugin.yaml"
	// fleetFolder is where the image expects a fleet, seen from its root.
	fleetFolder = "fleet"
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

// layOut returns a directory with the files of the image, as the Dockerfile says.
func layOut(t *testing.T) string {
	t.Helper()
	image := t.TempDir()
	for _, line := range lastStage(t) {
		switch line.name {
		case "COPY":
			from, to := copied(t, line)
			place(t, from, filepath.Join(image, to))
		case "WORKDIR":
			if err := os.MkdirAll(filepath.Join(image, line.arguments[0]), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	return image
}

// copied returns what a COPY takes, here, and where it puts it.
func copied(t *testing.T, line instruction) (from, to string) {
	t.Helper()
	arguments := line.arguments
	fromStage := arguments[0] == "--from=build"
	if fromStage {
		arguments = arguments[1:]
	}
	if len(arguments) != 2 || strings.HasPrefix(arguments[0], "-") || !filepath.IsAbs(arguments[1]) {
		t.Fatalf("this test knows no such COPY: %v", line.arguments)
	}
	switch from, to = arguments[0], arguments[1]; {
	case !fromStage:
		return filepath.Join(repository.Root, from), to
	case from == built:
		return binary, to
	default:
		t.Fatalf("%s is not what the build leaves", from)
	}
	return
}

// place copies a file with its mode.
func place(t *testing.T, from, to string) {
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

// plugin holds the commands that Argo CD's plugin server runs.
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
	said := map[string][]string{}
	for _, line := range lastStage(t) {
		said[line.name] = append(said[line.name], strings.Join(line.arguments, " "))
	}
	for name, wanted := range map[string]string{"FROM": "scratch", "USER": fmt.Sprint(user), "WORKDIR": "/" + fleetFolder} {
		if !slices.Equal(said[name], []string{wanted}) {
			t.Errorf("%s is %q, and should be %s", name, said[name], wanted)
		}
	}
	for name := range said {
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
	if wanted := []string{"/LICENSE", configuration, program}; err != nil || !slices.Equal(files, wanted) {
		t.Errorf("the image contains %q, expected %q: %v", files, wanted, err)
	}
	if parameters[0] != program || !slices.Equal(entrypoint(t), []string{program}) {
		t.Errorf("%s, %s and %s are not one program", program, parameters[0], entrypoint(t))
	}
}

// admitted returns the entries of the repository's root that .dockerignore lets through.
func admitted(t *testing.T) []string {
	t.Helper()
	var names []string
	for line := range strings.Lines(read(t, ".dockerignore")) {
		line = strings.TrimSpace(line)
		if line == "" || line == "*" || strings.HasPrefix(line, "#") {
			continue
		}
		name, found := strings.CutPrefix(line, "!")
		if !found || strings.ContainsAny(name, "*?[/") {
			t.Fatalf("this test does not support %s in .dockerignore", line)
		}
		names = append(names, name)
	}
	return names
}

// checkout copies entries of the repository's root as Git has them: the files it knows, as they are now.
func checkout(t *testing.T, names ...string) string {
	t.Helper()
	folder := t.TempDir()
	list := exec.Command("git", append([]string{"-C", repository.Root, "ls-files", "-z", "--"}, names...)...)
	got := repository.RunCommand(t, list)
	if got.Code != 0 {
		t.Fatalf("%v: %s", list.Args, got.Stderr)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(got.Stdout, "\x00"), "\x00") {
		place(t, filepath.Join(repository.Root, name), filepath.Join(folder, name))
	}
	return folder
}

// check compiles what is in a directory as the Dockerfile does, but for the machine code: a file that is missing is missed
// before. It goes on from where the lints left off.
func check(t *testing.T, folder string) repository.Result {
	t.Helper()
	var known struct {
		Target string `json:"target_directory"`
	}
	metadata := cargo(t, repository.Root, "metadata", "--no-deps", "--locked", "--offline", "--format-version", "1")
	if err := json.Unmarshal([]byte(metadata.Stdout), &known); err != nil {
		t.Fatalf("%v: %s", err, metadata.Stderr)
	}
	return cargo(t, folder, "check", "--locked", "--offline", "--bin", "kubectl-fleet", "--target-dir", known.Target)
}

func cargo(t *testing.T, folder string, arguments ...string) repository.Result {
	t.Helper()
	command := exec.Command("cargo", arguments...)
	command.Dir = folder
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
			t.Errorf(".dockerignore keeps back %s", name)
		}
	}
	for at, name := range names {
		others := slices.Delete(slices.Clone(names), at, at+1)
		if !slices.Contains(needed, name) && check(t, checkout(t, others...)).Code == 0 {
			t.Errorf(".dockerignore includes %s, which the build does not need", name)
		}
	}
	if got := check(t, context); got.Code != 0 {
		t.Errorf("the files that .dockerignore lets through do not build: %s", got.Stderr)
	}
}

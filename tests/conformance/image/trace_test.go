//go:build linux

package image

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

// outside are paths that a run can read outside the fleet. None of them exists in the image, whose output is the same.
var outside = regexp.MustCompile(`^(` + strings.Join([]string{
	// The start of a static C library: the location of the program, and the maximum size of its stack.
	`/proc/self/exe`, `/proc/self/maps`,
	// The regular expression engine keeps a cache for each possible thread, and reads the number of processors.
	`/proc/self/cgroup`, `/proc/self/mountinfo`, `/sys/fs/cgroup/.*`,
}, "|") + `)$`)

// The system calls that a run can make. All others are errors.
var (
	// System calls on the process itself: its memory, signals, exit, and the seed of its hash maps.
	own = words(`brk mmap munmap mremap mprotect madvise arch_prctl set_tid_address set_robust_list rseq prlimit64 getrandom
		rt_sigaction rt_sigprocmask sigaltstack gettid getpid sched_getaffinity futex exit_group`)
	// System calls on the inherited streams.
	streams = words(`poll fcntl ioctl fstat newfstatat statx`)
	// System calls on opened files.
	opened = words(`read pread64 lseek close fcntl fstat fstatfs getdents64`)
	// System calls with a file name.
	named = words(`openat openat2 newfstatat statx readlink readlinkat faccessat faccessat2`)
)

func words(text string) []string { return strings.Fields(text) }

var (
	call       = regexp.MustCompile(`^(\d+) +(\w+)\((.*)\) += (.*)$`)
	event      = regexp.MustCompile(`^\d+ +(\+\+\+|---) `)
	quoted     = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"(?:\.\.\.)?`)
	descriptor = regexp.MustCompile(`\b(\d+|AT_FDCWD)(?:<([^>]*)>)?`)
	process    = regexp.MustCompile(`^/proc/\d+/`)
)

// reach returns the accesses outside the directory in a trace of one run with `strace -f -y`.
func reach(trace, dir string) error {
	var found []error
	first := ""
	for line := range strings.Lines(trace) {
		line = strings.TrimSuffix(line, "\n")
		if event.MatchString(line) {
			continue
		}
		parts := call.FindStringSubmatch(line)
		if parts == nil {
			found = append(found, fmt.Errorf("not understood: %s", line))
			continue
		}
		pid, name, arguments, returned := parts[1], parts[2], parts[3], parts[4]
		if first == "" && name == "execve" {
			first = pid
			continue
		}
		if problem := checkCall(name, arguments, returned, dir); problem != "" || pid != first {
			found = append(found, fmt.Errorf("%s: %s", problem, line))
		}
	}
	if first == "" {
		found = append(found, errors.New("no program was executed"))
	}
	return errors.Join(found...)
}

// checkCall reports what is not permitted in a call.
func checkCall(name, arguments, returned, dir string) string {
	isInside := func(path string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }
	isAllowed := func(path string) bool {
		return isInside(path) || outside.MatchString(process.ReplaceAllString(path, "/proc/self/"))
	}
	// Strings are separated from the other arguments, because file contents are arbitrary.
	var texts []string
	arguments = quoted.ReplaceAllStringFunc(arguments, func(text string) string {
		texts = append(texts, quoted.FindStringSubmatch(text)[1])
		return `""`
	})
	at := descriptor.FindStringSubmatch(strings.TrimPrefix(arguments, "[{fd="))
	isStream := at != nil && slices.Contains([]string{"0", "1", "2"}, at[1])
	switch {
	case slices.Contains(own, name):
		if name == "mmap" && !strings.Contains(arguments, "MAP_ANONYMOUS") {
			return "maps a file"
		}
		return ""
	case slices.Contains(streams, name) && isStream:
		return ""
	case (name == "write" || name == "writev") && isStream && at[1] != "0":
		return ""
	case slices.Contains(opened, name):
		if at == nil || !isAllowed(at[2]) {
			return "reads elsewhere"
		}
		return ""
	case !slices.Contains(named, name):
		return "reaches out by " + name
	}
	if len(texts) == 0 {
		// Without a name, the kernel reports whether it supports the call.
		if strings.HasPrefix(returned, "-1 EFAULT") {
			return ""
		}
		return "names nothing"
	}
	path := texts[0]
	if strings.HasPrefix(name, "open") {
		if !strings.Contains(arguments, "O_RDONLY") || strings.Contains(arguments, "O_CREAT") {
			return "writes to " + path
		}
		if result := descriptor.FindStringSubmatch(returned); !strings.HasPrefix(returned, "-") && !isAllowed(result[2]) {
			return "opens " + result[2]
		}
	}
	above := dir
	if at != nil && strings.HasPrefix(arguments, at[0]) && at[1] != "AT_FDCWD" {
		above = at[2]
	}
	switch {
	case outside.MatchString(filepath.Clean(path)), path == "" && isAllowed(above):
		return ""
	case !isInside(above):
		return "looks around in " + above
	case path == ".", path == dir:
		return ""
	case strings.Contains(arguments, "RESOLVE_BENEATH"):
		return ""
	case strings.Contains(path, "/"), path == "..":
		return "looks for " + path
	case !strings.Contains(arguments, "NOFOLLOW") && name != "readlinkat":
		return "follows " + path
	}
	return ""
}

// traced runs a command in a directory and returns its accesses outside the directory.
func traced(t *testing.T, dir string, options []string, arguments ...string) (repository.Result, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trace")
	// Strings are truncated at a length that no path has.
	options = append([]string{"-f", "-y", "-s", "4200", "-o", file}, options...)
	command := exec.Command("strace", append(options, arguments...)...)
	command.Dir = dir
	command.Env = []string{"PATH=" + os.Getenv("PATH"), parameters}
	got := repository.RunCommand(t, command)
	trace, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("strace has no output; is tracing permitted? %v: %s", err, got.Stderr)
	}
	return got, reach(string(trace), dir)
}

// TestAccessesOnlyFleet traces the program with every fleet of the repository, and with fleets that refer to other files.
func TestAccessesOnlyFleet(t *testing.T) {
	dirs := append(fleets(t), nosy(t)...)
	for _, dir := range dirs {
		for _, arguments := range [][]string{
			{"generate", "."},
			{"generate", ".", "--argocd"},
			{"argocd", "parameters", "."},
			{"validate", "-o", "json"},
		} {
			if got, err := traced(t, dir, nil, append([]string{binary}, arguments...)...); err != nil {
				t.Errorf("%s: %q (exit %d): %v", dir, arguments, got.Code, err)
			}
		}
		// A kernel without openat2 opens each directory of a path separately.
		if got, err := traced(t, dir, []string{"-e", "inject=openat2:error=ENOSYS"}, binary, "generate", "."); err != nil {
			t.Errorf("%s without openat2 (exit %d): %v", dir, got.Code, err)
		}
	}
	t.Logf("%d fleets", len(dirs))
}

// nosy returns fleets that refer to other files; all are rejected.
func nosy(t *testing.T) []string {
	t.Helper()
	const head = "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\ntemplates: [{file: builtin:eks}]\n"
	above, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var dirs []string
	fleet := func(text string, links map[string]string) {
		dir := filepath.Join(above, fmt.Sprint(len(dirs)))
		err := os.MkdirAll(filepath.Join(dir, "lists"), 0o755)
		for link, target := range links {
			err = errors.Join(err, os.Symlink(target, filepath.Join(dir, link)))
		}
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, "fleet.yaml"), []byte(head+text), 0o644),
			os.WriteFile(filepath.Join(dir, "users.yaml"), []byte("alice: {}\n"), 0o644))
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, dir)
	}
	for _, target := range []string{"/etc/passwd", "../../../../../../etc/passwd", "../0/users.yaml", "/dev/zero", "/proc/self/environ", "/nonexistent", "lists/../../0/users.yaml"} {
		fleet("clusters: [{list: link.yaml}]\n", map[string]string{"link.yaml": target})
		fleet("clusters: [{list: lists/*.yaml}]\n", map[string]string{"lists/link.yaml": target})
		fleet("clusters: [{list: dir/users.yaml}, {list: dir/*.yaml}]\n", map[string]string{"dir": filepath.Dir(target)})
		fleet("clusters: [{list: "+target+"}]\n", nil)
	}
	for _, schema := range []string{"file:///etc/passwd", "/etc/passwd", "http://127.0.0.1:9/schema.json", "https://json-schema.org/draft/2020-12/schema"} {
		fleet("clusters: [{list: users.yaml, fields: {type: {$ref: \""+schema+"\"}}}]\n", nil)
	}
	for _, dir := range dirs {
		command := exec.Command(binary, "generate", ".")
		command.Dir = dir
		if got := repository.RunCommand(t, command); got.Code == 0 || got.Stdout != "" {
			t.Errorf("%s is not rejected: exit %d", dir, got.Code)
		}
	}
	return dirs
}

// TestForbiddenAccessIsDetected verifies that the trace detects each forbidden access, with programs that perform it.
func TestForbiddenAccessIsDetected(t *testing.T) {
	dir := filepath.Join(repository.Root, "examples/eks")
	for _, does := range []struct{ script, problem string }{
		{"read -r line </etc/passwd", "opens /etc/passwd"},
		{"read -r line <../addons/fleet.yaml", "opens " + repository.Root + "/examples/addons/fleet.yaml"},
		{"read -r line </proc/$$/environ", "opens /proc/"},
		{"read -r line </nonexistent", "looks for /nonexistent"},
		{"read -r line <nonexistent", "follows nonexistent"},
		{"read -r line <fleet.yaml", "follows fleet.yaml"},
		{"read -r line", "reads elsewhere"},
		{"[[ -e /etc/passwd ]]", "looks for /etc/passwd"},
		{": >" + filepath.Join(t.TempDir(), "new"), "writes to "},
		{": >/dev/udp/127.0.0.1/9", "reaches out by socket"},
		{": >/dev/udp/127.0.0.1/9", "reaches out by connect"},
		{"exec true", "reaches out by execve"},
		{": | :", "clone"},
		{"kill -0 $$", "reaches out by kill"},
		{"cd /", "reaches out by chdir"},
		{"umask 0", "reaches out by umask"},
	} {
		got, err := traced(t, dir, nil, "bash", "-c", does.script)
		if err == nil || !strings.Contains(err.Error(), does.problem) {
			t.Errorf("%s (exit %d, %s): no %q in\n%v", does.script, got.Code, got.Stderr, does.problem, err)
		}
	}
	// The program itself with the fleet of another directory.
	_, err := traced(t, dir, nil, binary, "generate", "../addons")
	if err == nil || !strings.Contains(err.Error(), "opens "+repository.Root+"/examples/addons") {
		t.Errorf("access to another directory is not detected: %v", err)
	}
}

//go:build linux

package image

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

const (
	// enterArgument starts the test binary as the first process of new namespaces.
	enterArgument = "enter-the-image"
	// probeArgument starts the test binary as the probe.
	probeArgument = "look-around"
	// user is the user of the image, which is the user of Argo CD.
	user = 999
)

// namespaces are the namespaces of a container.
var namespaces = &syscall.SysProcAttr{
	Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS,
}

// inside returns a command that runs in the image, in the directory of a fleet.
func inside(image, fleet string, arguments ...string) *exec.Cmd {
	command := exec.Command("/proc/self/exe", append([]string{enterArgument, image, fleet}, arguments...)...)
	command.Env = []string{}
	command.SysProcAttr = namespaces
	return command
}

// enter removes access to all files except the image and the fleet, and executes a program of the image.
func enter(image, fleet string, arguments []string) error {
	workdir := filepath.Join(image, fleetDir)
	for _, step := range []struct {
		name string
		run  func() error
	}{
		{"keep mounts to ourselves", func() error { return syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "") }},
		{"mount the image", func() error { return mount(image, image) }},
		{"mount the fleet", func() error { return mount(fleet, workdir) }},
		{"change the root", func() error { return syscall.Chroot(image) }},
		{"change the directory", func() error { return syscall.Chdir("/" + fleetDir) }},
		{"leave all groups", func() error { return syscall.Setgroups(nil) }},
		{"change the group", func() error { return syscall.Setgid(user) }},
		{"change the user", func() error { return syscall.Setuid(user) }},
		{"start " + arguments[0], func() error { return syscall.Exec(arguments[0], arguments, os.Environ()) }},
	} {
		if err := step.run(); err != nil {
			return fmt.Errorf("cannot %s: %w", step.name, err)
		}
	}
	return nil
}

// mount mounts a directory read-only at a location.
func mount(dir, location string) error {
	if err := syscall.Mount(dir, location, "", syscall.MS_BIND, ""); err != nil {
		return err
	}
	return syscall.Mount("", location, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY|syscall.MS_NOSUID|syscall.MS_NODEV, "")
}

// probe reports files, networks and variables that must not exist, and directories that must not be writable.
func probe(dirs ...string) error {
	var found []error
	for _, file := range []string{"/proc", "/dev", "/sys", "/etc", "/tmp", "/bin/sh", "/lib", "/lib64"} {
		if _, err := os.Lstat(file); !errors.Is(err, os.ErrNotExist) {
			found = append(found, fmt.Errorf("there is a %s: %v", file, err))
		}
	}
	for _, dir := range dirs {
		if err := os.WriteFile(filepath.Join(dir, "written"), nil, 0o644); !errors.Is(err, syscall.EROFS) {
			found = append(found, fmt.Errorf("a writable directory %s: %v", dir, err))
		}
	}
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err == nil {
		err = syscall.Connect(socket, &syscall.SockaddrInet4{Port: 53, Addr: [4]byte{127, 0, 0, 1}})
	}
	if !errors.Is(err, syscall.ENETUNREACH) {
		found = append(found, fmt.Errorf("a network: %v", err))
	}
	if os.Getuid() != user || os.Getgid() != user || os.Geteuid() != user || os.Getpid() != 1 {
		found = append(found, fmt.Errorf("user %d, group %d, process %d", os.Getuid(), os.Getgid(), os.Getpid()))
	}
	if environment := os.Environ(); len(environment) > 0 {
		found = append(found, fmt.Errorf("an environment: %v", environment))
	}
	return errors.Join(found...)
}

// TestImageContainsOnlyProgram verifies that the image contains no other files.
func TestImageContainsOnlyProgram(t *testing.T) {
	image := layOut(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	location(t, self, filepath.Join(image, "probe"))
	if got := repository.RunCommand(t, inside(image, filepath.Join(repository.Root, "examples/eks"), "/probe", probeArgument)); got.Code != 0 {
		t.Errorf("exit %d: %s%s", got.Code, got.Stdout, got.Stderr)
	}
}

// TestProbeDetects verifies that the probe detects files outside the image.
func TestProbeDetects(t *testing.T) {
	t.Chdir(t.TempDir())
	err := probe(".")
	for _, expected := range []string{"/proc", "/etc", "a writable directory .", "a network", "user 0", "an environment"} {
		if err == nil || !strings.Contains(err.Error(), expected) {
			t.Errorf("%s is not detected: %v", expected, err)
		}
	}
}

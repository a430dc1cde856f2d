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
	// enterArgument makes this test's own binary the first process of new namespaces.
	enterArgument = "enter-the-image"
	// probeArgument makes it look around.
	probeArgument = "look-around"
	// user is who the image's program runs as: Argo CD's own user.
	user = 999
)

// namespaces are those of a container.
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

// enter leaves all but the image and the fleet behind and becomes a program of the image.
func enter(image, fleet string, arguments []string) error {
	workdir := filepath.Join(image, fleetFolder)
	for _, step := range []struct {
		name string
		run  func() error
	}{
		{"keep mounts to ourselves", func() error { return syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "") }},
		{"mount the image", func() error { return mount(image, image) }},
		{"mount the fleet", func() error { return mount(fleet, workdir) }},
		{"change the root", func() error { return syscall.Chroot(image) }},
		{"change the folder", func() error { return syscall.Chdir("/" + fleetFolder) }},
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

// mount shows a directory at a location, where nothing of it can be changed.
func mount(folder, place string) error {
	if err := syscall.Mount(folder, place, "", syscall.MS_BIND, ""); err != nil {
		return err
	}
	return syscall.Mount("", place, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY|syscall.MS_NOSUID|syscall.MS_NODEV, "")
}

// probe reports what there is that should not be; the directories are those in which nothing can be made.
func probe(folders ...string) error {
	var found []error
	for _, file := range []string{"/proc", "/dev", "/sys", "/etc", "/tmp", "/bin/sh", "/lib", "/lib64"} {
		if _, err := os.Lstat(file); !errors.Is(err, os.ErrNotExist) {
			found = append(found, fmt.Errorf("there is a %s: %v", file, err))
		}
	}
	for _, folder := range folders {
		if err := os.WriteFile(filepath.Join(folder, "written"), nil, 0o644); !errors.Is(err, syscall.EROFS) {
			found = append(found, fmt.Errorf("a file in %s: %v", folder, err))
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

// TestTheImageHoldsNothingElse verifies that the image contains no other files.
func TestTheImageHoldsNothingElse(t *testing.T) {
	image := layOut(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	place(t, self, filepath.Join(image, "probe"))
	if got := repository.RunCommand(t, inside(image, filepath.Join(repository.Root, "examples/eks"), "/probe", probeArgument)); got.Code != 0 {
		t.Errorf("exit %d: %s%s", got.Code, got.Stdout, got.Stderr)
	}
}

// TestTheProbeFinds verifies that the probe detects files outside the image.
func TestTheProbeFinds(t *testing.T) {
	t.Chdir(t.TempDir())
	err := probe(".")
	for _, wanted := range []string{"/proc", "/etc", "a file in .", "a network", "user 0", "an environment"} {
		if err == nil || !strings.Contains(err.Error(), wanted) {
			t.Errorf("%s is not found: %v", wanted, err)
		}
	}
}

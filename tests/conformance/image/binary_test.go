//go:build linux

package image

import (
	"debug/elf"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// reaching are the functions of a C library that create sockets, processes and threads. Rust's standard library calls them, but
// unused functions are not linked. A crate could make the system calls directly: the trace detects those.
var reaching = words(`socket socketpair connect bind listen accept accept4 send sendto sendmsg sendmmsg recv recvfrom recvmsg
	getaddrinfo gethostbyname fork Fork vfork clone clone3 posix_spawn posix_spawnp execve execveat execv execvp fexecve popen
	system pthread_create`)

// needs reports the files and functions that a program needs in addition to itself.
func needs(path string) error {
	file, err := elf.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var found []error
	for _, segment := range file.Progs {
		if segment.Type == elf.PT_INTERP {
			found = append(found, errors.New("a loader"))
		}
	}
	libraries, err := file.ImportedLibraries()
	if err != nil || len(libraries) > 0 {
		found = append(found, fmt.Errorf("the libraries %q, %v", libraries, err))
	}
	symbols, err := file.Symbols()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		return err
	}
	imported, err := file.DynamicSymbols()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		return err
	}
	symbols = append(symbols, imported...)
	if !slices.ContainsFunc(symbols, func(symbol elf.Symbol) bool { return symbol.Name == "read" }) {
		found = append(found, errors.New("the names of its functions: build it as .ci/run does"))
	}
	for _, symbol := range symbols {
		name := strings.TrimPrefix(strings.TrimLeft(symbol.Name, "_"), "libc_")
		if slices.Contains(reaching, name) {
			found = append(found, fmt.Errorf("the function %s", symbol.Name))
		}
	}
	return errors.Join(found...)
}

// TestBinaryIsSelfContained verifies that the program is one static file without code that creates sockets, processes or threads.
func TestBinaryIsSelfContained(t *testing.T) {
	if err := needs(binary); err != nil {
		t.Errorf("%s needs %v", binary, err)
	}
}

// TestImageHasNoGit verifies that the program contains no code that reads Git repositories, of which the plugin needs nothing.
func TestImageHasNoGit(t *testing.T) {
	file, err := elf.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	symbols, err := file.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	own := 0
	for _, symbol := range symbols {
		if strings.Contains(symbol.Name, "kubectl_fleet") {
			own++
		}
		if strings.Contains(symbol.Name, "gix") {
			t.Fatalf("the program contains %s", symbol.Name)
		}
	}
	if own < 100 {
		t.Errorf("only %d names of own functions: build it as .ci/run does", own)
	}
}

// TestDependenciesAreDetected verifies that the check detects each of these in another program.
func TestDependenciesAreDetected(t *testing.T) {
	err := needs("/bin/bash")
	for _, expected := range []string{"a loader", "libc.so.6", "the function socket", "the function fork", "the function execve"} {
		if err == nil || !strings.Contains(err.Error(), expected) {
			t.Errorf("%s is not detected: %v", expected, err)
		}
	}
}

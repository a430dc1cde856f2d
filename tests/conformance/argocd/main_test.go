// Package argocd renders fleets with the plugin server and the renderer of Argo CD, and the plugin.yaml of kubectl-fleet.
package argocd

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/cmpserver"
	"github.com/argoproj/argo-cd/v3/cmpserver/plugin"
	"github.com/argoproj/argo-cd/v3/common"
	"github.com/sirupsen/logrus"
	"google.golang.org/grpc"

	"kubectl-fleet.io/conformance/repository"
)

// installed is the path of the program in the image.
const installed = "/usr/local/bin/kubectl-fleet"

var (
	root   = repository.Root
	binary = repository.Binary()
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	scratch, err := os.MkdirTemp("", "cmp")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(scratch)
	// The plugin inherits the environment of its server, which is this process. The environment of the machine must not matter.
	os.Clearenv()
	for name, value := range map[string]string{
		// The renderer leaves an empty directory for every archive.
		"TMPDIR":                     scratch,
		common.EnvCMPWorkDir:         scratch,
		common.EnvPluginSockFilePath: scratch,
		// A user who sets this variable for a container wants colors in a log, but not in the status of an Application.
		"CLICOLOR_FORCE": "1",
	} {
		if err := os.Setenv(name, value); err != nil {
			return 0, err
		}
	}
	// All relevant messages are also returned as errors.
	logrus.SetOutput(io.Discard)
	server, err := serve(scratch)
	if err != nil {
		return 0, err
	}
	defer server.Stop()
	return m.Run(), nil
}

// serve starts the plugin server with the repository's plugin.yaml, in which only the path of the program is replaced.
func serve(scratch string) (*grpc.Server, error) {
	text, err := os.ReadFile(filepath.Join(root, common.PluginConfigFileName))
	if err != nil {
		return nil, err
	}
	config := strings.ReplaceAll(string(text), "["+installed+"]", fmt.Sprintf("[%q]", binary))
	if err := os.WriteFile(filepath.Join(scratch, common.PluginConfigFileName), []byte(config), 0o600); err != nil {
		return nil, err
	}
	read, err := plugin.ReadPluginConfig(scratch)
	if err != nil {
		return nil, err
	}
	for what, command := range map[string]plugin.Command{"generate": read.Spec.Generate, "parameters": read.Spec.Parameters.Dynamic} {
		if !slices.Equal(command.Command, []string{binary}) {
			return nil, fmt.Errorf("the command of %s in plugin.yaml is %q, expected only %s", what, command.Command, installed)
		}
	}
	constants := plugin.CMPServerInitConstants{PluginConfig: *read}
	cmp, err := cmpserver.NewServer(constants)
	if err != nil {
		return nil, err
	}
	server, err := cmp.CreateGRPC()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("unix", read.Address())
	if err != nil {
		return nil, err
	}
	// If the server ends early, all later tests fail.
	go server.Serve(listener)
	return server, nil
}

// Command controllers is one program with the processes of Argo CD that a live instance needs. The first argument selects the process.
//
// Argo CD's own cmd/main.go calls grpc.DisableSRVLookups, which panics when it is compiled with a recent Go.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	applicationcontroller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	applicationset "github.com/argoproj/argo-cd/v3/cmd/argocd-applicationset-controller/commands"
	cmpserver "github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
)

func main() {
	processes := map[string]func() *cobra.Command{
		"application-controller":    applicationcontroller.NewCommand,
		"applicationset-controller": applicationset.NewCommand,
		"cmp-server":                cmpserver.NewCommand,
		"repo-server":               reposerver.NewCommand,
	}
	if len(os.Args) < 2 || processes[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: controllers application-controller|applicationset-controller|cmp-server|repo-server [FLAG...]")
		os.Exit(2)
	}
	command := processes[os.Args[1]]()
	command.SetArgs(os.Args[2:])
	if err := command.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

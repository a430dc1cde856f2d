// Package install validates the output of `kubectl fleet argocd` with the code that reads it: kustomize, the schema code of the API
// server, the Lua engine of Argo CD's health checks, and the jq engine of its ignored differences.
package install

import (
	"fmt"
	"os"
	"testing"

	"kubectl-fleet.io/conformance/repository"
	"kubectl-fleet.io/conformance/schemas"
)

var known *schemas.Schemas

func TestMain(m *testing.M) {
	var err error
	if known, err = schemas.New(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// run returns what `kubectl fleet argocd` prints in a directory.
func run(t *testing.T, dir string, arguments ...string) []byte {
	t.Helper()
	return repository.Print(t, dir, append([]string{"argocd"}, arguments...)...)
}

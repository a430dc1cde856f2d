// Package install holds what `kubectl fleet argocd` prints against the code that reads it: kustomize, the API server's
// schema code, the Lua that Argo CD runs health checks in, and the jq that it ignores differences by.
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

// run gives what `kubectl fleet argocd` prints in a folder.
func run(t *testing.T, folder string, arguments ...string) []byte {
	t.Helper()
	return repository.Print(t, folder, append([]string{"argocd"}, arguments...)...)
}

package schemas

import (
	"fmt"
	"os"
	"testing"

	"kubectl-fleet.io/conformance/repository"
)

var (
	binary = repository.Binary()
	known  *Schemas
)

func TestMain(m *testing.M) {
	var err error
	if known, err = New(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

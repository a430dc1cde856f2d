package schemas

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

var (
	binary string
	known  *Schemas
)

func TestMain(m *testing.M) {
	binary = os.Getenv("KUBECTL_FLEET")
	if !filepath.IsAbs(binary) {
		fmt.Fprintln(os.Stderr, "KUBECTL_FLEET has to be the absolute path of the binary to test")
		os.Exit(1)
	}
	var err error
	if known, err = New(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

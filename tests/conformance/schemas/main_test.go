package schemas

import (
	"fmt"
	"os"
	"testing"
)

var known *Schemas

func TestMain(m *testing.M) {
	var err error
	if known, err = New(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

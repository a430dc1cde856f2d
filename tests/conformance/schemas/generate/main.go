// Command generate writes the schemas of all kinds that the program knows.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"kubectl-fleet.io/conformance/schemas"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	files, err := schemas.Generate()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(schemas.Directory(), 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(schemas.Directory(), name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

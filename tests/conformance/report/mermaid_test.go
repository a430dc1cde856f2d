package report

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"kubectl-fleet.io/conformance/repository"
)

// The package that npm downloads, and its checksum in the registry.
const (
	mermaidVersion  = "11.17.2"
	mermaidChecksum = "V6K3C8EBdEsPFZXSKMJe6ppQOENxuHARr9GvHX4hh47lAbhMRD9qf4oEK7LoaRQxULMa80/qt5gHO73aCleBBg=="
)

// mermaid downloads the program that draws the diagrams, and returns its script.
func mermaid(t *testing.T) []byte {
	t.Helper()
	directory := t.TempDir()
	npm := exec.Command("npm", "pack", "--silent", "mermaid@"+mermaidVersion)
	npm.Dir = directory
	if output, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("%v: npm must download mermaid: %s", err, output)
	}
	packed, err := os.ReadFile(filepath.Join(directory, "mermaid-"+mermaidVersion+".tgz"))
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha512.Sum512(packed); base64.StdEncoding.EncodeToString(sum[:]) != mermaidChecksum {
		t.Fatal("the package has another checksum")
	}
	file, err := os.Open(filepath.Join(directory, "mermaid-"+mermaidVersion+".tgz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for files := tar.NewReader(unzipped); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			t.Fatal("the package has no script")
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Name == "package/dist/mermaid.min.js" {
			script, err := io.ReadAll(files)
			if err != nil {
				t.Fatal(err)
			}
			return script
		}
	}
}

// Mermaid must read every diagram, and show the names of the add-ons.
func TestMermaidReadsDiagrams(t *testing.T) {
	page := filepath.Join(t.TempDir(), "blank.html")
	if err := os.WriteFile(page, []byte("<!DOCTYPE html><title>x</title><footer></footer>"), 0o644); err != nil {
		t.Fatal(err)
	}
	tab := openFile(t, page, desktop)
	tab.Do(chromedp.Evaluate[chromedp.Void](string(mermaid(t))))
	drawn := 0
	for _, fleet := range append(repository.Fleets(t), "testdata/matrix/rings/head") {
		result := repository.Run(t, filepath.Join(repository.Root, fleet), "report", "-o", "mermaid")
		if result.Code != 0 {
			t.Fatalf("%s: exit %d\n%s", fleet, result.Code, result.Stderr)
		}
		if kind := ask[string](tab, fmt.Sprintf("mermaid.parse(%q).then(found => found.diagramType)", result.Stdout)); kind != "flowchart-v2" {
			t.Errorf("%s: mermaid reads a %q:\n%s", fleet, kind, result.Stdout)
		}
		if fleet == "testdata/matrix/rings/head" {
			shown := ask[string](tab, fmt.Sprintf(`mermaid.render('diagram', %q).then(({ svg }) => {
				document.body.innerHTML = svg;
				return document.body.textContent;
			})`, result.Stdout))
			for _, name := range []string{"cart", "certificates", "search", "3 clusters"} {
				if !strings.Contains(shown, name) {
					t.Errorf("the diagram has no %q: %q", name, shown)
				}
			}
			drawn++
		}
	}
	if drawn != 1 {
		t.Error("no diagram was drawn")
	}
}

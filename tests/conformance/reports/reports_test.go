// Package reports checks the formats of `validate` for CI systems, and the workflows of the documentation, with the code of their
// consumers.
package reports

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/joshdk/go-junit"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/xeipuuv/gojsonschema"
	"kubectl-fleet.io/conformance/repository"
)

// message is a message of `validate -o json`.
type message struct {
	Code, Severity, Message, File string
	Line                          int
}

// finding is what a consumer reads from a report.
type finding struct {
	code, path string
	isError    bool
	line       int
}

// each runs a test for the report of each fleet in one format, with the messages that it must contain.
func each(t *testing.T, format string, test func(t *testing.T, printed string, expected []finding)) {
	fleets, err := filepath.Glob(filepath.Join(repository.Root, "testdata", "reports", "*", "in"))
	if err != nil || len(fleets) < 3 {
		t.Fatalf("%d fleets, %v", len(fleets), err)
	}
	some, err := filepath.Glob(filepath.Join(repository.Root, "testdata", "err", "*", "in"))
	if err != nil || len(some) < 300 {
		t.Fatalf("%d fleets, %v", len(some), err)
	}
	for _, fleet := range append(fleets, some...) {
		name, err := filepath.Rel(repository.Root, fleet)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			listed := repository.Run(t, repository.Root, "validate", name, "-o", "json")
			var all struct{ Messages []message }
			if err := json.Unmarshal([]byte(listed.Stdout), &all); err != nil {
				t.Fatal(err)
			}
			var expected []finding
			for _, message := range all.Messages {
				path, line := message.File, message.Line
				if line == 0 {
					path, line = "", 0
				} else {
					path = name + "/" + path
				}
				expected = append(expected, finding{message.Code, path, message.Severity == "error", line})
			}
			result := repository.Run(t, repository.Root, "validate", name, "-o", format)
			if result.Code != listed.Code {
				t.Errorf("exit %d, with JSON %d", result.Code, listed.Code)
			}
			for _, character := range result.Stdout {
				if character < ' ' && character != '\n' || character == '\u202e' || 0x7f <= character && character < 0xa0 {
					t.Errorf("the report contains %U", character)
				}
			}
			test(t, result.Stdout, expected)
		})
	}
}

// compare compares the findings of a report. A finding without a location can be shown at the start of the fleet.
func compare(t *testing.T, found, expected []finding) {
	t.Helper()
	if len(found) != len(expected) {
		t.Fatalf("%d findings, expected %d", len(found), len(expected))
	}
	for i := range found {
		if expected[i].path == "" && found[i].line <= 1 {
			found[i].path, found[i].line = "", 0
		}
		if found[i] != expected[i] {
			t.Errorf("found %+v, expected %+v", found[i], expected[i])
		}
	}
}

// unescape reverses the escapes of names in messages, so that a path can be compared with that in the JSON.
func unescape(path string) string {
	for _, character := range []rune{'\u0007', '\u001b', '\u0085', '\u202e', '\u200b'} {
		path = strings.ReplaceAll(path, fmt.Sprintf("\\u{%x}", character), string(character))
	}
	return path
}

// schema returns the schema of SARIF 2.1.0, which the module of the parser contains as a constant.
func schema(t *testing.T) *gojsonschema.Schema {
	t.Helper()
	directory, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(strings.TrimSpace(string(directory)), "pkg", "report", "v210", "sarif", "schema.go")
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constant := file.Scope.Lookup("schema").Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit)
	text, err := strconv.Unquote(constant.Value)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestSARIF validates reports with the schema of SARIF 2.1.0, and their regions with the files.
func TestSARIF(t *testing.T) {
	schema := schema(t)
	each(t, "sarif", func(t *testing.T, printed string, expected []finding) {
		log, err := sarif.FromString(printed)
		if err != nil {
			t.Fatal(err)
		}
		result, err := schema.Validate(gojsonschema.NewStringLoader(printed))
		if err != nil || !result.Valid() {
			t.Errorf("%v: %v", err, result.Errors())
		}
		run := log.Runs[0]
		if *run.ColumnKind != "unicodeCodePoints" {
			t.Errorf("columnKind is %q", *run.ColumnKind)
		}
		fingerprints := map[string]bool{}
		var found []finding
		for _, result := range run.Results {
			fingerprint := result.PartialFingerprints["kubectlFleet/v1"]
			if fingerprints[fingerprint] {
				t.Errorf("%s is repeated", fingerprint)
			}
			fingerprints[fingerprint] = true
			rule := run.Tool.Driver.Rules[result.RuleIndex]
			if *rule.ID != *result.RuleID || *rule.ShortDescription.Text == "" || len(*rule.Help.Text) < 40 {
				t.Errorf("the rule %s of %s", *rule.ID, *result.RuleID)
			}
			at := result.Locations[0].PhysicalLocation
			path, err := url.PathUnescape(*at.ArtifactLocation.URI)
			if err != nil {
				t.Error(err)
			}
			if located(t, path) && len(expected) > len(found) && expected[len(found)].path != "" {
				line := lines(t, path)[*at.Region.StartLine-1]
				if start, end := *at.Region.StartColumn, *at.Region.EndColumn; start > end || end > utf8.RuneCountInString(line)+1 {
					t.Errorf("columns %d to %d of %q", start, end, line)
				}
			}
			found = append(found, finding{*result.RuleID, path, result.Level == "error", *at.Region.StartLine})
		}
		compare(t, found, expected)
	})
}

// located tells whether a path leads to a file of the repository.
func located(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(filepath.Join(repository.Root, path))
	return err == nil
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository.Root, path))
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(text))+"\n", "\n")
}

// TestJUnit reads reports with a parser of JUnit XML.
func TestJUnit(t *testing.T) {
	each(t, "junit", func(t *testing.T, printed string, expected []finding) {
		decoder := xml.NewDecoder(strings.NewReader(printed))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		suites, err := junit.Ingest([]byte(printed))
		if err != nil || len(suites) != 1 {
			t.Fatalf("%d suites, %v", len(suites), err)
		}
		names := map[string]bool{}
		var failed, skipped, passed int
		for _, test := range suites[0].Tests {
			if key := test.Classname + "\n" + test.Name; names[key] {
				t.Errorf("%s is repeated", key)
			} else {
				names[key] = true
			}
			switch test.Status {
			case junit.StatusFailed:
				failed++
			case junit.StatusSkipped:
				skipped++
			case junit.StatusPassed:
				passed++
			default:
				t.Errorf("%s: %s", test.Name, test.Status)
			}
		}
		errors := 0
		for _, finding := range expected {
			if finding.isError {
				errors++
			}
		}
		ok := 0
		if errors == 0 {
			ok = 1
		}
		if failed != errors || skipped != len(expected)-errors || passed != ok {
			t.Errorf("%d failed, %d skipped, %d passed; expected %+v", failed, skipped, passed, expected)
		}
	})
}

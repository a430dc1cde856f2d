package readback

import (
	"fmt"
	"reflect"
	"testing"

	"kubectl-fleet.io/conformance/readers"
)

// check compiles a fleet in both formats, reads it with every parser and compares the specs by name of object.
func check(t *testing.T, fleet *Fleet, want map[string]any) {
	t.Helper()
	for _, format := range []string{"yaml", "json"} {
		result := fleet.Run(t, format)
		if result.Code != 0 {
			t.Fatalf("-o %s: exit %d: %.2000s", format, result.Code, result.Stderr)
		}
		for name, read := range readers.All {
			objects, err := read([]byte(result.Stdout))
			if err != nil {
				t.Errorf("-o %s, %s: %v", format, name, err)
				continue
			}
			got := map[string]any{}
			for _, object := range objects {
				if object["kind"] == "Strings" {
					got[object["metadata"].(map[string]any)["name"].(string)] = object["spec"]
				}
			}
			if len(got) != len(want) {
				t.Errorf("-o %s, %s: %d objects, not %d", format, name, len(got), len(want))
			}
			for object, spec := range want {
				if path, got, want := difference(object, got[object], spec); path != "" {
					t.Errorf("-o %s, %s: %s\n got %.300v\nwant %.300v", format, name, path, got, want)
				}
			}
		}
	}
}

// difference finds the first location where two values differ.
func difference(path string, got, want any) (string, string, string) {
	if reflect.DeepEqual(got, want) {
		return "", "", ""
	}
	switch want := want.(type) {
	case []any:
		if got, ok := got.([]any); ok && len(got) == len(want) {
			for i := range want {
				if path, got, want := difference(fmt.Sprintf("%s[%d]", path, i), got[i], want[i]); path != "" {
					return path, got, want
				}
			}
		}
	case map[string]any:
		if got, ok := got.(map[string]any); ok {
			for key := range want {
				if path, got, want := difference(fmt.Sprintf("%s[%.80q]", path, key), got[key], want[key]); path != "" {
					return path, got, want
				}
			}
		}
	}
	return path, fmt.Sprintf("%#v", got), fmt.Sprintf("%#v", want)
}

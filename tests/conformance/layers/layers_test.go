package layers

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"reflect"
	"testing"

	"sigs.k8s.io/yaml"
)

// seeds is the number of generated fleets, which are the same in each run.
const seeds = 400

// TestLayers compares the result of Helm for the files with the result for the merged values in the output.
func TestLayers(t *testing.T) {
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			fleet, defaults := made(t, seed)
			dir, files := fleet.write(t), fleet.writeValues(t)
			for _, format := range []string{"yaml", "json"} {
				for _, problem := range problems(t, files, printed(t, dir, format), defaults) {
					t.Errorf("-o %s: %s", format, problem)
				}
			}
			if t.Failed() {
				for _, file := range files {
					text, _ := os.ReadFile(file)
					t.Logf("---\n%s", text)
				}
			}
		})
	}
}

// charts are the defaults of a chart and of its subchart.
type charts [2]map[string]any

func made(t *testing.T, seed uint64) (fleet, charts) {
	t.Helper()
	m := newMaker(seed)
	made := m.fleet()
	var defaults charts
	for index := range defaults {
		if err := yaml.Unmarshal([]byte(text(m.mapping(0))), &defaults[index]); err != nil {
			t.Fatal(err)
		}
	}
	return made, defaults
}

// problems returns the differences between the results of Helm for merged values and for the files.
func problems(t *testing.T, files []string, merged []byte, defaults charts) (problems []string) {
	t.Helper()
	one := []string{put(t, string(merged))}
	for _, helm := range Helms {
		want, err := helm.Merged(files)
		if err != nil {
			t.Fatal(err)
		}
		got, err := helm.Merged(one)
		if err != nil {
			problems = append(problems, fmt.Sprintf("Helm %s: %v", helm.Name, err))
			continue
		}
		problems = append(problems, compare("Helm "+helm.Name+" merges the files", want, got)...)
		seen, wantErr := helm.Coalesced(defaults[0], defaults[1], want)
		sees, gotErr := helm.Coalesced(defaults[0], defaults[1], got)
		if fmt.Sprint(wantErr) != fmt.Sprint(gotErr) {
			problems = append(problems, fmt.Sprintf("Helm %s: %v, not %v", helm.Name, gotErr, wantErr))
		}
		problems = append(problems, compare("a chart gets with Helm "+helm.Name, seen, sees)...)
	}
	return problems
}

func compare(what string, want, got map[string]any) []string {
	if reflect.DeepEqual(want, got) {
		return nil
	}
	return []string{fmt.Sprintf("%s as\n%s\nand not as\n%s", what, jsonOf(want), jsonOf(got))}
}

func jsonOf(value any) string {
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// TestWrongMerges verifies that some fleets detect each wrong way to merge.
func TestWrongMerges(t *testing.T) {
	for name, wrong := range map[string]func(below, over any) any{
		"a null takes a key away": func(below, over any) any {
			if over == nil {
				return deleted{}
			}
			return over
		},
		"what is empty changes nothing": func(below, over any) any {
			if over == false || over == 0.0 || over == "" {
				return below
			}
			return over
		},
		"lists are joined": func(below, over any) any {
			some, is := below.([]any)
			more, are := over.([]any)
			if is && are {
				return append(append([]any{}, some...), more...)
			}
			return over
		},
		"numbers are texts": func(_, over any) any {
			if number, is := over.(float64); is {
				return fmt.Sprint(number)
			}
			return over
		},
		"what is lower wins": func(below, over any) any {
			if _, is := below.(deleted); !is {
				return below
			}
			return over
		},
	} {
		t.Run(name, func(t *testing.T) {
			found := 0
			for seed := range uint64(seeds) {
				fleet, defaults := made(t, seed)
				files := fleet.writeValues(t)
				merged := map[string]any{}
				for _, tree := range fleet.files() {
					over := map[string]any{}
					if err := yaml.Unmarshal([]byte(text(tree)), &over); err != nil {
						t.Fatal(err)
					}
					merged = mergedBy(wrong, merged, over)
				}
				if len(problems(t, files, []byte(jsonOf(merged)), defaults)) > 0 {
					found++
				}
			}
			if t.Logf("found by %d of %d fleets", found, seeds); found == 0 {
				t.Error("no fleet detects it")
			}
		})
	}
}

// deleted represents a deleted value.
type deleted struct{}

// mergedBy merges mappings key by key, and other values by a rule.
func mergedBy(rule func(below, over any) any, below, over map[string]any) map[string]any {
	merged := maps.Clone(below)
	for key, value := range over {
		known, is := below[key]
		if !is {
			known = deleted{}
		}
		some, isMap := known.(map[string]any)
		more, areMap := value.(map[string]any)
		switch {
		case areMap && isMap:
			merged[key] = mergedBy(rule, some, more)
		case areMap && !is:
			merged[key] = mergedBy(rule, map[string]any{}, more)
		default:
			merged[key] = rule(known, value)
		}
		if _, is := merged[key].(deleted); is {
			delete(merged, key)
		}
	}
	return merged
}

// Helm warns with the standard logger of values that a chart cannot use.
func init() { log.SetOutput(io.Discard) }

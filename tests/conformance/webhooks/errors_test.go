package webhooks

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kubectl-fleet.io/conformance/repository"
	"kubectl-fleet.io/conformance/schemas"
)

// changed is an object with a change that can be an error.
type changed struct {
	kind, done string
	object     map[string]any
}

// TestErrorsMatchWebhooks changes valid objects, and compares the errors of the webhooks with those of the program.
//
// Objects that the schema rejects reach no webhook. An object that only one of the two rejects must be listed with the reason.
func TestErrorsMatchWebhooks(t *testing.T) {
	known, err := schemas.New()
	if err != nil {
		t.Fatal(err)
	}
	validator, all := New(), everyChange(t)
	var compared []changed
	refused := map[int]error{}
	for _, one := range all {
		text, err := json.Marshal(one.object)
		if err != nil {
			t.Fatal(err)
		}
		if _, problems := known.Check(text); len(problems) > 0 {
			if one.done == "nothing" {
				t.Errorf("a valid %s is rejected by its schema: %v", one.kind, problems)
			}
			continue
		}
		_, err = validator.Validate(text)
		if err != nil {
			refused[len(compared)] = err
		}
		compared = append(compared, one)
	}
	ours := map[int][]string{}
	for start := 0; start < len(compared); start += 400 {
		batch := compared[start:min(start+400, len(compared))]
		for index, codes := range together(t, batch) {
			ours[start+index] = codes
		}
	}
	differences, used, both := map[string][]string{}, map[string]bool{}, 0
	for index, one := range compared {
		theirs, mine := refused[index], ours[index]
		// An early stage hides the errors of later stages.
		if theirs != nil && mine == nil {
			mine = together(t, []changed{one})[0]
		}
		switch {
		case theirs != nil && mine != nil:
			both++
		case theirs != nil:
			for _, cause := range causes(theirs) {
				cause = one.kind + ": " + cause
				if reason := listed(missed, cause); reason != "" {
					used[reason] = true
				} else {
					differences["only the webhook rejects: "+cause] = append(differences["only the webhook rejects: "+cause], one.done)
				}
			}
		case mine != nil:
			for _, code := range mine {
				if reason := listed(stricter, one.kind+": "+code); reason != "" {
					used[reason] = true
				} else {
					differences["only the program rejects: "+one.kind+": "+code] = append(differences["only the program rejects: "+one.kind+": "+code], one.done)
				}
			}
		}
	}
	for _, difference := range slices.Sorted(maps.Keys(differences)) {
		t.Errorf("%s\n\t%s", difference, strings.Join(differences[difference][:min(3, len(differences[difference]))], "\n\t"))
	}
	for _, one := range slices.Concat(missed, stricter) {
		if !used[one.reason] {
			t.Errorf("no result differs in this way: remove it from the list: %s", one.reason)
		}
	}
	if both < 100 || len(compared)-len(refused) < 100 {
		t.Errorf("%d objects are rejected by both, %d accepted by the webhooks: too few", both, len(compared)-len(refused))
	}
	t.Logf("%d objects, %d of them valid for the schema; the webhooks reject %d, and the program rejects %d of those", len(all), len(compared), len(refused), both)
}

// difference is an error that only one of the two reports: the start of its cause, and the reason.
type difference struct{ cause, reason string }

func listed(list []difference, cause string) string {
	for _, one := range list {
		kind, cause_, _ := strings.Cut(one.cause, ": ")
		ofKind, rest, _ := strings.Cut(cause, ": ")
		if (kind == "*" || kind == ofKind) && strings.Contains(rest, cause_) {
			return one.reason
		}
	}
	return ""
}

// everyChange returns each change of one field of a valid object, and some changes of two fields.
func everyChange(t *testing.T) (all []changed) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, kind := range slices.Sorted(maps.Keys(objects)) {
		var changes []change
		for _, path := range paths(good(t, kind), nil) {
			changes = append(changes, changesOf(path, valueAt(good(t, kind), path))...)
		}
		for _, field := range more[kind] {
			for _, text := range field[1:] {
				var value any
				if err := json.Unmarshal([]byte(text), &value); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
				changes = append(changes, change{strings.Split(field[0], "."), value})
			}
		}
		all = append(all, changed{kind, "nothing", good(t, kind)})
		for _, one := range changes {
			object := good(t, kind)
			one.apply(object)
			all = append(all, changed{kind, one.String(), object})
		}
		for range 60 {
			one, other := changes[random.IntN(len(changes))], changes[random.IntN(len(changes))]
			object := good(t, kind)
			one.apply(object)
			other.apply(object)
			all = append(all, changed{kind, one.String() + " and " + other.String(), object})
		}
	}
	for index, one := range all {
		// Each object belongs to its own cluster, in its own namespace.
		name := fmt.Sprintf("m%d", index)
		one.object["metadata"].(map[string]any)["name"], one.object["metadata"].(map[string]any)["namespace"] = name, name
	}
	return all
}

// together returns the codes of the errors for each object of one fleet, in which each object belongs to its own cluster.
func together(t *testing.T, some []changed) map[int][]string {
	t.Helper()
	files := map[string]string{}
	write := func(path string, content any) {
		text, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		// JSON is valid YAML, except for strings that are expressions to the program.
		files[path] = strings.ReplaceAll(string(text), "$", "$$")
	}
	var members, templates []any
	for index, one := range some {
		name := one.object["metadata"].(map[string]any)["name"]
		file := fmt.Sprintf("%d.yaml", index)
		write(file, one.object)
		members = append(members, map[string]any{"name": name})
		templates = append(templates, map[string]any{"file": file, "selector": map[string]any{"matchLabels": map[string]any{"of": name}}})
	}
	write("members.yaml", members)
	fleet, err := json.Marshal(map[string]any{
		"apiVersion": "kubectl-fleet.io/v1alpha1", "kind": "Fleet",
		"clusters":  []any{map[string]any{"list": "members.yaml", "labels": map[string]any{"of": "${name}"}}},
		"templates": templates,
	})
	if err != nil {
		t.Fatal(err)
	}
	files["fleet.yaml"] = string(fleet)
	found := map[int][]string{}
	for file, codes := range refusals(t, repository.New(t, files)) {
		var index int
		if _, err := fmt.Sscanf(file, "%d.yaml", &index); err != nil {
			t.Fatalf("%s: %v", file, codes)
		}
		found[index] = codes
	}
	return found
}

package deliveries

import (
	"encoding/json"
	"testing"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"

	"kubectl-fleet.io/conformance/fleets"
)

// TestNulls sees what the documentation says of a null in values that are printed as an object: whoever applies it as
// `kubectl apply` does without `--server-side` takes the key away, and with it the wish to drop a chart's default. In a
// text it stays.
func TestNulls(t *testing.T) {
	for delivery, stays := range map[string]bool{"argocd": false, "flux": false, "caaph": true, "sveltos": true} {
		t.Run(delivery, func(t *testing.T) {
			f := fleets.Fleet{
				Members: map[string]map[string]any{"alice": {"type": "production"}},
				AddOns:  []fleets.AddOn{{Name: "addon", Selector: fleets.All, Helm: fleets.Chart("1.0.0", map[string]any{"dropped": 1})}},
				Deliver: delivery,
			}
			before, _ := printed(t, f)
			f.AddOns[0].Helm["values"] = map[string]any{"dropped": nil}
			after, folder := printed(t, f)
			var applied []map[string]any
			for index := range after {
				applied = append(applied, apply(t, before[index], after[index]))
			}
			if found := problems(t, f, after, folder); len(found) > 0 {
				t.Errorf("it is not sound: %q", found)
			}
			if found := problems(t, f, applied, folder); (len(found) == 0) != stays {
				t.Errorf("%q", found)
			}
		})
	}
}

// apply follows kubectl's apply of an object of which it knows no more than the JSON: what it applied last is what is
// there.
func apply(t *testing.T, before, after map[string]any) (applied map[string]any) {
	t.Helper()
	was, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	is, err := json.Marshal(after)
	if err != nil {
		t.Fatal(err)
	}
	patch, err := jsonmergepatch.CreateThreeWayJSONMergePatch(was, is, was)
	if err != nil {
		t.Fatal(err)
	}
	text, err := jsonpatch.MergePatch(was, patch)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &applied); err != nil {
		t.Fatal(err)
	}
	return applied
}

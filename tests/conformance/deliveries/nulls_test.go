package deliveries

import (
	"encoding/json"
	"testing"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"

	"kubectl-fleet.io/conformance/fleets"
)

// TestNulls verifies the documented behavior of a null in values that are an object in the output: `kubectl apply` without
// `--server-side` removes the key, so the chart's default remains. In a string, the null is kept.
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
			after, dir := printed(t, f)
			var applied []map[string]any
			for index := range after {
				applied = append(applied, apply(t, before[index], after[index]))
			}
			if found := problems(t, f, after, dir); len(found) > 0 {
				t.Errorf("the unchanged fleet has errors: %q", found)
			}
			if found := problems(t, f, applied, dir); (len(found) == 0) != stays {
				t.Errorf("%q", found)
			}
		})
	}
}

// apply follows `kubectl apply` for an object of an unknown kind: the last applied configuration equals the live object.
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

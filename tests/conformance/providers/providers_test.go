// Package providers compares rendered templates of the Cluster API providers with clusterctl.
package providers

import (
	"fmt"
	"strings"
	"testing"
)

// clusters is the number of clusters of each template.
const clusters = 3

func TestTemplatesMatchClusterctl(t *testing.T) {
	all := templates(t)
	accepted, topologies, objects, used, needed := 0, 0, 0, map[string]int{}, map[string]int{}
	for _, template := range all {
		clusters := clustersOf(t, template, used)
		var want []map[string]any
		var refused error
		for _, cluster := range clusters {
			made, err := clusterctl(template.text, cluster)
			if err != nil {
				refused = err
			}
			want = append(want, made...)
		}
		got, err := rendered(t, write(t, template.text, clusters), clusters)
		if refusal, listed := refusals[template.name]; listed {
			check(t, template.name, refusal, err, refused, len(want))
			needed[refusal.reason]++
			continue
		}
		switch {
		case hasRandomTopology(err):
			topologies++
		case err != nil || refused != nil:
			t.Errorf("%s:\nclusterctl: %v\nours:       %v", template.name, refused, err)
		case len(got) != len(want) || len(want) == 0:
			t.Errorf("%s: %d objects, but %d with clusterctl", template.name, len(got), len(want))
		default:
			for index := range want {
				kind := fmt.Sprint(want[index]["kind"])
				for _, difference := range differences(kind, nil, got[index], want[index]) {
					if exception := find(difference); exception != "" {
						needed[exception]++
					} else {
						t.Errorf("%s: %v", template.name, difference)
					}
				}
			}
			accepted++
			objects += len(want)
		}
	}
	for _, exception := range exceptions {
		if needed[exception.reason] == 0 {
			t.Errorf("no template needs the exception: %s", exception.reason)
		}
	}
	for name, refusal := range refusals {
		if needed[refusal.reason] == 0 {
			t.Errorf("%s does not exist: remove it from the list", name)
		}
	}
	for kind := range kinds {
		if used[fmt.Sprint(kind)] == 0 {
			t.Errorf("no variable has the value %v", kinds[kind](0))
		}
	}
	t.Logf("%d of %d templates rendered for %d clusters each: %d objects", accepted, len(all), clusters, objects)
	if topologies > 4 {
		t.Errorf("%d templates are not compared, because their topologies are rejected", topologies)
	}
	t.Logf("%d templates with rejected topologies", topologies)
	t.Logf("values by kind: %v", used)
	t.Logf("exceptions: %v", needed)
}

// clustersOf returns the clusters of a template, each with different values.
func clustersOf(t *testing.T, template template, used map[string]int) (all []cluster) {
	t.Helper()
	variables, err := variables(template.text)
	if err != nil {
		t.Fatalf("%s: %v", template.name, err)
	}
	if err := locate(template.text, variables); err != nil && refusals[template.name].theirs == "" {
		t.Fatalf("%s: %v", template.name, err)
	}
	for index := range clusters {
		name := fmt.Sprintf("demo-%c", 'a'+index)
		cluster := cluster{name, "ns-" + name, map[string]value{}}
		for name, variable := range variables {
			if name == "CLUSTER_NAME" || name == "NAMESPACE" {
				continue
			}
			value, kind := valueOf(template.name, name, variable, index)
			if kind != "" {
				cluster.values[name] = value
			} else {
				kind = "default"
			}
			used[kind]++
		}
		all = append(all, cluster)
	}
	return all
}

func check(t *testing.T, name string, refusal refusal, rendered, theirs error, objects int) {
	t.Helper()
	switch {
	case rendered == nil:
		t.Errorf("%s is no longer rejected: remove it from the list: %s", name, refusal.reason)
	case !strings.Contains(rendered.Error(), "error["+refusal.code+"]"):
		t.Errorf("%s: not %s: %v", name, refusal.code, rendered)
	case refusal.theirs == "" && (theirs != nil || objects > 0):
		t.Errorf("%s: clusterctl returns %d objects, %v", name, objects, theirs)
	case refusal.theirs != "" && (theirs == nil || !strings.Contains(theirs.Error(), refusal.theirs)):
		t.Errorf("%s: clusterctl reports %v", name, theirs)
	}
}

func find(difference difference) string {
	for _, exception := range exceptions {
		if exception.covers(difference) {
			return exception.reason
		}
	}
	return ""
}

package fleets

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Release is the input of a Helm installation. A chart of a registry is a reference and has no repository.
type Release struct {
	Repository, Chart, Version, Name, Namespace string
	Values                                      map[string]any
}

// Release returns the release of an add-on for a member.
func (f Fleet) Release(addon AddOn, member map[string]any) Release {
	helm := f.chart(addon, member)
	text := func(key string) string {
		text, _ := resolve(helm[key], member).(string)
		return text
	}
	values, _ := resolve(helm["values"], member).(map[string]any)
	if runtime, is := helm["runtimeValues"].(map[string]any); is {
		values = merged(values, resolve(runtime, member).(map[string]any))
	}
	release := Release{text("repo"), text("chart"), text("version"), text("release"), text("namespace"), plain(values)}
	if release.Name == "" {
		release.Name = addon.Name
	}
	if strings.HasPrefix(release.Repository, "oci://") {
		release.Chart = strings.TrimSuffix(release.Repository, "/") + "/" + release.Chart
		release.Repository = ""
	}
	return release
}

// plain returns values with the number types that Helm reads from YAML.
func plain(values map[string]any) map[string]any {
	text, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	result := map[string]any{}
	if err := json.Unmarshal(text, &result); err != nil {
		panic(err)
	}
	if result == nil {
		return map[string]any{}
	}
	return result
}

// Texts returns the manifests of an add-on for a member, which are deployed unchanged.
func (a AddOn) Texts(member map[string]any) (texts []string) {
	for _, path := range slices.Sorted(maps.Keys(a.Manifests)) {
		dir, _, _ := strings.Cut(path, "/")
		if !strings.HasPrefix(a.Pattern, ByType) || dir == member["type"] {
			texts = append(texts, a.Manifests[path])
		}
	}
	return texts
}

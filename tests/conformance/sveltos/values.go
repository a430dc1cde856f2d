package sveltos

import (
	"fmt"
	"maps"
	"slices"

	"dario.cat/mergo"
	"sigs.k8s.io/yaml"
)

// template is the annotation that makes Sveltos evaluate the content of a ConfigMap, regardless of its value.
const template = "projectsveltos.io/template"

// resolve follows getConfigMap and its callers in addon-controller's controllers: the ConfigMap that a reference names for a
// cluster. A missing ConfigMap is an error, because no generated reference is optional.
func (m *Management) resolve(reference Reference, cluster Cluster) (configMap, error) {
	if reference.Kind != "ConfigMap" {
		return configMap{}, fmt.Errorf("references to a %s are not supported", reference.Kind)
	}
	namespace, err := refer(reference.Namespace, cluster)
	if err != nil {
		return configMap{}, err
	}
	name, err := refer(reference.Name, cluster)
	if err != nil {
		return configMap{}, err
	}
	found, exists := m.configMaps[namespace+"/"+name]
	if !exists {
		return configMap{}, fmt.Errorf("there is no ConfigMap %s/%s", namespace, name)
	}
	return found, nil
}

// valuesFrom follows getValuesFrom in addon-controller's controllers: the contents of every key, in order, grouped by whether
// they are templates.
func (m *Management) valuesFrom(references []Reference, cluster Cluster) (plain, templates []string, err error) {
	for _, reference := range references {
		found, err := m.resolve(reference, cluster)
		if err != nil {
			return nil, nil, err
		}
		for _, key := range slices.Sorted(maps.Keys(found.data)) {
			if _, is := found.annotations[template]; is {
				templates = append(templates, found.data[key])
			} else {
				plain = append(plain, found.data[key])
			}
		}
	}
	return plain, templates, nil
}

// values follows getHelmChartInstantiatedValues in addon-controller's controllers. The chart can be instantiated or not: for the
// hash it is not, so its values are evaluated once, and for Helm it is, so they are evaluated twice.
func (m *Management) values(chart Chart, cluster Cluster) (map[string]any, error) {
	inline, err := run(chart.Values, cluster)
	if err != nil {
		return nil, err
	}
	result := map[string]any{}
	if inline != "" {
		result = nil
		if err := yaml.Unmarshal([]byte(inline), &result); err != nil {
			return nil, err
		}
	}
	plain, templates, err := m.valuesFrom(chart.ValuesFrom, cluster)
	if err != nil {
		return nil, err
	}
	for _, text := range templates {
		filled, err := run(text, cluster)
		if err != nil {
			return nil, err
		}
		plain = append(plain, filled)
	}
	for _, text := range plain {
		var over map[string]any
		if err := yaml.Unmarshal([]byte(text), &over); err != nil {
			return nil, err
		}
		if err := mergo.Merge(&result, over, mergo.WithOverride); err != nil {
			return nil, err
		}
	}
	return result, nil
}

package selectors

import (
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// kubernetes returns a selector as Kubernetes parses it, or the reason for its rejection.
func kubernetes(written selector) (labels.Selector, error) {
	text, err := json.Marshal(written)
	if err != nil {
		return nil, err
	}
	var read metav1.LabelSelector
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	return metav1.LabelSelectorAsSelector(&read)
}

// isContradiction reports whether no set of labels satisfies the requirements. Requirements on different keys are independent, so
// it is enough to try each value of each key, a value that no requirement names, and the absence of the key.
func isContradiction(selector labels.Selector) bool {
	requirements, _ := selector.Requirements()
	tried := map[string][]labels.Set{}
	for _, requirement := range requirements {
		key := requirement.Key()
		if tried[key] == nil {
			tried[key] = []labels.Set{{}, {key: "named-by-none"}}
		}
		for value := range requirement.Values() {
			tried[key] = append(tried[key], labels.Set{key: value})
		}
	}
	for key, sets := range tried {
		isMet := false
		for _, set := range sets {
			all := true
			for _, requirement := range requirements {
				if requirement.Key() == key && !requirement.Matches(set) {
					all = false
				}
			}
			isMet = isMet || all
		}
		if !isMet {
			return true
		}
	}
	return false
}

package sveltos

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// manifests follows collectContent in addon-controller's controllers: the objects in the sources that policyRefs name.
func (m *Management) manifests(references []Reference, cluster Cluster) ([]map[string]any, error) {
	var objects []map[string]any
	for _, reference := range references {
		found, err := m.resolve(reference, cluster)
		if err != nil {
			return nil, err
		}
		for _, key := range slices.Sorted(maps.Keys(found.data)) {
			text := found.data[key]
			if _, is := found.annotations[template]; is {
				if text, err = run(text, cluster); err != nil {
					return nil, err
				}
			}
			content, err := objectsOf(text)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			objects = append(objects, content...)
		}
	}
	return objects, nil
}

// objectsOf splits a string and parses each part, which GetUnstructured in libsveltos' lib/deployer splits once more.
func objectsOf(text string) (objects []map[string]any, err error) {
	parts, err := split(text)
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		again, err := split(part)
		if err != nil {
			return nil, err
		}
		for _, text := range again {
			var object map[string]any
			if err := yaml.Unmarshal([]byte(text), &object); err != nil {
				return nil, err
			}
			if object["kind"] == nil {
				return nil, fmt.Errorf("no object: %.100s", text)
			}
			objects = append(objects, object)
		}
	}
	return objects, nil
}

var (
	commentLine = regexp.MustCompile(`(?m)^\s*#([^#].*?)$`)
	emptyLine   = regexp.MustCompile(`(?m)^\s*$`)
)

// split follows CustomSplit in libsveltos' lib/deployer: documents by the decoder of apimachinery, but only in a string that
// contains `---`, and no document for a string of comments.
func split(text string) ([]string, error) {
	if emptyLine.ReplaceAllString(commentLine.ReplaceAllString(text, ""), "") == "" {
		return nil, nil
	}
	if !strings.Contains(text, "---") {
		if strings.HasPrefix(strings.TrimSpace(text), "-") {
			return nil, errors.New("lists of objects are not supported")
		}
		return []string{text}, nil
	}
	var documents []string
	for decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader([]byte(text)), 4096); ; {
		var document any
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return documents, nil
		} else if err != nil {
			return nil, err
		}
		if document == nil {
			continue
		}
		text, err := yaml.Marshal(document)
		if err != nil {
			return nil, err
		}
		documents = append(documents, string(text))
	}
}

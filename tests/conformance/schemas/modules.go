package schemas

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/modules"
)

// carrier is a Go module that contains CRDs: directories with a file for each, or files that contain other objects, too.
type carrier struct {
	modules.Module
	places []string
}

var carriers = []carrier{
	{
		modules.ClusterAPI,
		[]string{"core/config/crd/bases", "controlplane/kubeadm/config/crd/bases", "bootstrap/kubeadm/config/crd/bases"},
	},
	{modules.ClusterAPITest, []string{"infrastructure/docker/config/crd/bases"}},
	{modules.AWS, []string{"config/crd/bases"}},
	{modules.Azure, []string{"config/crd/bases"}},
	{modules.GCP, []string{"config/crd/bases"}},
	{modules.Helm, []string{"config/crd/bases"}},
	{modules.Sveltos, []string{"config/crd/bases"}},
	{modules.LibSveltos, []string{"config/crd/bases"}},
	{modules.ArgoCD, []string{"manifests/crds"}},
	{modules.ExternalSecrets, []string{"config/crds/bases"}},
	{modules.FluxKustomize, []string{"config/crd/bases"}},
	{modules.FluxSource, []string{"config/crd/bases"}},
	{modules.FluxHelm, []string{"config/crd/bases"}},
	{
		modules.FluxOperator,
		[]string{
			"config/crd/bases",
			// Controllers of Flux whose modules the proxy does not contain.
			"config/data/flux/v2.9.5/image-automation-controller.yaml",
			"config/data/flux/v2.9.5/image-reflector-controller.yaml",
			"config/data/flux/v2.9.5/notification-controller.yaml",
			"config/data/flux/v2.9.5/source-watcher.yaml",
		},
	},
	{modules.CAPIOperator, []string{"config/crd/bases"}},
	{modules.CertManager, []string{"deploy/crds"}},
	{modules.SealedSecrets, []string{"helm/sealed-secrets/crds"}},
	{modules.Crossplane, []string{"cluster/crds"}},
}

// CustomResourceDefinitions returns every CRD in the form that a server without conversion webhooks accepts.
func CustomResourceDefinitions() (all []apiextensionsv1.CustomResourceDefinition, err error) {
	found, err := definitions()
	for _, definition := range found {
		crd := definition.crd
		crd.Spec.Conversion = &apiextensionsv1.CustomResourceConversion{Strategy: apiextensionsv1.NoneConverter}
		all = append(all, crd)
	}
	return all, err
}

// definitions returns every CRD by the resource that it defines.
func definitions() (map[schema.GroupKind]*definition, error) {
	var all []modules.Module
	for _, carrier := range carriers {
		all = append(all, carrier.Module)
	}
	zips, err := modules.Zips(all...)
	if err != nil {
		return nil, err
	}
	found := map[schema.GroupKind]*definition{}
	for _, carrier := range carriers {
		if err := carrier.read(zips[carrier.Module], found); err != nil {
			return nil, fmt.Errorf("%s: %w", carrier.Root(), err)
		}
	}
	return found, nil
}

// read adds the CRDs in the zip of a module.
func (c carrier) read(file string, found map[schema.GroupKind]*definition) error {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return err
	}
	defer archive.Close()
	used := map[string]bool{}
	for _, entry := range archive.File {
		name := strings.TrimPrefix(entry.Name, c.Root())
		place := path.Dir(name)
		whole := slices.Contains(c.places, name)
		if whole {
			place = name
		}
		if !slices.Contains(c.places, place) || path.Ext(name) != ".yaml" || path.Base(name) == "kustomization.yaml" {
			continue
		}
		documents, err := read(entry)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for _, document := range documents {
			if whole && !isDefinition(document) {
				continue
			}
			definition, err := newDefinition(document)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			kind := definition.kind()
			if found[kind] != nil {
				return fmt.Errorf("%s: %v is defined twice", name, kind)
			}
			found[kind] = definition
			used[place] = true
		}
	}
	for _, place := range c.places {
		if !used[place] {
			return fmt.Errorf("no CRD in %s", place)
		}
	}
	return nil
}

// read returns the documents of a file.
func read(entry *zip.File) (documents [][]byte, err error) {
	file, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	for reader := utilyaml.NewYAMLReader(bufio.NewReader(file)); ; {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return documents, nil
		} else if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(document)) > 0 {
			documents = append(documents, document)
		}
	}
}

func isDefinition(document []byte) bool {
	var object struct{ Kind string }
	return yaml.Unmarshal(document, &object) == nil && object.Kind == "CustomResourceDefinition"
}

package schemas

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"kubectl-fleet.io/conformance/modules"
)

// carrier is a Go module that contains CRDs.
type carrier struct {
	modules.Module
	dirs []string
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
	{modules.FluxOperator, []string{"config/crd/bases"}},
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

// read adds the CRDs in the zip of a module, each from its own file.
func (c carrier) read(file string, found map[schema.GroupKind]*definition) error {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return err
	}
	defer archive.Close()
	used := map[string]bool{}
	for _, entry := range archive.File {
		name := strings.TrimPrefix(entry.Name, c.Root())
		dir := path.Dir(name)
		if !slices.Contains(c.dirs, dir) || path.Ext(name) != ".yaml" || path.Base(name) == "kustomization.yaml" {
			continue
		}
		definition, err := read(entry)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		kind := definition.kind()
		if found[kind] != nil {
			return fmt.Errorf("%s: %v is defined twice", name, kind)
		}
		found[kind] = definition
		used[dir] = true
	}
	for _, dir := range c.dirs {
		if !used[dir] {
			return fmt.Errorf("no CRD in %s", dir)
		}
	}
	return nil
}

func read(entry *zip.File) (*definition, error) {
	file, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return newDefinition(text)
}

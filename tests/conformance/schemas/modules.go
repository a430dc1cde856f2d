package schemas

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// module is a Go module that carries CRDs. The sum is that of go.sum, since these modules are in no go.mod of ours:
// some of them need a newer Go.
type module struct {
	path, version, sum string
	folders            []string
}

var modules = []module{
	{
		"sigs.k8s.io/cluster-api", "v1.14.2", "h1:o3GFNaeNFAOEEMpDPfhCK+2CjmV6gtQ8yLEcUwCg7bA=",
		[]string{"core/config/crd/bases", "controlplane/kubeadm/config/crd/bases", "bootstrap/kubeadm/config/crd/bases"},
	},
	{"sigs.k8s.io/cluster-api-provider-aws/v2", "v2.13.0", "h1:yQz7GBrIkPLuEJ5MXNuZ/6eUssTJK8reUnZ6t5QIPnU=", []string{"config/crd/bases"}},
	{"sigs.k8s.io/cluster-api-provider-azure", "v1.26.0", "h1:r8j3FPec1GZ9SMx0f2Z9Pd0qXYu+qUOfR0U/TTgZ+6w=", []string{"config/crd/bases"}},
	{"sigs.k8s.io/cluster-api-provider-gcp", "v1.13.1", "h1:l4zdwsHFwcA8CP5P4NPar9fUu5kMwucKhp2IQBHduJs=", []string{"config/crd/bases"}},
	{"sigs.k8s.io/cluster-api-addon-provider-helm", "v0.6.4", "h1:Hc2B7KrnDSJEYzau/SBkft55c72ulSl8j+fHpPtMLD4=", []string{"config/crd/bases"}},
	{"github.com/projectsveltos/addon-controller", "v1.14.0", "h1:2KPHO9z1I1v9bnR76sOcQ3p8xGwx2FLnMJnM155lx1U=", []string{"config/crd/bases"}},
	{"github.com/projectsveltos/libsveltos", "v1.14.0", "h1:vw+kbGfsMcKk69AdQsjpdhlZK0LI/07Y+292noB9F+8=", []string{"config/crd/bases"}},
	{"github.com/argoproj/argo-cd/v3", "v3.6.1", "h1:OmhqeKiR3C//awbFrhQqFdtRI+Qiv17j8vqm3UkMj/g=", []string{"manifests/crds"}},
	{"github.com/external-secrets/external-secrets", "v1.3.2", "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=", []string{"config/crds/bases"}},
	{"github.com/fluxcd/kustomize-controller", "v1.10.1", "h1:IjTnrkIy0ULJoTNC2ZKuMb32vkqj7dJ6zt6UqbTFxKA=", []string{"config/crd/bases"}},
	{"github.com/fluxcd/source-controller", "v1.10.1", "h1:vkYpgpLZu20LQ2UN4lPBdWH7sqTNdQ8FjcZD/HogN2E=", []string{"config/crd/bases"}},
	{"github.com/fluxcd/helm-controller", "v1.6.4", "h1:u/Ew7LehrwDQaE/NqWdaB3XnNDCxRGDcp1FZl7RKj4g=", []string{"config/crd/bases"}},
	{"github.com/crossplane/crossplane/v2", "v2.3.4", "h1:fqYKqtyQjMnodjyKOJUeupf8SSzjLrTWGUrS+aR2z+E=", []string{"cluster/crds"}},
}

// definitions gives every CRD by what it defines.
func definitions() (map[schema.GroupKind]*definition, error) {
	zips, err := download(modules)
	if err != nil {
		return nil, err
	}
	found := map[schema.GroupKind]*definition{}
	for _, module := range modules {
		if err := module.read(zips[module.path], found); err != nil {
			return nil, fmt.Errorf("%s@%s: %w", module.path, module.version, err)
		}
	}
	return found, nil
}

// File gives a file of a module, through the module cache.
func File(path, version, sum, name string) ([]byte, error) {
	zips, err := download([]module{{path: path, version: version, sum: sum}})
	if err != nil {
		return nil, err
	}
	archive, err := zip.OpenReader(zips[path])
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	file, err := archive.Open(path + "@" + version + "/" + name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// download asks the go command for the modules and gives the path of each one's zip. The folder would not do: where a
// module needs a newer Go, the go command does not say which it is.
func download(modules []module) (map[string]string, error) {
	// Outside of every module, or those of a go.mod had a say.
	outside, err := os.MkdirTemp("", "")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(outside)
	arguments := []string{"mod", "download", "-json"}
	for _, module := range modules {
		arguments = append(arguments, module.path+"@"+module.version)
	}
	var stdout, stderr bytes.Buffer
	command := exec.Command("go", arguments...)
	command.Dir = outside
	// A module that needs a newer Go must not fetch one.
	command.Env = append(os.Environ(), "PWD="+outside, "GOTOOLCHAIN=local", "GOWORK=off")
	command.Stdout, command.Stderr = &stdout, &stderr
	failed := command.Run()

	zips := map[string]string{}
	for decoder := json.NewDecoder(&stdout); ; {
		var got struct{ Path, Version, Zip, Sum, Error string }
		if err := decoder.Decode(&got); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go mod download: %w\n%s", err, stderr.String())
		}
		wanted := slices.IndexFunc(modules, func(module module) bool { return module.path == got.Path })
		switch {
		case wanted < 0:
			return nil, fmt.Errorf("go mod download gave %s", got.Path)
		case got.Zip == "":
			return nil, fmt.Errorf("go mod download: %s", got.Error)
		case got.Sum != modules[wanted].sum:
			return nil, fmt.Errorf("%s@%s has the sum %s, not %s", got.Path, got.Version, got.Sum, modules[wanted].sum)
		}
		zips[got.Path] = got.Zip
	}
	if len(zips) < len(modules) {
		return nil, fmt.Errorf("go mod download gave %d of %d modules: %v\n%s", len(zips), len(modules), failed, stderr.String())
	}
	return zips, nil
}

// read adds the CRDs in a module's zip to those that were found, every one of them in a file of its own.
func (m module) read(file string, found map[schema.GroupKind]*definition) error {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return err
	}
	defer archive.Close()
	used := map[string]bool{}
	for _, entry := range archive.File {
		name := strings.TrimPrefix(entry.Name, m.path+"@"+m.version+"/")
		folder := path.Dir(name)
		if !slices.Contains(m.folders, folder) || path.Ext(name) != ".yaml" || path.Base(name) == "kustomization.yaml" {
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
		used[folder] = true
	}
	for _, folder := range m.folders {
		if !used[folder] {
			return fmt.Errorf("no CRD in %s", folder)
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

// Package modules reads files of Go modules other than code.
package modules

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
)

// Module is a version of a Go module. The sum is that of go.sum, because no go.mod of kubectl-fleet requires a module only for
// its files: some of these modules need a newer Go.
type Module struct{ Path, Version, Sum string }

// Cluster API, its providers, and the module that tests them.
var (
	ClusterAPI     = Module{"sigs.k8s.io/cluster-api", "v1.14.2", "h1:o3GFNaeNFAOEEMpDPfhCK+2CjmV6gtQ8yLEcUwCg7bA="}
	ClusterAPITest = Module{"sigs.k8s.io/cluster-api/test", "v1.14.2", "h1:nZ/Ql57cR7Huwqd7o3X+2AFSg5kcAmSTUZovLwzIhIs="}
	AWS            = Module{"sigs.k8s.io/cluster-api-provider-aws/v2", "v2.13.0", "h1:yQz7GBrIkPLuEJ5MXNuZ/6eUssTJK8reUnZ6t5QIPnU="}
	Azure          = Module{"sigs.k8s.io/cluster-api-provider-azure", "v1.26.0", "h1:r8j3FPec1GZ9SMx0f2Z9Pd0qXYu+qUOfR0U/TTgZ+6w="}
	GCP            = Module{"sigs.k8s.io/cluster-api-provider-gcp", "v1.13.1", "h1:l4zdwsHFwcA8CP5P4NPar9fUu5kMwucKhp2IQBHduJs="}
)

// Kubernetes contains descriptions of its API.
var Kubernetes = Module{"k8s.io/kubernetes", "v1.36.3", "h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o="}

// Delivery methods, and other controllers with custom resources.
var (
	Helm            = Module{"sigs.k8s.io/cluster-api-addon-provider-helm", "v0.6.4", "h1:Hc2B7KrnDSJEYzau/SBkft55c72ulSl8j+fHpPtMLD4="}
	Sveltos         = Module{"github.com/projectsveltos/addon-controller", "v1.14.0", "h1:2KPHO9z1I1v9bnR76sOcQ3p8xGwx2FLnMJnM155lx1U="}
	LibSveltos      = Module{"github.com/projectsveltos/libsveltos", "v1.14.0", "h1:vw+kbGfsMcKk69AdQsjpdhlZK0LI/07Y+292noB9F+8="}
	ArgoCD          = Module{"github.com/argoproj/argo-cd/v3", "v3.6.1", "h1:OmhqeKiR3C//awbFrhQqFdtRI+Qiv17j8vqm3UkMj/g="}
	ExternalSecrets = Module{"github.com/external-secrets/external-secrets", "v1.3.2", "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ="}
	FluxKustomize   = Module{"github.com/fluxcd/kustomize-controller", "v1.10.1", "h1:IjTnrkIy0ULJoTNC2ZKuMb32vkqj7dJ6zt6UqbTFxKA="}
	FluxSource      = Module{"github.com/fluxcd/source-controller", "v1.10.1", "h1:vkYpgpLZu20LQ2UN4lPBdWH7sqTNdQ8FjcZD/HogN2E="}
	FluxHelm        = Module{"github.com/fluxcd/helm-controller", "v1.6.4", "h1:u/Ew7LehrwDQaE/NqWdaB3XnNDCxRGDcp1FZl7RKj4g="}
	FluxOperator    = Module{"github.com/controlplaneio-fluxcd/flux-operator", "v0.59.0", "h1:jByuiWYtjSJxucGHuz68tV0DeVFz5CYrKQYfxAwE7lE="}
	CAPIOperator    = Module{"sigs.k8s.io/cluster-api-operator", "v0.29.0", "h1:i8j3auZqWlbiTiMnHqzyFlppHAfzZuqYYlBLDD3cNe4="}
	CertManager     = Module{"github.com/cert-manager/cert-manager", "v1.21.2", "h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68="}
	SealedSecrets   = Module{"github.com/bitnami-labs/sealed-secrets", "v0.40.0", "h1:rvCP35JL8ZV5LNA2SrwNR6iLyoM3ulrSFWN0lBtYEYI="}
	Crossplane      = Module{"github.com/crossplane/crossplane/v2", "v2.3.4", "h1:fqYKqtyQjMnodjyKOJUeupf8SSzjLrTWGUrS+aR2z+E="}
)

// Root is the directory in the zip of the module that contains all files.
func (m Module) Root() string { return m.Path + "@" + m.Version + "/" }

// File returns a file of a module, through the module cache.
func (m Module) File(name string) ([]byte, error) {
	zips, err := Zips(m)
	if err != nil {
		return nil, err
	}
	archive, err := zip.OpenReader(zips[m])
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	file, err := archive.Open(m.Root() + name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// Zips downloads the modules with the go command and returns the path of the zip of each module. The directory cannot be used: if
// a module needs a newer Go, the go command does not report it.
func Zips(modules ...Module) (map[Module]string, error) {
	// Runs outside of every module, because a go.mod would influence the result.
	outside, err := os.MkdirTemp("", "")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(outside)
	arguments := []string{"mod", "download", "-json"}
	for _, module := range modules {
		arguments = append(arguments, module.Path+"@"+module.Version)
	}
	var stdout, stderr bytes.Buffer
	command := exec.Command("go", arguments...)
	command.Dir = outside
	// The go command must not download a newer Go for a module.
	command.Env = append(os.Environ(), "PWD="+outside, "GOTOOLCHAIN=local", "GOWORK=off")
	command.Stdout, command.Stderr = &stdout, &stderr
	failed := command.Run()

	zips := map[Module]string{}
	for decoder := json.NewDecoder(&stdout); ; {
		var got struct{ Path, Version, Zip, Sum, Error string }
		if err := decoder.Decode(&got); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go mod download: %w\n%s", err, stderr.String())
		}
		expected := slices.IndexFunc(modules, func(module Module) bool { return module.Path == got.Path })
		switch {
		case expected < 0:
			return nil, fmt.Errorf("go mod download returned %s", got.Path)
		case got.Zip == "":
			return nil, fmt.Errorf("go mod download: %s", got.Error)
		case got.Sum != modules[expected].Sum:
			return nil, fmt.Errorf("%s@%s has the sum %s, not %s", got.Path, got.Version, got.Sum, modules[expected].Sum)
		}
		zips[modules[expected]] = got.Zip
	}
	if len(zips) < len(modules) {
		return nil, fmt.Errorf("go mod download returned %d of %d modules: %v\n%s", len(zips), len(modules), failed, stderr.String())
	}
	return zips, nil
}

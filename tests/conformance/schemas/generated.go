package schemas

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"kubectl-fleet.io/conformance/modules"
	"kubectl-fleet.io/conformance/repository"
)

// Command writes the data again.
const Command = "cd tests/conformance && go run ./schemas/generate"

// Directory is the directory of the data that Generate creates.
func Directory() string { return filepath.Join(repository.Root, "src/builtin/schemas") }

// Generate returns the files with the schemas of all kinds by name:
//
//   - kinds.txt: a line for each served version of a kind: its apiVersion, kind, scope (N: in a namespace, C: of the cluster), and
//     the line of its schema in nodes.txt;
//   - nodes.txt: the nodes of all schemas, each once, as JSON (see node);
//   - sources.txt: the modules, with their versions.
func Generate() (map[string][]byte, error) {
	builtin, err := kubernetesKinds()
	if err != nil {
		return nil, err
	}
	definitions, err := definitions()
	if err != nil {
		return nil, err
	}
	compiler := &compiler{}
	compiler.meta = compiler.resolved(builtin, objectMeta, nil)

	// The order of the kinds determines the numbers of the nodes.
	type served struct {
		kind       schema.GroupVersionKind
		namespaced bool
		add        func() (int, error)
	}
	var all []served
	for _, kind := range builtin.kinds {
		all = append(all, served{kind.GroupVersionKind, kind.namespaced, func() (int, error) { return compiler.builtin(builtin, kind) }})
	}
	for kind, definition := range definitions {
		for _, candidate := range definition.crd.Spec.Versions {
			if !candidate.Served {
				continue
			}
			version, err := definition.version(candidate.Name)
			if err != nil {
				return nil, err
			}
			all = append(all, served{kind.WithVersion(candidate.Name), version.namespaced, func() (int, error) { return compiler.custom(version.structural) }})
		}
	}
	name := func(s served) string { return s.kind.GroupVersion().String() + " " + s.kind.Kind }
	slices.SortFunc(all, func(a, b served) int { return bytes.Compare([]byte(name(a)), []byte(name(b))) })

	var kinds, nodes, sources bytes.Buffer
	for _, served := range all {
		number, err := served.add()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name(served), err)
		}
		scope := "C"
		if served.namespaced {
			scope = "N"
		}
		fmt.Fprintf(&kinds, "%s %s %d\n", name(served), scope, number)
	}
	for _, line := range compiler.table.lines {
		nodes.Write(line)
		nodes.WriteByte('\n')
	}
	used := []modules.Module{modules.Kubernetes}
	for _, carrier := range carriers {
		used = append(used, carrier.Module)
	}
	slices.SortFunc(used, func(a, b modules.Module) int { return bytes.Compare([]byte(a.Path), []byte(b.Path)) })
	for _, module := range used {
		fmt.Fprintln(&sources, module.Path, module.Version)
	}
	return map[string][]byte{"kinds.txt": kinds.Bytes(), "nodes.txt": nodes.Bytes(), "sources.txt": sources.Bytes()}, nil
}

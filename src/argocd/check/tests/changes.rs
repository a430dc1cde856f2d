//! Changes of a valid Application, each with at most one error.

use crate::diagnostic::Code;

/// A replacement in the valid Application, and the expected error with the source text of its location.
pub(super) type Change = (&'static str, &'static str, Option<(Code, &'static str)>);

/// All changes.
pub(super) const CHANGES: &[Change] = &[
    // Names of plugins.
    (
        "name: kubectl-fleet\n",
        "name: kubectl-flet\n",
        Some((Code::UnknownPlugin, "kubectl-flet")),
    ),
    (
        "name: kubectl-fleet\n",
        "name: kubectl-fleet-v0.0.1\n",
        Some((Code::UnknownPlugin, "kubectl-fleet-v0.0.1")),
    ),
    (
        "name: kubectl-fleet\n",
        concat!("name: kubectl-fleet-v", env!("CARGO_PKG_VERSION"), "\n"),
        None,
    ),
    (
        "name: kubectl-fleet\n",
        "env: []\n",
        Some((Code::UnknownPlugin, "plain")),
    ),
    ("plugin:", "other:", Some((Code::UnknownPlugin, "plain"))),
    ("path: plain", "ref: a", None),
    (
        "path: plain",
        "path: no/fleet/here",
        Some((Code::UncheckedSource, "no/fleet/here")),
    ),
    (
        "path: plain",
        "path: file",
        Some((Code::NotADirectory, "file")),
    ),
    // Paths that Argo CD watches.
    (
        ": .\n",
        ": ./lists\n",
        Some((Code::UnwatchedFolder, "./lists")),
    ),
    (
        ": .\n",
        ": fleet.yaml;lists\n",
        Some((Code::UnwatchedFolder, "fleet.yaml;lists")),
    ),
    (
        ": .\n",
        ": /other\n",
        Some((Code::UnwatchedFolder, "/other")),
    ),
    (": .\n", ": /plai\n", Some((Code::UnwatchedFolder, "/plai"))),
    (": .\n", ": ../..\n", Some((Code::UnwatchedFolder, "../.."))),
    (": .\n", ": '*'\n", Some((Code::UnwatchedFolder, "'*'"))),
    (": .\n", ": ..\n", None),
    (": .\n", ": /plain\n", None),
    (": .\n", ": lists; /\n", None),
    (": .\n", ": ''\n", None),
    ("annotations:", "other:", None),
    // Parameters.
    (
        "parameters: []",
        "parameters: {}",
        Some((Code::InvalidParameter, "{}")),
    ),
    (
        "parameters: []",
        "parameters: [{string: a}]",
        Some((Code::InvalidParameter, "{string: a}")),
    ),
    (
        "parameters: []",
        "parameters: [{name: cel, string: a}]",
        Some((Code::InvalidParameter, "cel")),
    ),
    (
        "parameters: []",
        "parameters: [{name: locked, string: true}]",
        Some((Code::InvalidParameter, "true")),
    ),
    (
        "parameters: []",
        "parameters: [{name: locked, string: 'yes'}]",
        Some((Code::InvalidParameter, "'yes'")),
    ),
    (
        "parameters: []",
        "parameters: [{name: locked, array: [a]}]",
        Some((Code::InvalidParameter, "array")),
    ),
    (
        "parameters: []",
        "parameters: [{name: locked}, {name: locked}]",
        Some((Code::InvalidParameter, "locked")),
    ),
    (
        "parameters: []",
        "parameters: [{name: locked, string: 'true'}]",
        None,
    ),
    (
        "parameters: []",
        "parameters: [{name: locked, string: 'false'}]",
        None,
    ),
    (
        "parameters: []",
        "parameters: [{name: cell, string: ''}]",
        None,
    ),
    (
        "parameters: []",
        "parameters: [{name: cell, string: eu-1}]",
        Some((Code::EmptyCell, "eu-1")),
    ),
    // Fleets.
    (
        "path: plain",
        "path: cells",
        Some((Code::MissingParameter, "cells")),
    ),
    (
        "path: plain",
        "path: loose",
        Some((Code::UnguardedPrune, "true")),
    ),
    (
        "path: plain",
        "path: overridden",
        Some((Code::ParameterOverride, "overridden")),
    ),
    (
        "path: plain",
        "path: broken",
        Some((Code::UncheckedSource, "broken")),
    ),
    ("path: plain", "path: ./a/../a/plain/", None),
    (
        "path: plain",
        "path: locked",
        Some((Code::UnrequiredLock, "locked")),
    ),
    (
        "path: plain\n    plugin:\n      name: kubectl-fleet\n      parameters: []",
        "path: locked\n    plugin:\n      name: kubectl-fleet\n      parameters: [{name: locked, string: 'true'}]",
        None,
    ),
    // Sync options, and what the plugin does not read.
    (
        "[PrunePropagationPolicy=background]",
        "[PrunePropagationPolicy=background, Replace=true]",
        Some((Code::ReplacingSync, "Replace=true")),
    ),
    (
        "[PrunePropagationPolicy=background]",
        "[PrunePropagationPolicy=background, \"Force = true\"]",
        Some((Code::ReplacingSync, "\"Force = true\"")),
    ),
    (
        "[PrunePropagationPolicy=background]",
        "[Replace=false, \"PrunePropagationPolicy = background\"]",
        None,
    ),
    (
        "[PrunePropagationPolicy=background]",
        "[PrunePropagationPolicy=foreground]",
        Some((Code::ForegroundPruning, "PrunePropagationPolicy=foreground")),
    ),
    (
        "    syncOptions: [PrunePropagationPolicy=background]\n",
        "",
        Some((Code::ForegroundPruning, "automated:")),
    ),
    (
        "parameters: []",
        "env: [{name: CELL, value: eu}]",
        Some((Code::UnreadEnvironment, "{name: CELL, value: eu}")),
    ),
    (
        "  source:",
        "  other:",
        Some((Code::UncheckedSource, "other:")),
    ),
    // Finalizers.
    (
        "  name: fleet\n",
        "  finalizers: [resources-finalizer.argocd.argoproj.io]\n",
        Some((
            Code::DeletingFinalizer,
            "resources-finalizer.argocd.argoproj.io",
        )),
    ),
    (
        "  name: fleet\n",
        "  finalizers: [resources-finalizer.argocd.argoproj.io/background]\n",
        Some((
            Code::DeletingFinalizer,
            "resources-finalizer.argocd.argoproj.io/background",
        )),
    ),
    (
        "  name: fleet\n",
        "  finalizers: [post-delete-finalizer.argocd.argoproj.io]\n",
        None,
    ),
    // Files.
    (
        "kind: Application",
        "kind: AppProject",
        Some((Code::NotAnApplication, "apiVersion: argoproj.io/v1alpha1")),
    ),
    (
        "argoproj.io/v1alpha1",
        "app.k8s.io/v1",
        Some((Code::NotAnApplication, "apiVersion: app.k8s.io/v1")),
    ),
];

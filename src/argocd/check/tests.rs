//! What is said about Applications.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fleet, Fleets, Folder, check};
use crate::diagnostic::{Code, Diagnostics};
use crate::model::Deletion;
use crate::source::Sources;
use crate::yaml::{Unmasked, parse};

/// An Application without a mistake, of a fleet without cells.
const SOUND: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: fleet
  annotations:
    argocd.argoproj.io/manifest-generate-paths: .
spec:
  source:
    path: plain
    plugin:
      name: kubectl-fleet
      parameters: []
  syncPolicy:
    automated:
      prune: true
";

/// An `ApplicationSet` without a mistake.
const SET: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: fleet
spec:
  syncPolicy:
    preserveResourcesOnDeletion: true
  template:
    metadata:
      name: fleet-{{.cell}}
    spec:
      source:
        path: cells
        plugin:
          name: kubectl-fleet
          parameters:
          - name: cell
            string: '{{.cell}}'
";

/// The folders: `plain`, `cells`, `loose` where deletions pass, `broken`, and `overridden`.
fn open(path: &str) -> Option<Folder> {
    let cells = |cells: &[&str]| cells.iter().map(ToString::to_string).collect();
    let fleet = |cells: BTreeSet<String>, deletion| {
        Some(Folder {
            fleet: Some(Fleet { cells, deletion }),
            overrides: Vec::new(),
        })
    };
    match path {
        "." | "plain" | "a/plain" => fleet(BTreeSet::new(), Deletion::Confirm),
        "cells" => fleet(cells(&["eu-1", "us-1"]), Deletion::Confirm),
        "loose" => fleet(BTreeSet::new(), Deletion::Allow),
        "broken" => Some(Folder::default()),
        "overridden" => Some(Folder {
            overrides: vec![".argocd-source.yaml".to_owned()],
            ..Folder::default()
        }),
        _ => None,
    }
}

/// How many Applications there are, and each code with the text of its place.
fn said(text: &str) -> (usize, Vec<(Code, String)>) {
    let mut sources = Sources::default();
    let mut diags = Diagnostics::default();
    let file = sources.add("app.yaml", text.to_owned());
    let documents = parse(file, text, &Unmasked, &mut diags);
    let mut fleets = Fleets {
        open: &mut open,
        known: BTreeMap::new(),
    };
    let count = check(file, &documents, &mut fleets, &mut diags);
    let found = diags.into_sorted();
    let place = |span: crate::source::Span| {
        let text = sources.text(span.file);
        let text = text[span.start as usize..span.end as usize].trim();
        text.lines().next().unwrap_or_default().to_owned()
    };
    let found = found
        .iter()
        .map(|one| (one.code, place(one.primary.as_ref().expect("a place").span)));
    (count, found.collect())
}

/// A change of [`SOUND`], and what is said about it, with the text of its place.
type Change = (&'static str, &'static str, Option<(Code, &'static str)>);

const CHANGES: &[Change] = &[
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
    ("path: plain", "path: no/fleet/here", None),
    // What Argo CD watches.
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
    ("path: plain", "path: broken", None),
    ("path: plain", "path: ./a/../a/plain/", None),
    (
        "path: plain",
        "path: ../plain",
        Some((Code::UnwatchedFolder, ".")),
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

#[test]
fn every_mistake_is_told_at_its_place() {
    assert_eq!(said(SOUND), (1, Vec::new()));
    for (old, new, expected) in CHANGES {
        let text = SOUND.replacen(old, new, 1);
        assert_ne!(text, SOUND, "{old}");
        let expected: Vec<_> = expected
            .iter()
            .map(|(code, place)| (*code, (*place).to_owned()))
            .collect();
        assert_eq!(said(&text).1, expected, "{new}");
    }
}

#[test]
fn a_fleet_with_cells_is_asked_for_one_of_them() {
    let sound = SOUND.replace("path: plain", "path: cells");
    for (cell, expected) in [
        ("eu-1", None),
        ("us-1", None),
        ("'@fleet'", None),
        ("'{{.cell}}'", None),
        ("eu-2", Some(Code::EmptyCell)),
    ] {
        let parameters = format!("parameters: [{{name: cell, string: {cell}}}]");
        let (_, found) = said(&sound.replace("parameters: []", &parameters));
        let found: Vec<Code> = found.into_iter().map(|(code, _)| code).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{cell}");
    }
}

#[test]
fn deletions_that_are_let_pass_want_a_person() {
    let loose = SOUND.replace("path: plain", "path: loose");
    for (old, new) in [
        ("prune: true", "prune: false"),
        ("prune: true", "enabled: false\n      prune: true"),
        ("automated:", "other:"),
    ] {
        assert_eq!(said(&loose.replace(old, new)).1, [], "{new}");
    }
}

#[test]
fn sources_of_a_list_are_checked_too() {
    let text = SOUND.replace(
        "  source:\n    path",
        "  sources:\n  - chart: a\n  - ref: a\n  - path",
    );
    assert_eq!(said(&text), (1, Vec::new()));
    let text = text.replace("name: kubectl-fleet\n", "name: a\n");
    assert_eq!(said(&text).1, [(Code::UnknownPlugin, "a".to_owned())]);
}

#[test]
fn an_application_set_is_checked_by_its_template() {
    assert_eq!(said(SET), (1, Vec::new()));
    for (old, new, expected) in [
        ("true", "false", (Code::DeletingFinalizer, "false")),
        (
            "    preserveResourcesOnDeletion: true\n",
            "    applicationsSync: sync\n",
            (Code::DeletingFinalizer, "ApplicationSet"),
        ),
        ("'{{.cell}}'", "''", (Code::MissingParameter, "cells")),
        (
            "kubectl-fleet\n",
            "kubectl-fleets\n",
            (Code::UnknownPlugin, "kubectl-fleets"),
        ),
    ] {
        let expected = vec![(expected.0, expected.1.to_owned())];
        assert_eq!(said(&SET.replacen(old, new, 1)).1, expected, "{new}");
    }
    for (old, new) in [
        ("path: cells", "path: '{{.path}}'"),
        ("name: kubectl-fleet\n", "name: '{{.plugin}}'\n"),
    ] {
        assert_eq!(said(&SET.replacen(old, new, 1)).1, [], "{new}");
    }
}

#[test]
fn every_document_of_a_file_counts() {
    assert_eq!(
        said(&format!("{SOUND}---\n{SET}---\na: b\n")),
        (2, Vec::new())
    );
    assert_eq!(said("").1, [(Code::NotAnApplication, String::new())]);
}

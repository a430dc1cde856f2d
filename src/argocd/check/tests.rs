//! What is said about Applications.

#[path = "tests/changes.rs"]
mod changes;

use std::collections::{BTreeMap, BTreeSet};

use super::{Fleet, FleetDir, FleetIndex, check};
use crate::diagnostic::{Code, Diagnostics};
use crate::model::Deletion;
use crate::source::Sources;
use crate::yaml::{Unmasked, parse};
use changes::CHANGES;

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
fn open(path: &str) -> Option<FleetDir> {
    let cells = |cells: &[&str]| Some(cells.iter().map(ToString::to_string).collect());
    let fleet = |cells: Option<BTreeSet<String>>, deletion| {
        Some(FleetDir {
            fleet: Some(Fleet { cells, deletion }),
            overrides: Vec::new(),
        })
    };
    match path {
        "." | "plain" | "a/plain" => fleet(None, Deletion::Confirm),
        "nobody" => fleet(cells(&[]), Deletion::Confirm),
        "cells" => fleet(cells(&["eu-1", "us-1"]), Deletion::Confirm),
        "loose" => fleet(None, Deletion::Allow),
        "broken" => Some(FleetDir::default()),
        "overridden" => Some(FleetDir {
            overrides: vec![".argocd-source.yaml".to_owned()],
            ..FleetDir::default()
        }),
        _ => None,
    }
}

/// How many Applications there are, and each code with the text of its place.
fn said(text: &str) -> (usize, Vec<(Code, String)>) {
    let mut sources = Sources::default();
    let mut diags = Diagnostics::default();
    let file = sources.add("app.yaml", text.to_owned());
    let documents = parse(file, text, &Unmasked, &mut diags).unwrap_or_default();
    let mut fleets = FleetIndex {
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

/// Cells are written in `fleet.yaml`, whoever is in them yet.
#[test]
fn a_fleet_with_cells_and_no_cluster_is_asked_for_one_of_them_too() {
    let empty = SOUND.replace("path: plain", "path: nobody");
    assert_eq!(
        said(&empty).1,
        [(Code::MissingParameter, "nobody".to_owned())]
    );
    let parameters = "parameters: [{name: cell, string: '@fleet'}]";
    assert_eq!(said(&empty.replace("parameters: []", parameters)).1, []);
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

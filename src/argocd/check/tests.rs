//! Tests of the checks of Applications.

#[path = "tests/changes.rs"]
mod changes;

use std::collections::BTreeSet;

use std::rc::Rc;

use super::{Directory, Fleet, FleetDir, FleetIndex, check};
use crate::diagnostic::{Code, Diagnostics};
use crate::model::Deletion;
use crate::source::Sources;
use crate::yaml::{NoMask, parse};
use changes::CHANGES;

/// A valid Application of a fleet without cells.
const VALID: &str = "\
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
    syncOptions: [PrunePropagationPolicy=background]
    automated:
      prune: true
";

/// A valid `ApplicationSet`.
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
      syncPolicy:
        syncOptions: [PrunePropagationPolicy=background]
";

/// Returns the fleet of a path: `loose` sets `deletion: allow`, `broken` has errors.
fn open(path: &str) -> Directory {
    let cells = |cells: &[&str]| Some(cells.iter().map(ToString::to_string).collect());
    let fleet = |cells: Option<BTreeSet<String>>, deletion| FleetDir {
        fleet: Some(Fleet { cells, deletion }),
        overrides: Vec::new(),
        has_lock: false,
    };
    let dir = match path {
        "." | "plain" | "a/plain" => fleet(None, Deletion::Confirm),
        "empty" => fleet(cells(&[]), Deletion::Confirm),
        "cells" => fleet(cells(&["eu-1", "us-1"]), Deletion::Confirm),
        "loose" => fleet(None, Deletion::Allow),
        "broken" => FleetDir::default(),
        "overridden" => FleetDir {
            overrides: vec![".argocd-source.yaml".to_owned()],
            ..fleet(None, Deletion::Confirm)
        },
        "locked" => FleetDir {
            has_lock: true,
            ..fleet(None, Deletion::Confirm)
        },
        "file" => return Directory::File,
        _ => return Directory::Other,
    };
    Directory::Fleet(Rc::new(dir))
}

/// Returns the number of Applications, and each code with the source text of its location.
fn check_text(text: &str) -> (usize, Vec<(Code, String)>) {
    let mut sources = Sources::default();
    let mut diags = Diagnostics::default();
    let file = sources.add("app.yaml", text.to_owned());
    let documents = parse(file, text, &NoMask, &mut diags).unwrap_or_default();
    let mut open = open;
    let mut fleets = FleetIndex::new(&mut open);
    let count = check(file, &documents, &sources, &mut fleets, &mut diags);
    let found = diags.into_sorted();
    let source = |span: crate::source::Span| {
        let text = sources.text(span.file);
        let text = text[span.start as usize..span.end as usize].trim();
        text.lines().next().unwrap_or_default().to_owned()
    };
    let found = found.iter().map(|one| {
        (
            one.code,
            source(one.primary.as_ref().expect("a location").span),
        )
    });
    (count, found.collect())
}

#[test]
fn every_error_is_reported_at_its_location() {
    assert_eq!(check_text(VALID), (1, Vec::new()));
    for (old, new, expected) in CHANGES {
        let text = VALID.replacen(old, new, 1);
        assert_ne!(text, VALID, "{old}");
        let expected: Vec<_> = expected
            .iter()
            .map(|(code, source)| (*code, (*source).to_owned()))
            .collect();
        assert_eq!(check_text(&text).1, expected, "{new}");
    }
}

#[test]
fn path_outside_the_repository_is_reported() {
    let text = VALID.replace("path: plain", "path: ../plain");
    let expected = [
        (Code::UnwatchedFolder, "."),
        (Code::UncheckedSource, "../plain"),
    ];
    let expected = expected.map(|(code, source)| (code, source.to_owned()));
    assert_eq!(check_text(&text).1, expected);
}

#[test]
fn unknown_cell_is_reported() {
    let valid = VALID.replace("path: plain", "path: cells");
    for (cell, expected) in [
        ("eu-1", None),
        ("us-1", None),
        ("'@fleet'", None),
        ("'{{.cell}}'", None),
        ("eu-2", Some(Code::EmptyCell)),
    ] {
        let parameters = format!("parameters: [{{name: cell, string: {cell}}}]");
        let (_, found) = check_text(&valid.replace("parameters: []", &parameters));
        let found: Vec<Code> = found.into_iter().map(|(code, _)| code).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{cell}");
    }
}

#[test]
fn fleet_with_cells_and_no_cluster_requires_a_cell() {
    // `fleet.yaml` enables cells, even if no cluster is in a cell yet.
    let empty = VALID.replace("path: plain", "path: empty");
    assert_eq!(
        check_text(&empty).1,
        [(Code::MissingParameter, "empty".to_owned())]
    );
    let parameters = "parameters: [{name: cell, string: '@fleet'}]";
    assert_eq!(
        check_text(&empty.replace("parameters: []", parameters)).1,
        []
    );
}

#[test]
fn allowed_deletions_without_automated_pruning_are_not_reported() {
    let loose = VALID.replace("path: plain", "path: loose");
    for (old, new) in [
        ("prune: true", "prune: false"),
        ("prune: true", "enabled: false\n      prune: true"),
        ("automated:", "other:"),
    ] {
        assert_eq!(check_text(&loose.replace(old, new)).1, [], "{new}");
    }
}

#[test]
fn every_source_of_an_application_is_checked() {
    let text = VALID.replace(
        "  source:\n    path",
        "  sources:\n  - chart: a\n  - ref: a\n  - path",
    );
    assert_eq!(check_text(&text), (1, Vec::new()));
    let text = text.replace("name: kubectl-fleet\n", "name: a\n");
    assert_eq!(check_text(&text).1, [(Code::UnknownPlugin, "a".to_owned())]);
}

#[test]
fn application_set_is_checked_by_its_template() {
    assert_eq!(check_text(SET), (1, Vec::new()));
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
        assert_eq!(check_text(&SET.replacen(old, new, 1)).1, expected, "{new}");
    }
    let plugin = SET.replacen("name: kubectl-fleet\n", "name: '{{.plugin}}'\n", 1);
    assert_eq!(check_text(&plugin).1, []);
    let path = SET.replacen("path: cells", "path: '{{.path}}'", 1);
    let expected = (Code::UncheckedSource, "'{{.path}}'".to_owned());
    assert_eq!(check_text(&path).1, [expected]);
}

#[test]
fn everything_that_is_merged_over_a_template_is_checked() {
    const FINALIZER: &str = "resources-finalizer.argocd.argoproj.io";
    let metadata = format!("metadata: {{finalizers: [{FINALIZER}]}}");
    let before =
        |inserted: &str| SET.replacen("  template:\n", &format!("{inserted}  template:\n"), 1);
    for (inserted, expected) in [
        (
            format!("  templatePatch: |\n    {metadata}\n"),
            (Code::DeletingFinalizer, FINALIZER),
        ),
        (
            format!("  generators: [{{git: {{template: {{{metadata}}}}}}}]\n"),
            (Code::DeletingFinalizer, FINALIZER),
        ),
        (
            "  templatePatch: |\n    spec: {syncPolicy: {syncOptions: [Replace=true, PrunePropagationPolicy=background]}}\n"
                .to_owned(),
            (Code::ReplacingSync, "Replace=true"),
        ),
        (
            "  generators: [{list: {}}, {list: {template: {spec: {source: {path: broken}}}}}]\n"
                .to_owned(),
            (Code::UncheckedSource, "broken"),
        ),
        // Sequences of options are replaced, and finalizers are not.
        (
            "  templatePatch: |\n    spec: {syncPolicy: {syncOptions: [CreateNamespace=true]}}\n"
                .to_owned(),
            (
                Code::ForegroundPruning,
                "[CreateNamespace=true]",
            ),
        ),
        (
            "  generators: [{list: {template: {spec: {syncPolicy: {syncOptions: [A=b]}}}}}]\n"
                .to_owned(),
            (Code::ForegroundPruning, "[A=b]"),
        ),
        (
            format!(
                "  generators: [{{list: {{template: {{{metadata}}}}}}}]\n  templatePatch: |\n    metadata: {{finalizers: [other]}}\n"
            ),
            (Code::DeletingFinalizer, FINALIZER),
        ),
        (
            "  templatePatch: |\n    spec: {syncPolicy: {syncOptions: null}}\n".to_owned(),
            (
                Code::ForegroundPruning,
                "syncOptions: [PrunePropagationPolicy=background]",
            ),
        ),
        (
            "  templatePatch: |\n    metadata: {$patch: delete}\n".to_owned(),
            (Code::UncheckedSource, "$patch"),
        ),
        (
            "  generators: [{merge: {template: {spec: {source: {plugin: {name: other}}}}}}]\n"
                .to_owned(),
            (Code::UnknownPlugin, "other"),
        ),
        (
            "  templatePatch: |\n    {{ if .a }}\n    a: b\n    {{ end }}\n".to_owned(),
            (Code::UncheckedSource, "{{ if .a }}"),
        ),
    ] {
        let found = check_text(&before(&inserted)).1;
        assert_eq!(found, [(expected.0, expected.1.to_owned())], "{inserted}");
    }
}

#[test]
fn merges_of_generators_keep_what_is_not_empty() {
    let before =
        |inserted: &str| SET.replacen("  template:\n", &format!("{inserted}  template:\n"), 1);
    for inserted in [
        // `false` and empty values do not replace those of the template, and nested templates are not used.
        "  generators: [{git: {template: {spec: {syncPolicy: {syncOptions: []}, source: {path: ''}}}}}]\n",
        "  generators: [{matrix: {generators: [{git: {template: {spec: {source: {path: broken}}}}}]}}]\n",
        "  generators: [{git: {template: {spec: {project: a}}}, selector: {matchLabels: {a: b}}}]\n",
    ] {
        assert_eq!(check_text(&before(inserted)).1, [], "{inserted}");
    }
    let partly = "  generators: [{list: {template: {spec: {project: a}}, git: {}}, {git: {}, list: {template: {spec: {source: {path: broken}}}}}]\n";
    let partly = partly.replacen("project: a}}, git", "project: a}}}, git", 1);
    let found = check_text(&before(&partly)).1;
    assert_eq!(found, [(Code::UncheckedSource, "broken".to_owned())]);
}

#[test]
fn plugin_of_a_generator_is_checked_even_if_its_path_is_unknown() {
    const FINALIZER: &str = "resources-finalizer.argocd.argoproj.io";
    let unknown = SET
        .replacen("name: kubectl-fleet\n", "name: '{{.plugin}}'\n", 1)
        .replacen("path: cells", "path: '{{.path}}'", 1)
        .replacen(
            "[PrunePropagationPolicy=background]",
            "[Replace=true, PrunePropagationPolicy=background]",
            1,
        )
        .replacen(
            "      name: fleet-",
            &format!("      finalizers: [{FINALIZER}]\n      name: fleet-"),
            1,
        );
    let expected = [
        (Code::DeletingFinalizer, FINALIZER),
        (Code::ReplacingSync, "Replace=true"),
        (Code::UncheckedSource, "'{{.path}}'"),
    ];
    let expected = expected.map(|(code, source)| (code, source.to_owned()));
    assert_eq!(check_text(&unknown).1, expected);
}

#[test]
fn items_of_lists_are_checked() {
    let item = VALID.replace('\n', "\n  ");
    for list in [
        "apiVersion: v1\nkind: List",
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationList",
    ] {
        let text = format!("{list}\nitems:\n- {}\n", item.trim_end());
        assert_eq!(check_text(&text), (1, Vec::new()), "{text}");
        let wrong = text.replace("name: kubectl-fleet\n", "name: kubectl-flet\n");
        let expected = (Code::UnknownPlugin, "kubectl-flet".to_owned());
        assert_eq!(check_text(&wrong).1, [expected]);
    }
    let empty = check_text("apiVersion: v1\nkind: List\nitems: []\n").1;
    assert_eq!(empty[0].0, Code::NotAnApplication);
}

#[test]
fn names_are_unique_in_a_namespace() {
    let in_namespace = |namespace: &str| {
        VALID.replacen(
            "  name: fleet\n",
            &format!("  name: fleet\n  namespace: {namespace}\n"),
            1,
        )
    };
    let both = |first: &str, second: &str| check_text(&format!("{first}---\n{second}")).1;
    let expected = [(Code::DuplicateApplication, "fleet".to_owned())];
    assert_eq!(both(VALID, VALID), expected);
    assert_eq!(both(&in_namespace("a"), &in_namespace("a")), expected);
    assert_eq!(both(&in_namespace("a"), &in_namespace("b")), []);
    assert_eq!(both(SET, SET), []);
    let named = SET.replacen("fleet-{{.cell}}", "fleet", 1);
    assert_eq!(both(VALID, &named), expected);
}

#[test]
fn dry_source_of_the_hydrator_is_checked() {
    let dry = VALID
        .replace("  source:\n", "  sourceHydrator:\n   drySource:\n")
        .replace(
            "    plugin:\n      name: kubectl-fleet\n      parameters: []\n",
            "",
        );
    assert_eq!(
        check_text(&dry).1,
        [(Code::UnknownPlugin, "plain".to_owned())]
    );
}

#[test]
fn every_document_of_a_file_is_checked() {
    assert_eq!(
        check_text(&format!("{VALID}---\n{SET}---\na: b\n")),
        (2, Vec::new())
    );
    assert_eq!(check_text("").1, [(Code::NotAnApplication, String::new())]);
}

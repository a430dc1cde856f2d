//! Tests of generated Applications.

use serde_json::{Value as Json, json};

use super::{Destination, Settings, default_name, render_applications};
use crate::argocd::parameters;
use crate::diagnostic::{Code, Diagnostics};
use crate::model::Cell;

fn settings() -> Settings {
    Settings {
        name: "eks".to_owned(),
        namespace: "argocd".to_owned(),
        project: "default".to_owned(),
        repo: "https://git.example.org/fleet.git".to_owned(),
        revision: "HEAD".to_owned(),
        path: "examples/eks".to_owned(),
        destination: Destination::Server("https://kubernetes.default.svc".to_owned()),
        automated: false,
        versioned: false,
        locked: false,
    }
}

/// Returns the Applications, and the codes of the errors.
fn render(settings: &Settings, cells: &[&str]) -> (Vec<Json>, Vec<Code>) {
    let cells: Vec<Option<Cell>> = match cells {
        [] => vec![None],
        cells => cells.iter().map(|cell| Some(Cell::new(cell))).collect(),
    };
    let mut diags = Diagnostics::default();
    let text = render_applications(settings, &cells, &mut diags);
    let documents = text.split("---\n").skip(1);
    let read = |text: &str| serde_saphyr::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let codes = diags.into_sorted().iter().map(|one| one.code).collect();
    (documents.map(read).collect(), codes)
}

#[test]
fn every_cell_has_an_application() {
    let (applications, codes) = render(&settings(), &["eu-1", "EU_2", "@fleet"]);
    assert_eq!(codes, []);
    let names: Vec<&Json> = applications
        .iter()
        .map(|one| &one["metadata"]["name"])
        .collect();
    assert_eq!(names, ["eks-eu-1", "eks-eu-2", "eks-fleet"]);
    let cells = applications
        .iter()
        .map(|one| one["spec"]["source"]["plugin"]["parameters"].to_string())
        .map(|text| parameters::read(&text).expect("parameters").cell);
    let cells: Vec<String> = cells.map(|cell| cell.expect("a cell")).collect();
    assert_eq!(cells, ["eu-1", "EU_2", "@fleet"]);
}

#[test]
fn pruning_is_opt_in_and_no_finalizer_is_set() {
    let (manual, _) = render(&settings(), &[]);
    let [manual] = manual.as_slice() else {
        panic!("one Application")
    };
    assert!(manual["metadata"]["finalizers"].is_null());
    assert!(manual["spec"]["syncPolicy"]["automated"].is_null());
    assert!(manual["spec"]["source"]["plugin"]["parameters"].is_null());
    let (automated, _) = render(
        &Settings {
            automated: true,
            ..settings()
        },
        &[],
    );
    assert_eq!(
        automated[0]["spec"]["syncPolicy"]["automated"],
        json!({"prune": true, "selfHeal": true})
    );
    assert!(automated[0]["metadata"]["finalizers"].is_null());
}

#[test]
fn locked_fleet_sets_the_parameter() {
    let settings = Settings {
        locked: true,
        versioned: true,
        destination: Destination::Name("hub".to_owned()),
        ..settings()
    };
    let (applications, _) = render(&settings, &[]);
    let spec = &applications[0]["spec"];
    assert_eq!(
        spec["source"]["plugin"],
        json!({
            "name": concat!("kubectl-fleet-v", env!("CARGO_PKG_VERSION")),
            "parameters": [{"name": "locked", "string": "true"}],
        })
    );
    assert_eq!(spec["destination"], json!({"name": "hub"}));
}

#[test]
fn settings_remain_strings() {
    for text in ["1.10", "true", "a: b", "${NAME}", "# a", "a\nb", "- a"] {
        let settings = Settings {
            revision: text.to_owned(),
            project: text.to_owned(),
            path: text.to_owned(),
            ..settings()
        };
        let (applications, _) = render(&settings, &[]);
        let spec = &applications[0]["spec"];
        for value in [
            &spec["source"]["targetRevision"],
            &spec["source"]["path"],
            &spec["project"],
        ] {
            assert_eq!(*value, text);
        }
    }
}

#[test]
fn duplicate_and_invalid_names_are_reported() {
    let (_, codes) = render(&settings(), &["eu", "EU"]);
    assert_eq!(codes, [Code::InvalidName]);
    for name in ["", "-eks", &"a".repeat(64)] {
        let settings = Settings {
            name: name.to_owned(),
            ..settings()
        };
        assert_eq!(render(&settings, &[]).1, [Code::InvalidName], "{name}");
    }
}

#[test]
fn default_name_comes_from_the_directory_or_the_repository() {
    for (path, repo, expected) in [
        ("examples/eks", "https://git.example.org/fleet.git", "eks"),
        ("examples/eks/", "https://git.example.org/fleet.git", "eks"),
        (".", "https://git.example.org/fleet.git", "fleet"),
        ("", "git@git.example.org:fleet.git", "fleet"),
        ("./", "https://git.example.org/a/fleet/", "fleet"),
    ] {
        assert_eq!(default_name(path, repo), expected, "{path} {repo}");
    }
}

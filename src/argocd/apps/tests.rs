//! What Applications say.

use serde_json::{Value as Json, json};

use super::{Destination, Settings, applications, name_of};
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

fn made(settings: &Settings, cells: &[&str]) -> (Vec<Json>, Vec<Code>) {
    let cells: Vec<Option<Cell>> = match cells {
        [] => vec![None],
        cells => cells.iter().map(|cell| Some(Cell::new(cell))).collect(),
    };
    let mut diags = Diagnostics::default();
    let text = applications(settings, &cells, &mut diags);
    let documents = text.split("---\n").skip(1);
    let read = |text: &str| serde_saphyr::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let codes = diags.into_sorted().iter().map(|one| one.code).collect();
    (documents.map(read).collect(), codes)
}

#[test]
fn each_cell_has_its_application() {
    let (made, codes) = made(&settings(), &["eu-1", "EU_2", "@fleet"]);
    assert_eq!(codes, []);
    let names: Vec<&Json> = made.iter().map(|one| &one["metadata"]["name"]).collect();
    assert_eq!(names, ["eks-eu-1", "eks-eu-2", "eks-fleet"]);
    let cells = made
        .iter()
        .map(|one| one["spec"]["source"]["plugin"]["parameters"].to_string())
        .map(|text| parameters::read(&text).expect("parameters").cell);
    let cells: Vec<String> = cells.map(|cell| cell.expect("a cell")).collect();
    assert_eq!(cells, ["eu-1", "EU_2", "@fleet"]);
}

#[test]
fn nothing_is_deleted_unless_it_is_asked_for() {
    let (made_by_hand, _) = made(&settings(), &[]);
    let [by_hand] = made_by_hand.as_slice() else {
        panic!("one Application")
    };
    assert!(by_hand["metadata"]["finalizers"].is_null());
    assert!(by_hand["spec"]["syncPolicy"]["automated"].is_null());
    assert!(by_hand["spec"]["source"]["plugin"]["parameters"].is_null());
    let (automated, _) = made(
        &Settings {
            automated: true,
            ..settings()
        },
        &[],
    );
    assert_eq!(
        automated[0]["spec"]["syncPolicy"]["automated"],
        json!({"prune": true})
    );
    assert!(automated[0]["metadata"]["finalizers"].is_null());
}

#[test]
fn a_locked_fleet_stays_so() {
    let settings = Settings {
        locked: true,
        versioned: true,
        destination: Destination::Name("hub".to_owned()),
        ..settings()
    };
    let (made, _) = made(&settings, &[]);
    let spec = &made[0]["spec"];
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
fn what_is_given_stays_a_text() {
    for text in ["1.10", "true", "a: b", "${NAME}", "# a", "a\nb", "- a"] {
        let settings = Settings {
            revision: text.to_owned(),
            project: text.to_owned(),
            path: text.to_owned(),
            ..settings()
        };
        let (made, _) = made(&settings, &[]);
        let spec = &made[0]["spec"];
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
fn names_that_collide_or_are_none_are_refused() {
    let (_, codes) = made(&settings(), &["eu", "EU"]);
    assert_eq!(codes, [Code::InvalidName]);
    for name in ["", "-eks", &"a".repeat(64)] {
        let settings = Settings {
            name: name.to_owned(),
            ..settings()
        };
        assert_eq!(made(&settings, &[]).1, [Code::InvalidName], "{name}");
    }
}

#[test]
fn a_fleet_is_called_as_its_folder_or_its_repository() {
    for (path, repo, expected) in [
        ("examples/eks", "https://git.example.org/fleet.git", "eks"),
        ("examples/eks/", "https://git.example.org/fleet.git", "eks"),
        (".", "https://git.example.org/fleet.git", "fleet"),
        ("", "git@git.example.org:fleet.git", "fleet"),
        ("./", "https://git.example.org/a/fleet/", "fleet"),
    ] {
        assert_eq!(name_of(path, repo), expected, "{path} {repo}");
    }
}

//! An error in a chart's values is reported at its location, regardless of the number of merged files.

use std::collections::BTreeSet;

use kubectl_fleet::diagnostic::Exit;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::addons::{CLUSTER, merge, values};
use super::cases;
use crate::fleet::FleetFiles;

/// Returns the values with an expression instead of each leaf except nulls. The variable names the file and the
/// leaf.
fn marked(value: &Value, file: usize, count: &mut usize) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Array(items) => items.iter().map(|item| marked(item, file, count)).collect(),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| (key.clone(), marked(value, file, count));
            Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            *count += 1;
            json!(format!("${{v{file}_{count}}}"))
        }
    }
}

fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(entries) => entries.values().for_each(|value| leaves(value, found)),
        Value::String(text) => {
            found.insert(text.clone());
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Returns a fleet of one add-on: the first values are its own, the last are a patch, and those in between are
/// layers.
pub(crate) fn fleet(all: &[Value], deliver: &str) -> FleetFiles {
    let [own, layers @ .., last] = all else {
        panic!("two at least");
    };
    let path = |at: usize| format!("values/{at}.yaml");
    let paths: Vec<String> = (0..layers.len()).map(path).collect();
    let written = json!({
        "apiVersion": "kubectl-fleet.io/v1alpha1",
        "kind": "Fleet",
        "clusters": [{"list": "list.yaml"}],
        "templates": [{"file": "cluster.yaml"}],
        "addons": [{
            "name": "x",
            "selector": "all",
            "helm": {
                "repo": "https://example.org/charts",
                "chart": "x",
                "version": "1.0.0",
                "namespace": "x",
                "values": own,
            },
            "patches": [{"name": "p", "selector": "all", "merge": {"helm": {"values": last}}}],
        }],
        "layers": paths,
        "deliver": deliver,
        "source": {"name": "fleet", "namespace": "flux-system", "repoURL": "https://example.org/fleet.git"},
    });
    // Returns a line for each value: its location consists of a file and a line.
    let text = |value: &Value| format!("{value:#}\n");
    let mut fleet = FleetFiles::new([
        ("fleet.yaml", text(&written)),
        ("list.yaml", "alice: {}\n".to_owned()),
        ("cluster.yaml", CLUSTER.to_owned()),
    ]);
    for (at, layer) in layers.iter().enumerate() {
        fleet.0.insert(path(at), text(layer).into_bytes());
    }
    fleet
}

/// Returns the location of a string in the files.
fn location(fleet: &FleetFiles, needle: &str) -> (String, usize) {
    let mut lines = fleet.texts().flat_map(|(path, text)| {
        let lines = text.lines().enumerate();
        lines.map(move |(at, line)| (path.to_owned(), at + 1, line))
    });
    let (path, line, _) = lines.find(|(_, _, line)| line.contains(needle)).unwrap();
    (path, line)
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn merged_values_keep_their_position(
        all in proptest::collection::vec(values(), 2..6),
        deliver in proptest::sample::select(vec!["sveltos", "argocd", "flux", "caaph"]),
    ) {
        let number = |(file, value): (usize, &Value)| marked(value, file, &mut 0);
        let all: Vec<Value> = all.iter().enumerate().map(number).collect();
        let mut merged = json!({});
        for values in &all {
            merge(&mut merged, values);
        }
        let mut texts = BTreeSet::new();
        leaves(&merged, &mut texts);
        let fleet = fleet(&all, deliver);
        let expected: BTreeSet<(String, usize)> =
            texts.iter().map(|text| location(&fleet, text)).collect();
        match fleet.compile() {
            Ok(_) => prop_assert_eq!(expected, BTreeSet::new()),
            Err(refused) => {
                prop_assert_eq!(refused.exit, Exit::Files);
                prop_assert_eq!(refused.codes.iter().find(|code| **code != "missing-variable"), None);
                prop_assert_eq!(refused.codes.len(), texts.len(), "{}", refused.text);
                let found: BTreeSet<(String, usize)> = refused.places.into_iter().collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}

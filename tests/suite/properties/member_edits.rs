//! Edits of one entry of a list: they remove, rename and change no object of another member.

mod belongings;
mod choices;
mod members;
mod platform;
mod scenario;
mod templates;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::Value;

use super::cases;
use crate::fleet::FleetFiles;
use belongings::Belongings;
use scenario::{Outcome, Scenario};

/// Enough bytes for all decisions of a scenario.
const LENGTH: usize = 600;

fn describe(scenario: &Scenario, lost: &str) -> String {
    let mut text = format!("{lost}\n");
    for (path, content) in &scenario.before {
        let _ = writeln!(text, "--- {path}\n{content}");
        match scenario.after.get(path) {
            Some(after) if after == content => {}
            Some(after) => {
                let _ = writeln!(text, "+++ {path}\n{after}");
            }
            None => {
                let _ = writeln!(text, "+++ {path}: removed");
            }
        }
    }
    let is_new = |path: &&String| !scenario.before.contains_key(*path);
    for path in scenario.after.keys().filter(is_new) {
        let _ = writeln!(text, "+++ {path}\n{}", scenario.after[path]);
    }
    text
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn edit_of_an_entry_loses_no_object_of_another_member(
        bytes in proptest::collection::vec(any::<u8>(), LENGTH),
    ) {
        let scenario = Scenario::generate(&bytes);
        if let Err(lost) = scenario.check() {
            prop_assert!(false, "{}", describe(&scenario, &lost));
        }
    }
}

/// Returns the paths of the lists of a fleet, if they are files in YAML with one document.
fn lists(fleet: &FleetFiles) -> Vec<String> {
    let Some(Ok(fleet)) = fleet
        .texts()
        .find(|(path, _)| *path == "fleet.yaml")
        .map(|(_, text)| serde_saphyr::from_str::<Value>(text))
    else {
        return Vec::new();
    };
    let entries = fleet["clusters"].as_array().into_iter().flatten();
    let lists = entries.filter_map(|entry| entry["list"].as_str());
    lists.map(ToOwned::to_owned).collect()
}

/// Returns a list without each entry, and with the value of each entry replaced by that of the next.
fn edits(list: &Value) -> Vec<(String, Value)> {
    match list {
        Value::Object(members) if !members.contains_key("apiVersion") => {
            let keys: Vec<&String> = members.keys().collect();
            let edit = |(at, key): (usize, &&String)| {
                let mut removed = members.clone();
                removed.remove(*key);
                let mut changed = members.clone();
                changed[*key] = members[keys[(at + 1) % keys.len()]].clone();
                [removed, changed].map(|list| ((*key).clone(), Value::Object(list)))
            };
            keys.iter().enumerate().flat_map(edit).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn edits_of_the_cases_lose_no_object_of_another_member() {
    let mut compared = 0;
    let mut cases = FleetFiles::cases();
    // If one cluster protects itself, the Namespaces that the compiler adds have guards for all clusters. If members
    // decide kinds of references, every object that one of them refers to has a guard for all clusters.
    for case in ["guard-one-cluster-allow", "guard-unknown-kinds"] {
        cases.remove(case);
    }
    for (case, fleet) in cases {
        let before: BTreeMap<String, String> = fleet
            .texts()
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .collect();
        let Ok(old) = Belongings::compile(&before, None) else {
            continue;
        };
        for path in lists(&fleet) {
            let Some(Ok(list)) = before
                .get(&path)
                .map(|text| serde_saphyr::from_str::<Value>(text))
            else {
                continue;
            };
            for (key, edited) in edits(&list) {
                let mut after = before.clone();
                after.insert(path.clone(), edited.to_string());
                let Ok(new) = Belongings::compile(&after, None) else {
                    continue;
                };
                let is_edited = |(file, of): &(String, String)| {
                    *file == path && of.trim_matches(['"', '\'']) == key
                };
                let found = old.lost(&new, is_edited);
                assert_eq!(found, None, "{case}: {path}: {key}: {edited}");
                compared += 1;
            }
        }
    }
    assert!(compared > 60, "{compared} edits were compared");
}

#[test]
fn many_generated_edits_are_compared() {
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state.to_be_bytes()[0]
    };
    let outcomes: Vec<Outcome> = (0..150)
        .map(|_| {
            let bytes: Vec<u8> = (0..LENGTH).map(|_| next()).collect();
            let scenario = Scenario::generate(&bytes);
            scenario
                .check()
                .unwrap_or_else(|lost| panic!("{}", describe(&scenario, &lost)))
        })
        .collect();
    let count = |outcome| outcomes.iter().filter(|one| **one == outcome).count();
    let [invalid, rejected, compared] =
        [Outcome::Invalid, Outcome::Rejected, Outcome::Compared].map(count);
    assert!(
        compared > 40,
        "{invalid} invalid, {rejected} rejected, {compared} compared"
    );
}

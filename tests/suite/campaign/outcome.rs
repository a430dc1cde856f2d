//! The outcome of an edit, and whether the edit names what it destroys.

use std::collections::BTreeSet;

use super::FleetFiles;
use super::edits::Edit;
use super::effects::Effects;

/// The members of the fleet. An object whose name contains one belongs to its cluster.
const MEMBERS: [&str; 9] = [
    "oslo", "turku", "roma", "mars", "venus", "quay", "pluto", "triton", "vintage",
];

/// Returns what the program says about an edit, and what the edit destroys without an error, a warning or a name.
pub(super) fn outcome(edit: &Edit, fleet: &FleetFiles, before: &Effects) -> (String, Vec<String>) {
    let mut fleet = fleet.clone();
    match &edit.after {
        Some(after) => fleet.insert(edit.file.clone(), after.clone()),
        None => fleet.remove(&edit.file),
    };
    let after = match Effects::of(&fleet) {
        Err(codes) => return (format!("error {}", unique(&codes)), Vec::new()),
        Ok(after) => after,
    };
    let missing: Vec<&String> = before.items.difference(&after.items).collect();
    if !after.warnings.is_empty() {
        return (format!("warning {}", unique(&after.warnings)), Vec::new());
    }
    if missing.is_empty() {
        return ("nothing".to_owned(), Vec::new());
    }
    let named = words(&edit.names);
    let owners: BTreeSet<String> = missing.iter().flat_map(|item| owners(item)).collect();
    let is_named = |item: &&&String| owners_are_named(item, &named);
    let unnamed = missing.iter().filter(|item| !is_named(item));
    let unnamed: Vec<String> = unnamed.map(|item| (*item).clone()).collect();
    let owners: Vec<&str> = owners
        .iter()
        .map(String::as_str)
        .filter(|owner| named.contains(owner))
        .collect();
    (format!("only {}", owners.join(", ")), unnamed)
}

fn unique(codes: &[&'static str]) -> String {
    let codes: BTreeSet<&str> = codes.iter().copied().collect();
    codes.into_iter().collect::<Vec<_>>().join(", ")
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .collect()
}

/// Returns the clusters of an item, or the words of its name if it belongs to no cluster.
fn owners(item: &str) -> BTreeSet<String> {
    let all = words(item);
    let members: BTreeSet<&str> = MEMBERS
        .into_iter()
        .filter(|member| all.contains(member))
        .collect();
    let name = item.rsplit('/').next().unwrap_or_default();
    let owners = if members.is_empty() {
        words(name)
    } else {
        members
    };
    owners.into_iter().map(ToOwned::to_owned).collect()
}

/// Returns `true` if the words of an edit contain all clusters of an item, or a word of its name.
fn owners_are_named(item: &str, named: &BTreeSet<&str>) -> bool {
    owners(item)
        .iter()
        .any(|owner| named.contains(owner.as_str()))
}

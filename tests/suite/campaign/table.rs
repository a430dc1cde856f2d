//! The table of the campaign in the documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::repository;

/// The edits with their outcomes: file, path, change and outcome.
pub(crate) const EDITS: &str = "tests/campaign/edits.tsv";
const CHANGES: [&str; 4] = ["delete", "empty", "rename", "change"];
/// The files of the fleet by kind: the title, and the beginning of their paths.
const GROUPS: [(&str, &[&str]); 9] = [
    ("`fleet.yaml`", &["fleet.yaml", "platform/fleet.yaml"]),
    ("Lists", &["stores/", "labs.json", "kiosks/", "spokes.yaml"]),
    ("Existing clusters", &["existing.yaml"]),
    ("Groups and entries", &["teams/", "zones.yaml"]),
    ("Templates", &["templates/"]),
    ("Shared variables", &["rings/"]),
    ("Layers", &["values/"]),
    ("Profiles, manifests and delivery methods", &["platform/"]),
    ("`fleet.lock`", &["fleet.lock"]),
];

/// The outcomes of the changes of one thing.
type Row = BTreeMap<String, BTreeSet<String>>;

/// Returns the tables, with one row for each kind of thing.
pub(crate) fn table() -> String {
    let text = repository::read(EDITS);
    let mut groups: BTreeMap<usize, Vec<(String, Row)>> = BTreeMap::new();
    for line in text.lines() {
        let [file, path, change, outcome] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let is_in =
            |(_, starts): &(&str, &[&str])| starts.iter().any(|start| file.starts_with(start));
        let group = GROUPS.iter().position(is_in).expect(file);
        let name = thing(path);
        let rows = groups.entry(group).or_default();
        let at = rows
            .iter()
            .position(|(known, _)| *known == name)
            .unwrap_or_else(|| {
                rows.push((name, Row::new()));
                rows.len() - 1
            });
        rows[at]
            .1
            .entry(change.to_owned())
            .or_default()
            .insert(cell(outcome));
    }
    let mut table = String::new();
    for (group, rows) in groups {
        let (title, _) = GROUPS[group];
        write!(
            table,
            "### {title}\n\n| edited | {} |\n|---|---|---|---|---|\n",
            CHANGES.join(" | ")
        )
        .unwrap();
        for (name, row) in rows {
            let cells = CHANGES.map(|change| {
                let outcomes = row.get(change).into_iter().flatten();
                outcomes.map(String::as_str).collect::<Vec<_>>().join("; ")
            });
            writeln!(table, "| {name} | {} |", cells.join(" | ")).unwrap();
        }
        table.push('\n');
    }
    table
}

/// Returns the name of an edited thing, which is the same for all items of a sequence.
fn thing(path: &str) -> String {
    if path.is_empty() {
        return "the file".to_owned();
    }
    if path.starts_with("line ") {
        return "a line".to_owned();
    }
    let mut name = String::new();
    let mut is_index = false;
    for letter in path.trim_start_matches('+').chars() {
        is_index = (is_index || letter == '[') && letter != ']';
        if !is_index || letter == '[' {
            name.push(letter);
        }
    }
    format!("`{name}`")
}

fn cell(outcome: &str) -> String {
    match outcome.split_once(' ') {
        Some(("error", codes)) => format!("error: `{}`", codes.replace(", ", "`, `")),
        Some(("warning", codes)) => format!("warning: `{}`", codes.replace(", ", "`, `")),
        Some((_, _)) => "only what it names".to_owned(),
        None => "nothing".to_owned(),
    }
}

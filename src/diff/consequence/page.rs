//! The table as a part of the documentation.

use std::fmt::Write as _;

use super::effect::Consequence;
use super::guards;
use super::row::{Family, Row, When};
use super::table;

/// Returns the consequences, and the rows that apply to every kind, as Markdown.
pub fn all() -> String {
    let mut text = String::from("| consequence | name in JSON | danger |\n|---|---|---|\n");
    for consequence in Consequence::ALL {
        let danger = if consequence.is_danger() { "yes" } else { "" };
        let (title, name) = (consequence.title(), consequence.name());
        _ = writeln!(text, "| {title} | `{name}` | {danger} |");
    }
    let owned = |rows: &'static [Row]| rows.iter().collect::<Vec<_>>();
    for (title, rows) in [
        ("Annotations of guards", owned(guards::ANNOTATIONS)),
        ("Metadata", owned(guards::METADATA)),
        ("Removed objects that are kept", guards::KEPT_ROWS.to_vec()),
        ("Other kinds and fields", guards::OTHER.to_vec()),
    ] {
        _ = write!(text, "\n## {title}\n\n{HEAD}");
        for row in rows {
            line(row, &mut text);
        }
    }
    text
}

/// Returns the names of the pages of kinds, each with its tables as Markdown.
pub fn rows() -> impl Iterator<Item = (&'static str, String)> {
    table::PAGES.into_iter().map(|(name, tables)| {
        let mut text = String::new();
        for family in tables.iter().copied().flatten() {
            let start = if text.is_empty() { "" } else { "\n" };
            _ = write!(text, "{start}## {}\n\n{}", title(family), groups(family));
            if family.is_owned {
                text.push_str(
                    " Cluster API makes the Cluster an owner, so Argo CD never prunes it.",
                );
            }
            text.push_str("\n\n");
            text.push_str(HEAD);
            for row in family.rows {
                line(row, &mut text);
            }
        }
        (name, text)
    })
}

const HEAD: &str = "| change | consequence | reason | source |\n|---|---|---|---|\n";

fn title(family: &Family) -> String {
    let kinds = family.kinds.iter().map(|(group, kind)| match *kind {
        "*" => format!("All kinds of {}", group.trim_start_matches("*.")),
        kind => match kind.strip_prefix('*') {
            Some(end) => format!("Other kinds that end with {end}"),
            None => kind.to_owned(),
        },
    });
    let mut kinds: Vec<String> = kinds.collect();
    kinds.dedup();
    kinds.join(", ")
}

/// Returns the groups of the kinds as a sentence.
fn groups(family: &Family) -> String {
    let mut groups: Vec<String> = Vec::new();
    for (group, _) in family.kinds {
        let group = match *group {
            "" => "the core group".to_owned(),
            group => format!("`{group}`"),
        };
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    format!("API group: {}.", groups.join(", "))
}

fn line(row: &Row, text: &mut String) {
    let change = match row.when {
        When::Added => "added".to_owned(),
        When::Removed => "removed".to_owned(),
        When::Moved => "moved to another cell".to_owned(),
        When::Field("") => "any field".to_owned(),
        When::Field(path) => format!("`{}`", dotted(path)),
    };
    let only = row.only.map(|only| format!(", if {}", only.text));
    let names: Vec<&str> = row.consequences.iter().map(|one| one.title()).collect();
    _ = writeln!(
        text,
        "| {change}{} | {} | {} | {} |",
        only.unwrap_or_default(),
        names.join(", "),
        row.reason,
        row.source,
    );
}

/// Returns a path as `spec.workers[*].class`.
fn dotted(path: &str) -> String {
    let mut text = String::new();
    for key in path.split(' ') {
        match key {
            "*" => text.push_str("[*]"),
            key if key.contains('.') => _ = write!(text, "[{key}]"),
            key if text.is_empty() => text.push_str(key),
            key => _ = write!(text, ".{key}"),
        }
    }
    text
}

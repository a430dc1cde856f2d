//! The table as a part of the documentation.

use std::fmt::Write as _;

use super::effect::Consequence;
use super::guards;
use super::row::{Family, Row, When};
use super::table::families;

/// Returns the tables of consequences and of all rows as Markdown.
pub fn page() -> String {
    let mut text = String::from("| consequence | name in JSON | danger |\n|---|---|---|\n");
    for consequence in Consequence::ALL {
        let danger = if consequence.is_danger() { "yes" } else { "" };
        let (title, name) = (consequence.title(), consequence.name());
        _ = writeln!(text, "| {title} | `{name}` | {danger} |");
    }
    for family in families() {
        _ = write!(text, "\n### {}\n\n", title(family));
        if family.is_owned {
            text.push_str(
                "Cluster API makes the Cluster an owner, so Argo CD never prunes it.\n\n",
            );
        }
        text.push_str(HEAD);
        for row in family.rows {
            line(row, &mut text);
        }
    }
    for (title, rows) in [
        ("Annotations of guards, for every kind", guards::ANNOTATIONS),
        ("Metadata, for every kind", guards::METADATA),
    ] {
        _ = write!(text, "\n### {title}\n\n{HEAD}");
        for row in rows {
            line(row, &mut text);
        }
    }
    for (title, rows) in [
        ("Objects that Argo CD or Flux keep", guards::KEPT_ROWS),
        ("Other kinds and fields", guards::OTHER),
    ] {
        _ = write!(text, "\n### {title}\n\n{HEAD}");
        for row in rows {
            line(row, &mut text);
        }
    }
    text
}

const HEAD: &str = "| change | consequence | reason | source |\n|---|---|---|---|\n";

fn title(family: &Family) -> String {
    let kinds = family.kinds.iter().map(|(group, kind)| match *group {
        "" => format!("`{kind}`"),
        group => format!("`{kind}.{group}`"),
    });
    kinds.collect::<Vec<_>>().join(", ")
}

fn line(row: &Row, text: &mut String) {
    let change = match row.when {
        When::Added => "added".to_owned(),
        When::Removed => "removed".to_owned(),
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

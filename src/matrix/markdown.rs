//! The matrix as Markdown, for the summary of a CI job.

use std::fmt::Write as _;

use super::table::{Cell, Mark, Matrix};
use crate::diagnostic::pluralize;
use crate::diff::markdown::code;

/// Maximum length of the output in bytes. The summary of a job on GitHub can have 1 MiB.
const MAX_BYTES: usize = 900_000;
/// Maximum number of versions of an add-on in its row.
const MAX_VERSIONS: usize = 6;

/// Returns the add-ons with the number of clusters of each version, and the matrix.
pub fn markdown(matrix: &Matrix) -> String {
    let mut out = summary(matrix);
    if matrix.clusters.is_empty() {
        return out;
    }
    out += "\n| cluster |";
    let has_cells = matrix.clusters.iter().any(|row| row.cell.is_some());
    if has_cells {
        out += " cell |";
    }
    for addon in &matrix.addons {
        let _ = write!(out, " {} |", cell_text(&addon.name));
    }
    let columns = matrix.addons.len() + 1 + usize::from(has_cells);
    let _ = writeln!(out, "\n|{}", "---|".repeat(columns));
    for (at, row) in matrix.clusters.iter().enumerate() {
        let mut line = format!(
            "| {}",
            cell_text(&format!("{}/{}", row.namespace, row.name))
        );
        match row.mark {
            Mark::Added => line += " **added**",
            Mark::Removed => line += " **removed**",
            _ => {}
        }
        line += " |";
        if has_cells {
            let cell = row.cell.as_deref().map(cell_text);
            let _ = write!(line, " {} |", cell.unwrap_or_default());
        }
        for cell in &row.cells {
            let _ = write!(line, " {} |", shown(cell));
        }
        if out.len() + line.len() > MAX_BYTES {
            let more = pluralize(matrix.clusters.len() - at, "more cluster");
            let _ = writeln!(out, "\n{more}: run `kubectl fleet report -o csv`.");
            return out;
        }
        out += &line;
        out.push('\n');
    }
    out
}

fn summary(matrix: &Matrix) -> String {
    let title = match &matrix.name {
        Some(name) => format!("Fleet {}", code(name)),
        None => "Fleet".to_owned(),
    };
    let mut out = format!(
        "### {title}: {}, {}, {}\n",
        pluralize(matrix.remaining().count(), "cluster"),
        pluralize(matrix.addons.len(), "add-on"),
        pluralize(matrix.objects, "object"),
    );
    if matrix.addons.is_empty() {
        return out;
    }
    out += "\n| add-on | delivery | depends on | clusters | versions |\n|---|---|---|---:|---|\n";
    for (at, addon) in matrix.addons.iter().enumerate() {
        let all = matrix.versions(at);
        let versions = all.iter().take(MAX_VERSIONS);
        let mut versions: Vec<String> = versions
            .map(|(version, count)| format!("{} × {count}", cell_text(version)))
            .collect();
        if all.len() > MAX_VERSIONS {
            versions.push(pluralize(all.len() - MAX_VERSIONS, "more version"));
        }
        let depends_on: Vec<String> = addon
            .depends_on
            .iter()
            .map(|name| cell_text(name))
            .collect();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            cell_text(&addon.name),
            cell_text(&addon.deliver),
            depends_on.join(" "),
            matrix.count(at),
            versions.join(", ")
        );
    }
    out
}

/// Returns the version of a cell, and its change.
fn shown(cell: &Cell) -> String {
    let Some(version) = cell.version().map(cell_text) else {
        return String::new();
    };
    match &cell.mark {
        Mark::Same => version,
        Mark::Added => format!("**+** {version}"),
        Mark::Removed => format!("~~{version}~~"),
        Mark::Version(before) => format!("{} → **{version}**", cell_text(before)),
        Mark::Changed => format!("{version} **changed**"),
    }
}

/// Returns text as code in a cell of a table.
fn cell_text(text: &str) -> String {
    code(text).replace('|', "\\|")
}

//! The data of a page: the matrix, with each string, set of labels, explanation and change written once.
//!
//! `data.js` describes the format, and is its only reader.

use serde::Serialize;

use super::contents::Contents;
use super::interned::Interned;
use super::text::shown;
use crate::explain::cell::CellExplanation;
use crate::explain::level::{Level, Section};
use crate::matrix::changes::Change;
use crate::matrix::table::{Column, Mark, Matrix, Row};
use crate::source::Sources;

#[derive(Serialize)]
struct Data {
    strings: Vec<String>,
    addons: Vec<AddOn>,
    rows: Rows,
    labels: Vec<Vec<usize>>,
    explanations: Vec<Explanation>,
    changes: Vec<Vec<ChangeData>>,
    compared: bool,
}

/// The columns of the clusters, each as long as there are clusters.
#[derive(Serialize)]
struct Rows {
    name: Vec<String>,
    namespace: Vec<usize>,
    cell: Vec<usize>,
    labels: Vec<usize>,
    location: Vec<usize>,
    mark: Vec<usize>,
    changes: Vec<usize>,
    existing: Vec<usize>,
}

#[derive(Serialize)]
struct AddOn {
    name: usize,
    deliver: usize,
    software: usize,
    location: usize,
    mark: usize,
    /// The distinct cells.
    kinds: Vec<Kind>,
    /// The cell of each cluster.
    of: Vec<usize>,
}

/// Version, variant, location, explanation + 1, mark, version before, changes + 1. The variant is 0 if it has the name
/// of the cluster.
type Kind = [usize; 7];
/// Kind, name, state, resolved, note and location.
type LevelData = [usize; 6];
/// Action, consequence, danger, kind, fields and causes.
type ChangeData = (usize, usize, usize, usize, Vec<usize>, Vec<usize>);

#[derive(Serialize)]
struct Explanation {
    selection: Vec<LevelData>,
    levels: Vec<LevelData>,
    /// Path, value, and the levels that set it, each with the name, the value and the location.
    values: Vec<(usize, usize, Vec<[usize; 3]>)>,
    more: usize,
}

/// Returns the data as JSON.
pub(super) fn json(contents: &Contents<'_>) -> String {
    let mut strings = Interned::<String>::default();
    strings.text("");
    let matrix = contents.matrix;
    let explanations = matrix.explanations.iter();
    let explanations = explanations
        .map(|one| explanation(one, contents.sources, &mut strings))
        .collect();
    let mut labels = Interned::default();
    let rows = rows(matrix, &mut labels, &mut strings);
    let columns = matrix.addons.iter().enumerate();
    let addons = columns
        .map(|(at, column)| addon(matrix, at, column, &mut strings))
        .collect();
    let changes = contents
        .change
        .iter()
        .flat_map(|change| &change.changes.all);
    let data = Data {
        addons,
        rows,
        explanations,
        labels: labels.into_values(),
        changes: changes
            .map(|set| set.iter().map(|one| change(one, &mut strings)).collect())
            .collect(),
        compared: contents.change.is_some(),
        strings: strings.into_values(),
    };
    // The data contains only strings, numbers and sequences.
    serde_json::to_string(&data).unwrap_or_default()
}

fn rows(
    matrix: &Matrix,
    labels: &mut Interned<Vec<usize>>,
    strings: &mut Interned<String>,
) -> Rows {
    let rows = &matrix.clusters;
    let mut column = |of: &mut dyn FnMut(&Row, &mut Interned<String>) -> usize| {
        rows.iter().map(|row| of(row, strings)).collect::<Vec<_>>()
    };
    Rows {
        namespace: column(&mut |row, strings| strings.text(&row.namespace)),
        cell: column(&mut |row, strings| strings.optional(row.cell.as_deref())),
        labels: column(&mut |row, strings| {
            let pairs = row.labels.iter();
            let pairs = pairs.flat_map(|(key, value)| [strings.text(key), strings.text(value)]);
            labels.index(pairs.collect())
        }),
        location: column(&mut |row, strings| strings.optional(row.location.as_deref())),
        mark: column(&mut |row, _| mark(&row.mark)),
        changes: column(&mut |row, _| row.changes.map_or(0, |changes| changes + 1)),
        existing: column(&mut |row, _| usize::from(row.is_existing)),
        name: rows.iter().map(|row| shown(&row.name)).collect(),
    }
}

fn addon(matrix: &Matrix, at: usize, column: &Column, strings: &mut Interned<String>) -> AddOn {
    let mut kinds: Interned<Kind> = Interned::default();
    let of = matrix.clusters.iter().map(|row| {
        let cell = &row.cells[at];
        let installed = cell.installed.as_ref();
        let own_variant = installed.filter(|installed| installed.variant != row.name);
        kinds.index([
            strings.optional(cell.version()),
            strings.optional(own_variant.map(|installed| &*installed.variant)),
            strings.optional(installed.and_then(|installed| installed.location.as_deref())),
            cell.explanation.map_or(0, |index| index + 1),
            mark(&cell.mark),
            match &cell.mark {
                Mark::Version(before) => strings.text(before),
                _ => 0,
            },
            cell.changes.map_or(0, |index| index + 1),
        ])
    });
    AddOn {
        of: of.collect(),
        name: strings.text(&column.name),
        deliver: strings.text(&column.deliver),
        software: strings.text(&column.software),
        location: strings.text(&column.location),
        mark: mark(&column.mark),
        kinds: kinds.into_values(),
    }
}

/// Returns the number of a mark: 0 to 4.
fn mark(mark: &Mark) -> usize {
    match mark {
        Mark::Same => 0,
        Mark::Added => 1,
        Mark::Removed => 2,
        Mark::Version(_) => 3,
        Mark::Changed => 4,
    }
}

fn explanation(
    explanation: &CellExplanation,
    sources: &Sources,
    strings: &mut Interned<String>,
) -> Explanation {
    let mut levels = |levels: &[Level]| {
        let levels = levels.iter();
        levels
            .map(|one| level(one, sources, strings))
            .collect::<Vec<_>>()
    };
    Explanation {
        selection: levels(&explanation.selection),
        levels: levels(&explanation.levels),
        values: explanation
            .values
            .iter()
            .map(|one| value(one, sources, strings))
            .collect(),
        more: explanation.more,
    }
}

fn level(level: &Level, sources: &Sources, strings: &mut Interned<String>) -> LevelData {
    [
        strings.text(level.kind),
        strings.text(&level.name),
        strings.text(level.state.name()),
        strings.optional(level.resolved.as_deref()),
        strings.optional(level.note.as_deref()),
        location(level, sources, strings),
    ]
}

fn location(level: &Level, sources: &Sources, strings: &mut Interned<String>) -> usize {
    let location = level
        .span
        .map(|span| crate::matrix::build::location(span, sources));
    strings.optional(location.as_deref())
}

fn value(
    section: &Section,
    sources: &Sources,
    strings: &mut Interned<String>,
) -> (usize, usize, Vec<[usize; 3]>) {
    let title = strings.text(&section.title);
    let shown = section.value.as_ref().map(ToString::to_string);
    let value = strings.optional(shown.as_deref());
    let levels = section.levels.iter().map(|level| {
        let name = level.resolved.as_deref().unwrap_or(&level.name);
        let value = level.value.as_ref().map(ToString::to_string);
        [
            strings.text(&format!("{} {name}", level.kind)),
            strings.optional(value.as_deref()),
            location(level, sources, strings),
        ]
    });
    (title, value, levels.collect())
}

fn change(change: &Change, strings: &mut Interned<String>) -> ChangeData {
    (
        strings.text(change.action),
        strings.text(change.consequence),
        usize::from(change.is_danger),
        strings.text(&change.kind),
        change
            .fields
            .iter()
            .map(|text| strings.text(text))
            .collect(),
        change
            .causes
            .iter()
            .map(|text| strings.text(text))
            .collect(),
    )
}

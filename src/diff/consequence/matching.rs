//! Finds the rows that match a changed field.

use super::effect::Consequence;
use super::row::{Row, When};
use super::seen::Seen;
use crate::diff::change::{FieldChange, ObjectChange, Step};
use crate::tree::Node;

/// How a changed field relates to the path of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// The field is at or below the path, which has this number of keys.
    At(usize),
    /// The path is below the field; the remaining keys.
    Above(&'static str),
    /// Neither.
    None,
}

/// Calls `visit` with the row of a changed field, and the path that it is about. If more specific rows match parts of an
/// added or removed mapping, calls it with their rows instead. A field without a row has `None`.
pub(super) fn each_row<'a>(
    rows: &[&'static [Row]],
    change: &'a ObjectChange<'a>,
    field: &'a FieldChange,
    visit: &mut dyn FnMut(Option<&'static Row>, &[Step]),
) {
    let part = Part {
        path: &field.path.0,
        whole: field.whole,
        sides: [field.base.as_ref(), field.head.as_ref()],
    };
    part.each_row(rows, change, visit);
}

/// A changed field, or a part of a mapping that only one side has.
#[derive(Clone, Copy)]
struct Part<'a, 'p> {
    path: &'p [Step],
    /// The number of steps to what only one side has.
    whole: usize,
    sides: [Option<&'a Node>; 2],
}

impl<'a> Part<'a, '_> {
    fn each_row(
        self,
        rows: &[&'static [Row]],
        change: &'a ObjectChange<'a>,
        visit: &mut dyn FnMut(Option<&'static Row>, &[Step]),
    ) {
        let Self {
            path,
            whole,
            sides: [base, head],
        } = self;
        for row in rows.iter().copied().flatten() {
            let When::Field(keys) = row.when else {
                continue;
            };
            match fit(keys, path) {
                Fit::None => {}
                Fit::At(length) => {
                    let is_whole = length >= whole;
                    let path = if is_whole { &path[..length] } else { path };
                    let seen = Seen {
                        change,
                        path,
                        base,
                        head,
                        is_whole,
                    };
                    if row.holds(&seen) {
                        visit(Some(row), path);
                        return;
                    }
                }
                Fit::Above(rest) => {
                    if [base, head]
                        .into_iter()
                        .flatten()
                        .any(|node| has(node, rest))
                    {
                        for side in [
                            base.map(|node| [Some(node), None]),
                            head.map(|node| [None, Some(node)]),
                        ] {
                            let sides = side.unwrap_or_default();
                            Part { sides, ..self }.descend(rows, change, visit);
                        }
                        return;
                    }
                }
            }
        }
        visit(None, path);
    }

    /// Calls `visit` for each value of a mapping or sequence that only one side has.
    fn descend(
        self,
        rows: &[&'static [Row]],
        change: &'a ObjectChange<'a>,
        visit: &mut dyn FnMut(Option<&'static Row>, &[Step]),
    ) {
        let Some(node) = self.sides[0].or(self.sides[1]) else {
            return;
        };
        let mut below = self.path.to_vec();
        let mut enter = |step: Step, value: &'a Node| {
            below.push(step);
            let part = Part {
                path: &below,
                whole: self.whole,
                sides: self.sides.map(|side| side.map(|_| value)),
            };
            part.each_row(rows, change, visit);
            below.pop();
        };
        for entry in node.entries().unwrap_or_default() {
            enter(Step::Key(entry.key.text.source_text()), &entry.value);
        }
        for (number, item) in node.items().unwrap_or_default().iter().enumerate() {
            let name = item.get("name").and_then(Node::text);
            let step = name.map_or(Step::Item(number), |name| Step::Named(name.into()));
            enter(step, item);
        }
    }
}

fn fit(keys: &'static str, path: &[Step]) -> Fit {
    let mut rest = keys;
    for (length, step) in path.iter().enumerate() {
        if rest.is_empty() {
            return Fit::At(length);
        }
        let (key, after) = rest.split_once(' ').unwrap_or((rest, ""));
        if key != "*" && !matches!(step, Step::Key(name) if **name == *key) {
            return Fit::None;
        }
        rest = after;
    }
    match rest {
        "" => Fit::At(path.len()),
        rest => Fit::Above(rest),
    }
}

/// Returns `true` if a node has a value at a path.
fn has(node: &Node, keys: &str) -> bool {
    let (key, rest) = keys.split_once(' ').unwrap_or((keys, ""));
    let is_below = |node: &Node| rest.is_empty() || has(node, rest);
    if key != "*" {
        return node.get(key).is_some_and(is_below);
    }
    let mut entries = node.entries().unwrap_or_default().iter();
    let mut items = node.items().unwrap_or_default().iter();
    entries.any(|entry| is_below(&entry.value)) || items.any(is_below)
}

/// Returns the row of an object that is added or removed.
pub(super) fn whole<'r>(rows: &'r [Row], when: When, change: &ObjectChange<'_>) -> Option<&'r Row> {
    let seen = Seen {
        change,
        path: &[],
        base: None,
        head: None,
        is_whole: true,
    };
    rows.iter().find(|row| row.when == when && row.holds(&seen))
}

/// Returns `true` if the object runs something that its deletion ends.
pub(super) fn runs(row: &Row) -> bool {
    let ends = [Consequence::Destroys, Consequence::Uninstalls];
    row.consequences.iter().any(|one| ends.contains(one))
}

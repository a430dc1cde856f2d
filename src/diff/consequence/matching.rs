//! Finds the rows that match a changed field.

use super::effect::Consequence;
use super::row::{Row, When};
use super::seen::Seen;
use crate::diff::change::{ObjectChange, Step};
use crate::tree::Node;

/// How a changed field relates to the path of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// The field is at the path.
    Exact,
    /// The field is below the path.
    Below,
    /// The path is below the field; the remaining keys.
    Above(&'static str),
    /// Neither.
    None,
}

/// Calls `visit` with the row of a changed field. If more specific rows match parts of an added or removed mapping,
/// calls it with their rows instead. A field without a row has `None`.
pub(super) fn each_row<'a>(
    rows: &[&'static [Row]],
    change: &'a ObjectChange<'a>,
    path: &[Step],
    [base, head]: [Option<&'a Node>; 2],
    visit: &mut dyn FnMut(Option<&'static Row>, &[Step]),
) {
    for row in rows.iter().copied().flatten() {
        let When::Field(keys) = row.when else {
            continue;
        };
        let found = fit(keys, path);
        match found {
            Fit::None => {}
            Fit::Exact | Fit::Below => {
                let seen = Seen {
                    change,
                    path,
                    base,
                    head,
                    is_exact: found == Fit::Exact,
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
                        let [base, head] = side.unwrap_or_default();
                        descend(rows, change, path, [base, head], visit);
                    }
                    return;
                }
            }
        }
    }
    visit(None, path);
}

/// Calls `visit` for each value of a mapping or sequence that only one side has.
fn descend<'a>(
    rows: &[&'static [Row]],
    change: &'a ObjectChange<'a>,
    path: &[Step],
    sides: [Option<&'a Node>; 2],
    visit: &mut dyn FnMut(Option<&'static Row>, &[Step]),
) {
    let Some(node) = sides[0].or(sides[1]) else {
        return;
    };
    let mut below = path.to_vec();
    let mut enter = |step: Step, value: &'a Node| {
        below.push(step);
        let values = sides.map(|side| side.map(|_| value));
        each_row(rows, change, &below, values, visit);
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

fn fit(keys: &'static str, path: &[Step]) -> Fit {
    let mut rest = keys;
    for step in path {
        if rest.is_empty() {
            return Fit::Below;
        }
        let (key, after) = rest.split_once(' ').unwrap_or((rest, ""));
        if key != "*" && !matches!(step, Step::Key(name) if **name == *key) {
            return Fit::None;
        }
        rest = after;
    }
    match rest {
        "" => Fit::Exact,
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
        is_exact: true,
    };
    rows.iter().find(|row| row.when == when && row.holds(&seen))
}

/// Returns `true` if the object runs something that its deletion ends.
pub(super) fn runs(row: &Row) -> bool {
    let ends = [Consequence::Destroys, Consequence::Uninstalls];
    row.consequences.iter().any(|one| ends.contains(one))
}

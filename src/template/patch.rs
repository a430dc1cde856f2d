//! Patches of trees whose texts are not filled yet: RFC 7386 and RFC 6902.
//!
//! A patch sees what the template's author wrote. Where the outcome would hang on a variable's
//! value (a patch that goes on inside a variable, a `test` of one) it is refused.

mod operation;

use crate::source::Span;
use crate::tree::{Entry, Node, Style, Text, Value};

pub use operation::{Operation, apply};

/// Why a patch cannot be applied, and where it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The part of the patch.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// Whether a budget is exceeded.
    pub is_too_large: bool,
}

/// Applies a JSON Merge Patch (RFC 7386): maps are merged key by key, a null deletes, anything else
/// replaces.
pub fn merge(target: &Node, patch: &Node, problems: &mut Vec<Problem>) -> Node {
    merged(target, patch, Nulls::Delete, problems)
}

/// The same, but below the path of `keys` a null is a value like any other, as `helm -f` has it.
pub fn merge_with_nulls_below(
    keys: &[&str],
    target: &Node,
    patch: &Node,
    problems: &mut Vec<Problem>,
) -> Node {
    merged(target, patch, Nulls::StayBelow(keys), problems)
}

/// Merges the values of charts, as `helm -f` has it: a null is a value like any other.
pub fn merge_values(target: &Node, values: &Node, problems: &mut Vec<Problem>) -> Node {
    merged(target, values, Nulls::Stay, problems)
}

/// What a null in a patch does.
#[derive(Clone, Copy)]
enum Nulls<'a> {
    Delete,
    Stay,
    StayBelow(&'a [&'a str]),
}

impl Nulls<'_> {
    /// The same for the value of a key.
    fn below(self, key: &Text) -> Self {
        match self {
            Self::StayBelow([first, rest @ ..]) if key.literal() == Some(first) => match rest {
                [] => Self::Stay,
                rest => Self::StayBelow(rest),
            },
            Self::StayBelow(_) | Self::Delete => Self::Delete,
            Self::Stay => Self::Stay,
        }
    }

    fn deletes(self, change: &Entry) -> bool {
        !matches!(self, Self::Stay) && change.value.is_null()
    }
}

fn merged(target: &Node, patch: &Node, nulls: Nulls<'_>, problems: &mut Vec<Problem>) -> Node {
    let Some(patches) = patch.entries() else {
        return patch.clone();
    };
    refuse_variable(target, patch, problems);
    let mut entries = target.entries().unwrap_or_default().to_vec();
    for change in patches {
        let at = entries
            .iter()
            .position(|entry| !entry.key.is_spread() && entry.key.text == change.key.text);
        let below = nulls.below(&change.key.text);
        match at {
            _ if change.key.is_spread() => entries.push(change.clone()),
            Some(at) if nulls.deletes(change) => {
                entries.remove(at);
            }
            Some(at) => {
                entries[at].value = merged(&entries[at].value, &change.value, below, problems);
            }
            None if nulls.deletes(change) => {
                refuse_spread(&entries, change, problems);
            }
            None => {
                let empty = Node::mapping(change.value.span, Vec::new());
                entries.push(Entry {
                    key: change.key.clone(),
                    value: merged(&empty, &change.value, below, problems),
                });
            }
        }
    }
    Node::mapping(target.span, entries)
}

/// What a variable holds is not known here, so nothing can be merged into it.
fn refuse_variable(target: &Node, patch: &Node, problems: &mut Vec<Problem>) {
    // A quoted text, or one with more than the variable, is a text whatever that holds.
    if let Value::Scalar(scalar) = &target.value
        && scalar.style == Style::Plain
        && scalar.text.sole_slot().is_some()
    {
        problems.push(Problem {
            span: patch.span,
            message: format!(
                "the patch goes on inside `{}`, and what that holds is not known to it",
                scalar.text.as_written()
            ),
            is_too_large: false,
        });
    }
}

/// A key that a spread may bring cannot be deleted.
fn refuse_spread(entries: &[Entry], change: &Entry, problems: &mut Vec<Problem>) {
    if entries.iter().any(|entry| entry.key.is_spread()) {
        problems.push(Problem {
            span: change.key.span,
            message: format!(
                "`{}` may come from a variable that is spread here, and cannot be deleted",
                change.key.text.as_written()
            ),
            is_too_large: false,
        });
    }
}

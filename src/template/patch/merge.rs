//! JSON Merge Patch (RFC 7386), and the merge of Helm values, on trees with expressions.

use super::error::PatchError;
use crate::tree::{Entry, Node, Style, Text, Value};

/// Applies a JSON Merge Patch (RFC 7386): maps are merged key by key, a null deletes, anything else
/// replaces.
pub(super) fn merge(target: &Node, patch: &Node, problems: &mut Vec<PatchError>) -> Node {
    merged(target, patch, Nulls::Delete, problems)
}

/// The same, but below the path of `keys` a null is a value like any other, as `helm -f` has it.
pub fn merge_with_nulls_below(
    keys: &[&str],
    target: &Node,
    patch: &Node,
    problems: &mut Vec<PatchError>,
) -> Node {
    merged(target, patch, Nulls::StayBelow(keys), problems)
}

/// Merges the values of charts, as `helm -f` has it: a null is a value like any other.
pub fn merge_values(target: &Node, values: &Node, problems: &mut Vec<PatchError>) -> Node {
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

fn merged(target: &Node, patch: &Node, nulls: Nulls<'_>, problems: &mut Vec<PatchError>) -> Node {
    let Some(patches) = fields(patch) else {
        return patch.clone();
    };
    refuse_variable(target, patch, problems);
    let (span, mut entries) = match target.entries() {
        Some(entries) => (target.span, entries.to_vec()),
        None => (patch.span, Vec::new()),
    };
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
                let known = &mut entries[at];
                let is_merged = fields(&known.value).is_some() && fields(&change.value).is_some();
                if !is_merged {
                    known.key.is_optional = change.key.is_optional;
                } else if change.key.is_optional {
                    problems.push(optional_merge(change));
                }
                known.value = merged(&known.value, &change.value, below, problems);
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
    Node::mapping(span, entries)
}

/// Returns the entries that are merged one by one: those of a mapping that is no `$case`.
fn fields(node: &Node) -> Option<&[Entry]> {
    node.entries().filter(|_| node.case().is_none())
}

fn optional_merge(change: &Entry) -> PatchError {
    let key = change.key.text.as_written();
    PatchError {
        span: change.key.span,
        message: format!(
            "`{key}?` cannot be merged into the mapping `{key}`: write the `?` after keys inside of it"
        ),
        is_too_large: false,
    }
}

/// What a variable holds is not known here, so nothing can be merged into it.
fn refuse_variable(target: &Node, patch: &Node, problems: &mut Vec<PatchError>) {
    if target.case().is_some() {
        problems.push(PatchError {
            span: patch.span,
            message: "the patch goes on inside a `$case`, and which value that selects is not known to it"
                .to_owned(),
            is_too_large: false,
        });
    }
    // A quoted text, or one with more than the variable, is a text whatever that holds.
    if let Value::Scalar(scalar) = &target.value
        && scalar.style == Style::Plain
        && scalar.text.sole_slot().is_some()
    {
        problems.push(PatchError {
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
fn refuse_spread(entries: &[Entry], change: &Entry, problems: &mut Vec<PatchError>) {
    if entries.iter().any(|entry| entry.key.is_spread()) {
        problems.push(PatchError {
            span: change.key.span,
            message: format!(
                "`{}` may come from a variable that is spread here, and cannot be deleted",
                change.key.text.as_written()
            ),
            is_too_large: false,
        });
    }
}

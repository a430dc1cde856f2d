//! JSON Merge Patch (RFC 7386), and the merge of Helm values, on trees with expressions.

use super::error::PatchError;
use crate::tree::{Entry, Node, Style, Text, Value};

/// Applies a JSON Merge Patch (RFC 7386): mappings are merged key by key, a null deletes a key, any other
/// value replaces.
pub(super) fn merge(target: &Node, patch: &Node, problems: &mut Vec<PatchError>) -> Node {
    merged(target, patch, Nulls::Delete, problems)
}

/// Applies a JSON Merge Patch, in which a null below the path `keys` is a value, as in `helm -f`.
pub fn merge_with_nulls_below(
    keys: &[&str],
    target: &Node,
    patch: &Node,
    problems: &mut Vec<PatchError>,
) -> Node {
    merged(target, patch, Nulls::StayBelow(keys), problems)
}

/// Merges chart values as `helm -f` does: a null is a value like any other.
pub fn merge_values(target: &Node, values: &Node, problems: &mut Vec<PatchError>) -> Node {
    merged(target, values, Nulls::Stay, problems)
}

/// The effect of a null in a patch.
#[derive(Clone, Copy)]
enum Nulls<'a> {
    Delete,
    Stay,
    StayBelow(&'a [&'a str]),
}

impl Nulls<'_> {
    /// Returns the effect of a null in the value of a key.
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
    report_undecided(target, patch, problems);
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
                report_spread(&entries, change, problems);
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

/// Returns the entries of a mapping to merge; `None` for a mapping with `$case`.
fn fields(node: &Node) -> Option<&[Entry]> {
    node.entries().filter(|_| node.case().is_none())
}

fn optional_merge(change: &Entry) -> PatchError {
    let key = change.key.text.source_text();
    PatchError {
        span: change.key.span,
        message: format!("`{key}?` cannot be merged into the mapping `{key}`"),
        help: "remove the `?`, and write `?` after the optional keys in the mapping",
        is_too_large: false,
    }
}

/// Reports a merge into a variable or `$case`, whose value is unknown when patches are applied.
fn report_undecided(target: &Node, patch: &Node, problems: &mut Vec<PatchError>) {
    if target.case().is_some() {
        problems.push(PatchError {
            span: patch.span,
            message:
                "changes a field inside a `$case`, whose value is unknown when patches are applied"
                    .to_owned(),
            help: "patch the whole value, or change the template",
            is_too_large: false,
        });
    }
    // A quoted scalar, or one that contains more than the variable, is a string regardless of the value.
    if let Value::Scalar(scalar) = &target.value
        && scalar.style == Style::Plain
        && scalar.text.sole_slot().is_some()
    {
        problems.push(PatchError {
            span: patch.span,
            message: format!(
                "changes a field inside variable `{}`, whose value is unknown when patches are applied",
                scalar.text.source_text()
            ),
            help: "patch the whole value, or change the variable",
            is_too_large: false,
        });
    }
}

/// Reports the deletion of a key that a merged variable might set.
fn report_spread(entries: &[Entry], change: &Entry, problems: &mut Vec<PatchError>) {
    if entries.iter().any(|entry| entry.key.is_spread()) {
        problems.push(PatchError {
            span: change.key.span,
            message: format!(
                "`{}` cannot be deleted: a variable merged with `<<` might set it",
                change.key.text.source_text()
            ),
            help: "remove the key from the variable",
            is_too_large: false,
        });
    }
}

//! Merges of templates, as the controller of `ApplicationSets` merges them (Argo CD 3.5.7).

use crate::source::Span;
use crate::tree::{Entry, Node, Value};

/// Merges the template of a generator over that of the `ApplicationSet`.
///
/// Argo CD merges in the other direction: `mergo.Merge` fills the empty fields of the generator's template. A sequence is
/// one value, and `false`, zero and empty values count as empty.
pub(super) fn merge_templates(base: &Node, own: &Node) -> Node {
    match (&base.value, &own.value) {
        (Value::Mapping(_), Value::Mapping(entries)) => {
            merge_entries(base, entries, &|_, known, own| {
                Some(merge_templates(known, own))
            })
        }
        _ if is_zero(own) => base.clone(),
        _ => own.clone(),
    }
}

/// Applies a patch, as a strategic merge patch of an Application.
///
/// Only `metadata.finalizers` has a merge strategy (`patchStrategy` in `types.go` of `k8s.io/apimachinery` 0.35.3 and of
/// Argo CD), so another sequence replaces the one before. `null` removes a field.
pub(super) fn patch(base: &Node, over: &Node) -> Node {
    match (&base.value, &over.value) {
        (Value::Mapping(_), Value::Mapping(entries)) => merge_entries(
            base,
            entries,
            &|key, known, over| match (&known.value, &over.value) {
                _ if over.is_null() => None,
                (Value::Sequence(first), Value::Sequence(more)) if key == "finalizers" => {
                    let all = first.iter().chain(&**more).cloned().collect();
                    let (span, value) = (over.span, Value::Sequence(all));
                    Some(Node { span, value })
                }
                _ => Some(patch(known, over)),
            },
        ),
        _ => over.clone(),
    }
}

/// Merges entries into a mapping. `merge` returns nothing to remove an entry.
fn merge_entries(
    base: &Node,
    entries: &[Entry],
    merge: &dyn Fn(&str, &Node, &Node) -> Option<Node>,
) -> Node {
    let mut merged = base.clone();
    for entry in entries {
        let Some(key) = entry.key.text.literal().filter(|key| !is_directive(key)) else {
            continue;
        };
        let value = match merged.get(key) {
            Some(known) => merge(key, known, &entry.value),
            None if entry.value.is_null() => None,
            None => Some(entry.value.clone()),
        };
        merged = match value {
            Some(value) => merged.with(key, value),
            None => without(&merged, key),
        };
    }
    merged
}

/// Returns the location of a directive, such as `$patch: replace`.
pub(super) fn find_directive(patch: &Node) -> Option<Span> {
    let below = |entry: &Entry| match entry.key.text.literal() {
        Some(key) if is_directive(key) => Some(entry.key.span),
        _ => find_directive(&entry.value),
    };
    let entries = patch.entries().unwrap_or_default();
    let items = patch.items().unwrap_or_default();
    let mut found = entries.iter().filter_map(below);
    found
        .next()
        .or_else(|| items.iter().find_map(find_directive))
}

fn is_directive(key: &str) -> bool {
    key.starts_with('$')
}

fn without(mapping: &Node, key: &str) -> Node {
    let entries = mapping.entries().unwrap_or_default().iter();
    let kept = entries.filter(|entry| entry.key.text.literal() != Some(key));
    Node::mapping(mapping.span, kept.cloned().collect())
}

fn is_zero(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(_) => node.is_null() || matches!(node.text(), Some("" | "false" | "0")),
        Value::Sequence(items) => items.is_empty(),
        Value::Mapping(entries) => entries.is_empty(),
    }
}

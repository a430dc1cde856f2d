//! Constructors of generated trees.

use crate::source::Span;
use crate::tree::{Entry, Node, Style, Value};

/// Returns the scalar `true`.
pub(super) fn true_value(span: Span) -> Node {
    Node::scalar(span, Style::Plain, "true".into())
}

/// Returns a sequence.
pub(super) fn list(span: Span, items: impl IntoIterator<Item = Node>) -> Node {
    let value = Value::Sequence(items.into_iter().collect());
    Node { span, value }
}

/// Returns a mapping.
pub(super) fn map<'a>(span: Span, entries: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    let entry = |(key, value): (&str, Node)| Entry::new(key, value);
    Node::mapping(span, entries.into_iter().map(entry).collect())
}

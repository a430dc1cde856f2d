//! Trees of data that nobody wrote.

use crate::source::Span;
use crate::tree::{Entry, Node, Scalar, Style, Text, Value};

/// Returns a string.
pub(super) fn text(span: Span, text: &str) -> Node {
    Node::string(span, text)
}

/// Returns a number or a boolean.
pub(super) fn plain(span: Span, text: &str) -> Node {
    Node::scalar(span, Style::Plain, text.into())
}

/// Returns a string that may contain expressions.
pub(super) fn quoted(span: Span, text: Text) -> Node {
    let style = Style::Quoted;
    let value = Value::Scalar(Scalar { style, text });
    Node { span, value }
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

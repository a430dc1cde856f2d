//! Values as their author wrote them, to be filled for each subject.

use crate::tree::{Node, Style, Value};

/// A value as it is written.
#[derive(Debug)]
pub(super) struct Written {
    /// The value.
    pub(super) node: Node,
    /// Its unquoted words that hold expressions.
    pub(super) unquoted: Vec<Node>,
}

impl From<Node> for Written {
    fn from(node: Node) -> Self {
        let unquoted = unquoted(&node);
        Self { node, unquoted }
    }
}

/// The unquoted words of a tree that hold expressions.
pub(super) fn unquoted(node: &Node) -> Vec<Node> {
    let mut words = Vec::new();
    each_scalar(node, &mut |scalar| {
        if !scalar.is_literal() {
            words.push(scalar.clone());
        }
    });
    words
}

/// Gives `visit` each of the words with what it became in the filled tree: filling keeps their places.
pub(super) fn each_filled<'a>(
    words: &[Node],
    filled: &'a Node,
    visit: &mut dyn FnMut(&Node, &'a str),
) {
    if words.is_empty() {
        return;
    }
    each_scalar(filled, &mut |scalar| {
        let word = words.iter().find(|word| word.span == scalar.span);
        if let Some((word, text)) = word.zip(scalar.text()) {
            visit(word, text);
        }
    });
}

/// Gives `visit` the unquoted scalars of a tree.
fn each_scalar<'a>(node: &'a Node, visit: &mut dyn FnMut(&'a Node)) {
    match &node.value {
        Value::Scalar(scalar) if scalar.style == Style::Plain => visit(node),
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| each_scalar(item, visit)),
        Value::Mapping(entries) => {
            for entry in entries.iter() {
                each_scalar(&entry.value, visit);
            }
        }
    }
}

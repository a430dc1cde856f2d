//! Values as their author wrote them, whose variables are substituted for each subject.

use crate::tree::{Node, Part, Style, Text, Value};

/// A value as written.
#[derive(Debug)]
pub struct Unfilled {
    /// The value.
    pub node: Node,
    /// Its plain scalars that contain expressions.
    pub unquoted: Vec<Node>,
}

impl From<Node> for Unfilled {
    fn from(node: Node) -> Self {
        let unquoted = unquoted(&node);
        Self { node, unquoted }
    }
}

/// The unquoted words of a tree that hold expressions.
pub fn unquoted(node: &Node) -> Vec<Node> {
    let mut words = Vec::new();
    each_scalar(node, &mut |scalar| {
        if !scalar.is_literal() {
            words.push(scalar.clone());
        }
    });
    words
}

/// Gives `visit` each of the words with what it became in the filled tree: filling keeps their places.
pub fn each_filled<'a>(words: &[Node], filled: &'a Node, visit: &mut dyn FnMut(&Node, &'a str)) {
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

/// Returns `true` if a node depends on variables in such a way that its parts cannot be printed one by one.
pub fn is_hole(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.literal().is_none(),
        Value::Sequence(items) => items.iter().any(|item| item.each().is_some()),
        Value::Mapping(entries) => entries.iter().any(|entry| entry.key.is_open()),
    }
}

/// Returns `true` if a string contains YAML of a tree.
pub fn embeds_yaml(text: &Text) -> bool {
    let is_yaml = |part: &Part| matches!(part, Part::Yaml(_));
    matches!(text, Text::Parts(parts) if parts.iter().any(is_yaml))
}

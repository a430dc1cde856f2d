//! Values whose variables are not yet substituted.

use crate::tree::{Node, Part, Style, Text, Value};

/// A value whose variables are not yet substituted.
#[derive(Debug)]
pub struct Unfilled {
    /// The value.
    pub node: Node,
    /// Its plain scalars that contain expressions.
    pub plain_scalars: Vec<Node>,
}

impl From<Node> for Unfilled {
    fn from(node: Node) -> Self {
        let plain_scalars = plain_scalars(&node);
        Self {
            node,
            plain_scalars,
        }
    }
}

/// Returns the plain scalars of a tree that contain expressions.
pub fn plain_scalars(node: &Node) -> Vec<Node> {
    let mut scalars = Vec::new();
    for_each_plain(node, &mut |scalar| {
        if !scalar.is_literal() {
            scalars.push(scalar.clone());
        }
    });
    scalars
}

/// Calls `visit` with each plain scalar and its value after substitution. They have the same location.
pub fn for_each_filled<'a>(
    plain: &[Node],
    filled: &'a Node,
    visit: &mut dyn FnMut(&Node, &'a str),
) {
    if plain.is_empty() {
        return;
    }
    for_each_plain(filled, &mut |scalar| {
        let written = plain.iter().find(|written| written.span == scalar.span);
        if let Some((written, text)) = written.zip(scalar.text()) {
            visit(written, text);
        }
    });
}

/// Calls `visit` with each plain scalar of a tree.
fn for_each_plain<'a>(node: &'a Node, visit: &mut dyn FnMut(&'a Node)) {
    match &node.value {
        Value::Scalar(scalar) if scalar.style == Style::Plain => visit(node),
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| for_each_plain(item, visit)),
        Value::Mapping(entries) => {
            for entry in entries.iter() {
                for_each_plain(&entry.value, visit);
            }
        }
    }
}

/// Returns `true` if a node must be rendered as a whole, because its structure depends on variables.
pub fn is_hole(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.literal().is_none(),
        Value::Sequence(items) => items.iter().any(|item| item.each_variable().is_some()),
        Value::Mapping(entries) => entries.iter().any(|entry| entry.key.is_unresolved()),
    }
}

/// Returns `true` if a string contains YAML of a tree.
pub fn embeds_yaml(text: &Text) -> bool {
    let is_yaml = |part: &Part| matches!(part, Part::Yaml(_));
    matches!(text, Text::Parts(parts) if parts.iter().any(is_yaml))
}

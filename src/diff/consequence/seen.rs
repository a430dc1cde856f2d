//! A changed field as the conditions of rows see it.

use crate::diff::change::{ObjectChange, Step};
use crate::plan::Object;
use crate::tree::{Node, Part, Text};

/// A changed field, or a whole object that is added or removed.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) change: &'a ObjectChange<'a>,
    pub(super) path: &'a [Step],
    pub(super) base: Option<&'a Node>,
    pub(super) head: Option<&'a Node>,
    /// Whether the path is what is added, removed or changed, and not above it.
    pub(super) is_whole: bool,
}

impl<'a> Seen<'a> {
    /// Returns `true` if a side does not have the field. A `null` removes a field.
    pub(super) fn lacks(side: Option<&Node>) -> bool {
        side.is_none_or(Node::is_null)
    }

    /// Returns the values of both sides, if both are scalars.
    pub(super) fn texts(&self) -> Option<(&'a str, &'a str)> {
        Some((self.base?.text()?, self.head?.text()?))
    }

    /// Returns the value in the base of an object.
    pub(super) fn was(&self, path: &str) -> Option<&'a str> {
        at(&self.change.base?.tree, path)?.text()
    }

    /// Returns the value in the head of an object.
    pub(super) fn is(&self, path: &str) -> Option<&'a str> {
        at(&self.change.head?.tree, path)?.text()
    }

    /// Returns the innermost item of a sequence in the head that contains the field.
    pub(super) fn item(&self) -> Option<&'a Node> {
        let is_item = |step: &Step| matches!(step, Step::Item(_) | Step::Named(_));
        let length = self.path.iter().rposition(is_item)? + 1;
        let root = &self.change.head?.tree;
        self.path[..length]
            .iter()
            .try_fold(root, |node, step| match step {
                Step::Key(key) => node.get(key),
                Step::Item(number) => node.items()?.get(*number),
                Step::Named(name) => {
                    let is_named =
                        |item: &&Node| item.get("name").and_then(Node::text) == Some(&**name);
                    node.items()?.iter().find(is_named)
                }
                Step::Yaml => None,
            })
    }
}

/// Returns the node at a path of keys.
pub(super) fn at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    path.split(' ').try_fold(node, |node, key| node.get(key))
}

/// Returns `true` if an annotation of an object contains a string.
pub(super) fn annotation_contains(object: &Object, key: &str, needle: &str) -> bool {
    let annotation = object.annotations().and_then(|all| all.get(key));
    annotation.is_some_and(|value| contains(value, needle))
}

/// Returns `true` if a string, or a literal part of it, contains `needle`.
pub(super) fn contains(node: &Node, needle: &str) -> bool {
    match node.as_scalar().map(|scalar| &scalar.text) {
        Some(Text::Literal(string)) => string.contains(needle),
        Some(Text::Parts(parts)) => parts
            .iter()
            .any(|part| matches!(part, Part::Literal(string) if string.contains(needle))),
        None => false,
    }
}

//! The variables that trees and strings use.

use super::data::{Node, Text};

/// Returns the variables that a tree uses, without the keys that select their fields.
pub fn roots(node: &Node) -> Vec<String> {
    let mut names = Vec::new();
    node.each_text(&mut |text, _| names.extend(roots_of_text(text)));
    names
}

/// Returns the variables that a string uses, without the keys that select their fields.
pub fn roots_of_text(text: &Text) -> Vec<String> {
    let mut names = Vec::new();
    for slot in text.slots() {
        let references = slot.expression.references().into_iter();
        names.extend(references.filter_map(|reference| reference.path.first().cloned()));
    }
    names
}

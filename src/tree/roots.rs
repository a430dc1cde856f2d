//! The variables that trees and strings read.

use super::data::{Node, Text};
use super::expression::{Segment, references};

/// Returns the variables that a tree reads, without the keys that lead into them.
pub fn roots(node: &Node) -> Vec<String> {
    let mut names = Vec::new();
    node.each_text(&mut |text, _| names.extend(roots_of_text(text)));
    names
}

/// Returns the variables that a string reads, without the keys that lead into them.
pub fn roots_of_text(text: &Text) -> Vec<String> {
    let mut names = Vec::new();
    for slot in text.slots() {
        let segment = Segment::Expression(Box::new(slot.expression.clone()));
        let all = references(std::slice::from_ref(&segment));
        let roots = all.iter().filter_map(|reference| reference.path.first());
        names.extend(roots.cloned());
    }
    names
}

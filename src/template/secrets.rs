//! Values that are secrets because of what they read.

use crate::diagnostic::is_secret_key;
use crate::tree::Node;

/// Returns `true` if an expression in a value reads a variable whose name, or a key of whose path, names a secret.
pub(crate) fn reads_secret(node: &Node) -> bool {
    any_path(node, &mut |path| path.iter().any(|key| is_secret_key(key)))
}

/// Returns `true` if a path that an expression in a value reads meets a condition.
pub(crate) fn any_path(node: &Node, condition: &mut dyn FnMut(&[String]) -> bool) -> bool {
    let mut is_met = false;
    node.each_text(&mut |text, _| {
        for slot in text.slots() {
            let mut references = slot.expression.references().into_iter();
            is_met |= references.any(|reference| condition(reference.path));
        }
    });
    is_met
}

//! Check that a delivery method can look up the values of `runtimeValues`.

use std::rc::Rc;

use super::message::cannot_deliver;
use crate::diagnostic::Diagnostics;
use crate::input::addon::runtime_path;
use crate::plan::AddOn;
use crate::tree::Node;

/// Reports paths of `runtimeValues` that the delivery method cannot look up.
pub(super) fn check_runtime_values(addon: &AddOn, node: &Node, diags: &mut Diagnostics) {
    let Some(lookups) = &addon.delivery.lookups else {
        let property = "does not support `runtimeValues`";
        let help = "move the values to `values`, or set another `deliver` for this add-on";
        diags.push(cannot_deliver(addon, node.span, property, help));
        return;
    };
    if let Some(entries) = node.entries() {
        for entry in entries {
            check_runtime_values(addon, &entry.value, diags);
        }
        return;
    }
    let path = node.text().unwrap_or_default();
    let keys = runtime_path(path).unwrap_or_default();
    let is_known = |(root, depth): &(Vec<Rc<str>>, usize)| {
        let is_below = root.iter().zip(&keys).all(|(known, key)| **known == **key);
        is_below && keys.len() >= root.len() && keys.len() - root.len() <= *depth
    };
    if !lookups.paths.iter().any(is_known) {
        let root = |(root, _): &(Vec<Rc<str>>, usize)| format!("`.{}`", root.join("."));
        let known: Vec<String> = lookups.paths.iter().map(root).collect();
        let help = format!("use a path below one of {}", known.join(", "));
        let property = format!("cannot look up `{path}`");
        diags.push(cannot_deliver(addon, node.span, &property, &help));
    }
}

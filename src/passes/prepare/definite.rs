//! Checks keys that must always exist, with a value that does not depend on a `$case`.

use super::guard::{COMPARE_OPTIONS, FLUX_PRUNE, SYNC_OPTIONS};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::tree::Node;

/// The key at the root of a document that only delivery methods support.
const FOR_KEY: &str = "$for";

/// Keys that determine namespaces, labels and guards.
const DEFINITE_PATHS: [&[&str]; 10] = [
    &["apiVersion"],
    &["kind"],
    &["metadata"],
    &["metadata", "name"],
    &["metadata", "namespace"],
    &["metadata", "labels"],
    &["metadata", "annotations"],
    &["metadata", "annotations", SYNC_OPTIONS],
    &["metadata", "annotations", COMPARE_OPTIONS],
    &["metadata", "annotations", FLUX_PRUNE],
];

/// Keys that can depend on the data of an add-on.
const BOUND_KEYS: [&str; 2] = ["labels", "annotations"];

/// Reports optional keys and `$case` values where a document must not have them, and keys for delivery methods.
///
/// Labels and annotations of delivery methods can depend on the data of an add-on, so they are checked after that
/// data is bound.
pub(super) fn check_definite(document: &Node, is_delivery: bool, diags: &mut Diagnostics) {
    if let Some(entry) = document.entry(FOR_KEY) {
        let message = format!("`{FOR_KEY}` is supported only in delivery methods");
        let help = "remove it, and set `forEach` or `selector` in `templates` of fleet.yaml";
        diags.push(Diagnostic::new(Code::UnknownKey, entry.key.span, message).help(help));
    }
    let is_checked =
        |path: &&&[&str]| !is_delivery || !path.iter().any(|key| BOUND_KEYS.contains(key));
    for path in DEFINITE_PATHS.iter().filter(is_checked) {
        let Some((last, parents)) = path.split_last() else {
            continue;
        };
        let parent = parents.iter().try_fold(document, |node, key| node.get(key));
        let Some(entry) = parent.and_then(|parent| parent.entry(last)) else {
            continue;
        };
        let path = path.join(".");
        if entry.key.is_optional {
            let message = format!("`{path}` must not be optional");
            let help = "remove the `?`, or write a default in the value: `${name:=…}`";
            diags.push(Diagnostic::new(Code::UndecidedKey, entry.key.span, message).help(help));
        } else if entry.value.case().is_some() {
            let message = format!("the value of `{path}` must not be a `$case`");
            let help =
                "move the `$case` into the value, or select the value in a variable of fleet.yaml";
            diags.push(Diagnostic::new(Code::UndecidedKey, entry.value.span, message).help(help));
        }
    }
}

//! Keys of an object that must be there, with a value that no variable selects.

use super::guard::{COMPARE_OPTIONS, FLUX_PRUNE, SYNC_OPTIONS};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::tree::Node;

/// The key at the root of a document that delivery methods have.
const FOR: &str = "$for";

/// The keys on which namespaces, labels and guards depend.
const DEFINITE: [&[&str]; 10] = [
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

/// The keys that can depend on the data of an add-on.
const BOUND: [&str; 2] = ["labels", "annotations"];

/// Reports keys of a document that are optional, or whose value is a `$case`, and that must not be. Reports
/// also the key that only documents of delivery methods have. Labels and annotations of these documents can
/// depend on the data of an add-on, and are checked again once it is bound.
pub(super) fn check_definite(document: &Node, is_delivery: bool, diags: &mut Diagnostics) {
    if let Some(entry) = document.entry(FOR) {
        let message = format!("`{FOR}` is reserved for delivery methods");
        let help =
            "say in `templates` of fleet.yaml what the objects are made for: `forEach`, `selector`";
        diags.push(Diagnostic::new(Code::UnknownKey, entry.key.span, message).help(help));
    }
    let is_checked = |path: &&&[&str]| !is_delivery || !path.iter().any(|key| BOUND.contains(key));
    for path in DEFINITE.iter().filter(is_checked) {
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
            let help = "remove the `?`; a value can have a default: ${name:=…}";
            diags.push(Diagnostic::new(Code::UndecidedKey, entry.key.span, message).help(help));
        } else if entry.value.case().is_some() {
            let message = format!("the value of `{path}` must not be a `$case`");
            let help = "write the `$case` deeper, or select it in a variable of fleet.yaml";
            diags.push(Diagnostic::new(Code::UndecidedKey, entry.value.span, message).help(help));
        }
    }
}

//! The names that the documents of a delivery method read.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::source::Span;
use crate::tree::expression::{Segment, references};
use crate::tree::{Node, Text};

/// Names with a closed list of keys.
const NAMES: [(&str, &[&str]); 5] = [
    (
        "CHART",
        &[
            "repo",
            "registry",
            "name",
            "version",
            "release",
            "namespace",
            "values",
            "text",
            "content",
            "source",
        ],
    ),
    (
        "MANIFESTS",
        &[
            "path",
            "directory",
            "include",
            "recurse",
            "list",
            "files",
            "content",
        ],
    ),
    ("CONTENT", &["name", "data", "runs"]),
    ("REPOSITORY", &["url", "name", "scheme"]),
    (
        "SOURCE",
        &["repoURL", "revision", "path", "kind", "name", "namespace"],
    ),
];

/// Returns the paths of all names that a tree reads, and reports keys that a name does not have.
pub(super) fn check_names(tree: &Node, diags: &mut Diagnostics) -> Vec<Vec<String>> {
    let mut reads = Vec::new();
    tree.each_text(&mut |text: &Text, _| {
        for slot in text.slots() {
            let segment = Segment::Expression(Box::new(slot.expression.clone()));
            for reference in references(std::slice::from_ref(&segment)) {
                check_name(reference.path, slot.span, diags);
                reads.push(reference.path.to_vec());
            }
        }
    });
    reads
}

fn check_name(path: &[String], span: Span, diags: &mut Diagnostics) {
    let [root, rest @ ..] = path else {
        return;
    };
    let Some((_, keys)) = NAMES.iter().find(|(name, _)| name == root) else {
        return;
    };
    let is_known = rest.first().is_none_or(|key| keys.contains(&key.as_str()));
    if !is_known {
        let message = format!("`{root}` has no key `{}`", rest[0]);
        let help = did_you_mean(&rest[0], keys.iter().copied());
        diags.push(Diagnostic::new(Code::UnknownKey, span, message).help(help));
    }
}

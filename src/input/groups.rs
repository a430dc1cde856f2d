//! `groups`: the clusters that share one value of a label.

use super::members::{self, Members};
use super::read::{self, Mapping, is_bare};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::label_key_problem;
use crate::source::Spanned;
use crate::tree::Node;

/// An entry of `groups`.
#[derive(Debug)]
pub struct Groups {
    /// `label`: whose values are the groups.
    pub label: Spanned<String>,
    /// The members that say each group's variables; without a list, groups have none.
    pub members: Option<Members>,
}

/// Reads an entry of `groups`.
pub(super) fn groups(node: &Node, diags: &mut Diagnostics) -> Option<Groups> {
    if is_bare(node, "groups", "label", diags) {
        return None;
    }
    let keys = [&["label"], &members::KEYS[..]].concat();
    let entry = Mapping::read(node, "a `groups` entry", &keys, diags)?;
    let label = entry
        .require("label", diags)
        .and_then(|node| label_key(node, diags));
    let says_members = members::KEYS.iter().any(|key| entry.get(key).is_some());
    let members = if says_members {
        Some(members::members(&entry, diags)?)
    } else {
        None
    };
    Some(Groups {
        label: label?,
        members,
    })
}

/// A label's key.
pub(super) fn label_key(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let label = read::non_empty(node, "`label`", diags)?;
    if let Some(problem) = label_key_problem(&label.value) {
        let message = format!("`{}` is no label key: {problem}", label.value);
        diags.push(Diagnostic::new(Code::InvalidLabel, label.span, message));
        return None;
    }
    Some(label)
}

/// Reports two entries of one label.
pub(super) fn refuse_twins(groups: &[Groups], diags: &mut Diagnostics) {
    for (at, Groups { label, .. }) in groups.iter().enumerate() {
        let first = groups[..at]
            .iter()
            .find(|first| first.label.value == label.value);
        if let Some(first) = first {
            let message = format!(
                "two entries of `groups` are for the label `{}`",
                label.value
            );
            diags.push(
                Diagnostic::new(Code::InvalidValue, label.span, message)
                    .related(first.label.span, "the other entry")
                    .help("join them"),
            );
        }
    }
}

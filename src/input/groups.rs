//! `groups`: the clusters that share one value of a label.

use super::form::form;
use super::members::Members;
use super::typed::Typed as _;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::label_key_problem;
use crate::source::Spanned;
use crate::tree::Node;

form! {
    "a `groups` entry", bare "label";
    /// An entry of `groups`.
    #[derive(Debug)]
    pub struct Groups {
        /// Label whose values are the groups.
        pub label: Spanned<String> = required("label", label_key),
        /// The members that set each group's variables; without a list, groups have none.
        pub members: Option<Members> = optional_part(Members::keys, Members::read_if_set),
    }
}

/// Reads a label key.
pub(super) fn label_key(
    node: &Node,
    subject: &str,
    diags: &mut Diagnostics,
) -> Option<Spanned<String>> {
    let label = Spanned::<String>::read(node, subject, diags)?;
    if let Some(problem) = label_key_problem(&label.value) {
        let message = format!("`{}` is no label key: {problem}", label.value);
        diags.push(Diagnostic::new(Code::InvalidLabel, label.span, message));
        return None;
    }
    Some(label)
}

/// Reports two entries of one label.
pub(super) fn report_twins(groups: &[Groups], diags: &mut Diagnostics) {
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

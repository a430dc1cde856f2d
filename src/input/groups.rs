//! Reads `groups`: clusters with the same value of a label.

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
        /// Members that set the variables of each group; without a list, groups have no variables.
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
        let message = format!("`{}` is not a valid label key: {problem}", label.value);
        let help = "use a key such as `team` or `example.org/team`";
        diags.push(Diagnostic::new(Code::InvalidLabel, label.span, message).help(help));
        return None;
    }
    Some(label)
}

/// Reports entries that have the same label.
pub(super) fn report_twins(groups: &[Groups], diags: &mut Diagnostics) {
    for (at, Groups { label, .. }) in groups.iter().enumerate() {
        let first = groups[..at]
            .iter()
            .find(|first| first.label.value == label.value);
        if let Some(first) = first {
            let message = format!("two `groups` entries have the label `{}`", label.value);
            diags.push(
                Diagnostic::new(Code::InvalidValue, label.span, message)
                    .related(first.label.span, "the other entry")
                    .help("merge the two entries"),
            );
        }
    }
}

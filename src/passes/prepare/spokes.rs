//! Templates with `from: spoke`: of the clusters that they select, spokes alone apply their objects.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::passes::select::Selection;
use crate::plan::{Plan, SubjectId};

/// Reports a template that is for spokes where none of its clusters is one: nothing would ever print it.
pub(super) fn refuse_none(plan: &Plan, selection: &Selection<'_>, diags: &mut Diagnostics) {
    let spokes: BTreeSet<SubjectId> = plan.spokes().into_iter().map(SubjectId::cluster).collect();
    for one in &selection.templates {
        let Some(span) = one.template.from_spoke else {
            continue;
        };
        // What selects no cluster at all is told by its selector.
        let mut subjects = one.subjects.iter();
        if !one.subjects.is_empty() && !subjects.any(|subject| spokes.contains(subject)) {
            let message = format!(
                "`{}` is for spokes, and none of its clusters is one",
                one.path
            );
            let help = "add the template builtin:argocd-spoke for these clusters, or remove `from`";
            diags.push(Diagnostic::new(Code::NoSpoke, span, message).help(help));
        }
    }
}

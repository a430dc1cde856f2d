//! Check of the Argo CD projects of add-ons.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::{NAME_LENGTH, name_problem};
use crate::plan::{AddOn, Plan, Subject, SubjectScope};
use crate::source::Spanned;
use crate::template::fill;

/// Reports a project of Applications that is not a valid name for a cluster.
pub(super) fn check_project(addon: &AddOn, plan: &Plan, diags: &mut Diagnostics) {
    let Spanned { value: text, span } = addon.written.project();
    let variables = addon.variables();
    let clusters = addon.variants.iter().flat_map(|variant| &variant.clusters);
    let wrong = clusters.copied().find_map(|index| {
        let cluster = &plan.clusters[index];
        let scope = SubjectScope::new(plan.subjects(), Subject::Cluster(cluster), &variables);
        let mut missing = Vec::new();
        let name = fill::text(&text, &scope, &mut missing);
        // Missing variables are reported with the Application.
        let problem = name_problem(&name, NAME_LENGTH, true).filter(|_| missing.is_empty())?;
        Some((name, problem, cluster.span))
    });
    if let Some((name, problem, member)) = wrong {
        let message = format!("`{name}` is not a valid project name: {problem}");
        let help = "use the name of an Argo CD `AppProject`, for example `default`";
        let diagnostic = Diagnostic::new(Code::InvalidName, span, message).help(help);
        let has_variables = text.literal().is_none();
        diags.push(if has_variables {
            diagnostic.related(member, "value comes from this member")
        } else {
            diagnostic
        });
    }
}

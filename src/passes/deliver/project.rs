//! Check of the Argo CD projects of add-ons.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::{NAME_LENGTH, name_problem};
use crate::plan::{AddOn, Plan, Subject, SubjectScope};
use crate::source::Spanned;
use crate::template::fill::{self, member_part};

/// The project of Argo CD that allows every repository and destination until it is restricted.
const RESERVED_PROJECT: &str = "default";

/// Reports a project that a member must not select, and a project of Applications that is not a valid name for a cluster.
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
        if !missing.is_empty() {
            return None;
        }
        let is_chosen = || member_part(&text, &scope).is_some();
        let problem = match name_problem(&name, NAME_LENGTH, true) {
            Some(problem) => Err(problem),
            None if *name == *RESERVED_PROJECT && is_chosen() => Ok(()),
            None => return None,
        };
        Some((name, problem, cluster.span))
    });
    if let Some((name, problem, member)) = wrong {
        let (code, message, help) = match problem {
            Err(problem) => (
                Code::InvalidName,
                format!("`{name}` is not a valid project name: {problem}"),
                "use the name of an Argo CD `AppProject`, for example `default`",
            ),
            Ok(()) => (
                Code::ReservedName,
                format!(
                    "the AppProject `{name}` is reserved for Argo CD: a member must not select it"
                ),
                "write the project in fleet.yaml, or exclude this value in `fields`",
            ),
        };
        let diagnostic = Diagnostic::new(code, span, message).help(help);
        let has_variables = text.literal().is_none();
        diags.push(if has_variables {
            diagnostic.related(member, "value comes from this member")
        } else {
            diagnostic
        });
    }
}

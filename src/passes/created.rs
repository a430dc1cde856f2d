//! Checks for objects that other parts of the fleet depend on, but that no template creates.

use std::collections::BTreeSet;

use super::select::Selection;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, and_more};
use crate::plan::{Object, Plan, SubjectId, Template};

/// Reports objects that are missing in a plan. All templates must have been read without errors.
pub fn check_created(plan: &Plan, selection: &Selection<'_>, diags: &mut Diagnostics) {
    report_no_spoke(plan, selection, diags);
    report_missing_clusters(plan, diags);
}

/// Reports a template for spokes that selects no spoke, so that its objects are never created.
fn report_no_spoke(plan: &Plan, selection: &Selection<'_>, diags: &mut Diagnostics) {
    let spokes: BTreeSet<SubjectId> = plan.spokes().into_iter().map(SubjectId::cluster).collect();
    for selected in &selection.templates {
        let Some(span) = selected.template.from_spoke else {
            continue;
        };
        // A selector that matches no cluster has its own warning.
        let mut subjects = selected.subjects.iter();
        if !selected.subjects.is_empty() && !subjects.any(|subject| spokes.contains(subject)) {
            let message = format!(
                "template `{}` is for spokes, but none of its clusters is a spoke",
                selected.path
            );
            let help =
                "add the template `builtin:argocd-spoke` for these clusters, or remove `from`";
            diags.push(Diagnostic::new(Code::NoSpoke, span, message).help(help));
        }
    }
}

/// Reports an add-on with variants if no template creates the `Cluster` of one of its clusters. A label on that object
/// selects the variant.
fn report_missing_clusters(plan: &Plan, diags: &mut Diagnostics) {
    let creates_cluster = |template: &&Template| {
        !template.is_from_spoke && template.objects.iter().any(Object::is_cluster)
    };
    let created: BTreeSet<SubjectId> = plan
        .templates
        .iter()
        .filter(creates_cluster)
        .flat_map(|template| template.instances.iter())
        .map(|instance| instance.subject)
        .collect();
    for addon in plan.addons.iter().filter(|addon| !addon.varies.is_empty()) {
        let clusters = addon.variants.iter().flat_map(|variant| &variant.clusters);
        let mut missing = clusters.filter(|index| !created.contains(&SubjectId::cluster(**index)));
        if let Some(first) = missing.next() {
            let cluster = &plan.clusters[*first];
            let who = and_more(&cluster.name, missing.count());
            let message = format!(
                "add-on `{}` selects its variant by the Cluster label `{}`, but no template creates the Cluster of {who}",
                addon.written.name.value,
                addon.label()
            );
            let help = "add a template with the Cluster, or create an add-on for each variant, each with its own `selector`";
            diags.push(
                Diagnostic::new(Code::VariantNotTold, addon.written.name.span, message)
                    .related(cluster.span, "selected cluster")
                    .help(help),
            );
        }
    }
}

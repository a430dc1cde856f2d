//! Objects that other parts of the fleet rely on, and that no template creates.

use std::collections::BTreeSet;

use super::select::Selection;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, and_more};
use crate::plan::{Object, Plan, SubjectId, Template};

/// Reports objects that are missing in a plan. All templates must have been read without an error.
pub fn check_created(plan: &Plan, selection: &Selection<'_>, diags: &mut Diagnostics) {
    report_no_spoke(plan, selection, diags);
    report_untold_variants(plan, diags);
}

/// Reports a template that is for spokes where none of its clusters is one: nothing would ever print it.
fn report_no_spoke(plan: &Plan, selection: &Selection<'_>, diags: &mut Diagnostics) {
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

/// A variant is told to a cluster by a label on its object: that must be ours to print.
fn report_untold_variants(plan: &Plan, diags: &mut Diagnostics) {
    let makes_cluster = |template: &&Template| {
        !template.is_from_spoke && template.objects.iter().any(Object::is_cluster)
    };
    let told: BTreeSet<SubjectId> = plan
        .templates
        .iter()
        .filter(makes_cluster)
        .flat_map(|template| template.instances.iter())
        .map(|instance| instance.subject)
        .collect();
    for addon in plan.addons.iter().filter(|addon| !addon.varies.is_empty()) {
        let clusters = addon.variants.iter().flat_map(|variant| &variant.clusters);
        let mut untold = clusters.filter(|index| !told.contains(&SubjectId::cluster(**index)));
        if let Some(first) = untold.next() {
            let cluster = &plan.clusters[*first];
            let who = and_more(&cluster.name, untold.count());
            let message = format!(
                "`{}` comes in variants, told by the label `{}` on the Cluster, and no template prints that of {who}",
                addon.name.value,
                addon.label()
            );
            let help =
                "add a template with the Cluster, or make an add-on for each form, with a selector";
            diags.push(
                Diagnostic::new(Code::VariantNotTold, addon.name.span, message)
                    .related(cluster.span, "this member")
                    .help(help),
            );
        }
    }
}

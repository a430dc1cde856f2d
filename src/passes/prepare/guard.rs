//! Guards: annotations that prevent Argo CD and Flux from deleting objects that cannot be recreated.
//!
//! Clusters require a confirmation. `GitOps` controllers never delete worker pools, the Namespace, or what these
//! objects need: Cluster API deletes infrastructure in its own order, and cannot do so without its credentials. Nor
//! do they withdraw add-ons from a cluster that is kept.

mod annotations;
mod closure;
mod kept;
mod mentions;
mod names;
mod roots;
mod values;
mod withdrawn;

use super::owned::is_owned;
use super::rotate::is_rotated;
use crate::input::safety::Safety;
use crate::model::Deletion;
use crate::passes::registration::contains_cluster_secret;
use crate::plan::{Object, Plan, Template};
pub(super) use annotations::{COMPARE_OPTIONS, FLUX_PRUNE, SYNC_OPTIONS};
use annotations::{Guard, annotate};
use closure::needed;
pub(crate) use roots::is_guarded;
use roots::runs_machines;
use withdrawn::Withdrawn;

const CONFIRM: Guard = Guard {
    sync: &["Prune=confirm", "Delete=confirm"],
    compare: None,
};
/// Guard of an object that Cluster API owns: Argo CD neither prunes it nor waits for a confirmation. Until the owner is
/// set, this guard has the same effect.
const OWNED: Guard = Guard {
    sync: &["Prune=false", "Delete=false"],
    compare: None,
};
const KEEP: Guard = Guard {
    sync: &["Prune=false", "Delete=false"],
    compare: Some("IgnoreExtraneous"),
};
/// Guard of a replaced rotated object: it is deleted with its cluster, and not before.
const KEEP_UNTIL_CLUSTER_DELETED: Guard = Guard {
    sync: &["Prune=false"],
    compare: Some("IgnoreExtraneous"),
};
/// Guard of an add-on with `confirm`. Argo CD prunes nothing of a wave until a person confirms (gitops-engine of
/// Argo CD 3.5, `pkg/sync/sync_context.go`, `runTasks`). Flux skips each object with its annotation (kustomize-controller,
/// `kustomization_controller.go`, `deleteObjects`): it keeps the Cluster without a question, so it must not withdraw the
/// add-on. Deleting a `HelmChartProxy` deletes its releases (CAAPH 0.6.4, `helmchartproxy_controller.go`, `reconcileDelete`).
const KEEP_WITH_FLUX: Guard = Guard {
    sync: &[],
    compare: None,
};

/// Adds guards to every object that needs one.
pub(crate) fn add_guards(plan: &mut Plan, safety: &Safety) {
    let is_allowed = safety.deletion == Deletion::Allow;
    let is_forbidden = safety.deletion == Deletion::Forbid;
    let kept = kept::split(plan, safety);
    let withdrawn = Withdrawn::new(plan);
    let needed = needed_by_roots(plan, |template, object| {
        let is_root = is_rotated(object) || is_guarded(object, &safety.protect);
        is_root && (!is_allowed || kept.includes(template))
    });
    let mut needed = needed.into_iter();
    for template in plan.templates.iter_mut().chain(&mut plan.delivered) {
        let is_kept = kept.includes(template);
        let is_rigid = is_forbidden || is_kept;
        let creator = template.creator.clone();
        for object in &mut template.objects {
            let is_needed = needed.next().unwrap_or_default();
            let guard = if is_rigid || is_allowed {
                KEEP
            } else if is_owned(object) {
                OWNED
            } else {
                CONFIRM
            };
            let is_guarded = is_guarded(object, &safety.protect);
            if is_allowed && !is_kept {
                if is_rotated(object) {
                    annotate(object, KEEP_UNTIL_CLUSTER_DELETED);
                }
            } else if runs_machines(object) {
                annotate(object, guard);
            } else if is_needed || is_rotated(object) || object.is("", "Namespace") {
                annotate(object, KEEP);
            } else if is_guarded {
                annotate(object, guard);
            } else if withdrawn.includes(&creator, object) {
                annotate(object, if is_rigid { KEEP } else { KEEP_WITH_FLUX });
            } else if is_rigid && contains_cluster_secret(&object.tree, false) {
                annotate(object, KEEP);
            }
        }
    }
    for object in &mut plan.namespace.objects {
        if !is_allowed || !kept.is_empty() {
            annotate(object, KEEP);
        }
    }
}

/// Returns which objects of a plan the roots need, in the order of the plan.
fn needed_by_roots(plan: &Plan, is_root: impl Fn(&Template, &Object) -> bool) -> Vec<bool> {
    let templates = plan.templates.iter().chain(&plan.delivered);
    let objects = templates.flat_map(|template| {
        template
            .objects
            .iter()
            .map(move |object| (template, object))
    });
    let objects: Vec<(&Template, &Object)> = objects.collect();
    let numbered = objects.iter().enumerate();
    let roots = numbered.filter(|(_, (template, object))| is_root(template, object));
    let roots: Vec<usize> = roots.map(|(index, _)| index).collect();
    if roots.is_empty() {
        return vec![false; objects.len()];
    }
    needed(plan, &objects, roots)
}

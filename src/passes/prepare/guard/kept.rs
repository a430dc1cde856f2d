//! Clusters that are kept because an object of theirs protects itself, for example by a patch.
//!
//! Argo CD asks no question before it prunes the other objects of such a cluster: the Cluster would remain, and lose its
//! add-ons. So its objects get the same guards as with `forbid`.

use std::collections::BTreeSet;

use super::annotations::protects_itself;
use super::roots::{is_cluster, is_guarded};
use crate::input::safety::Safety;
use crate::model::Deletion;
use crate::plan::{Instance, Plan, SubjectId, Template};

/// The clusters that are kept.
pub(super) struct Kept(BTreeSet<SubjectId>);

/// Returns the clusters that are kept, and separates their objects in the plan from those of other clusters.
pub(super) fn split(plan: &mut Plan, safety: &Safety) -> Kept {
    let confirm = safety.deletion != Deletion::Allow;
    let mut kept = BTreeSet::new();
    if safety.deletion != Deletion::Forbid {
        for template in plan.templates.iter().chain(&plan.delivered) {
            let mut objects = template.objects.iter();
            let protects = objects.any(|object| {
                let is_root = if confirm { is_cluster } else { is_guarded };
                is_root(object, &safety.protect) && protects_itself(object, confirm)
            });
            let instances = template.instances.iter().filter(|_| protects);
            kept.extend(instances.map(|instance| instance.subject));
        }
    }
    let kept = Kept(kept);
    if !kept.is_empty() {
        for templates in [&mut plan.templates, &mut plan.delivered] {
            *templates = std::mem::take(templates)
                .into_iter()
                .flat_map(|template| kept.parts(template))
                .collect();
        }
    }
    kept
}

impl Kept {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns `true` if the objects of a template are for clusters that are kept, or shared with them.
    pub(super) fn includes(&self, template: &Template) -> bool {
        template
            .instances
            .first()
            .is_some_and(|first| self.includes_instance(first))
    }

    fn includes_instance(&self, instance: &Instance) -> bool {
        let is_shared = || instance.subject.cluster_index().is_none();
        self.0.contains(&instance.subject) || !self.is_empty() && is_shared()
    }

    /// Returns the parts of a template for clusters that are kept and for others.
    fn parts(&self, template: Template) -> Vec<Template> {
        let instances = template.instances.iter().cloned();
        let (kept, others): (Vec<_>, Vec<_>) =
            instances.partition(|instance| self.includes_instance(instance));
        if kept.is_empty() || others.is_empty() {
            return vec![template];
        }
        let part = |instances| template.part(template.objects.clone(), instances);
        vec![part(kept), part(others)]
    }
}

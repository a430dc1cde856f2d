//! Objects whose deletion uninstalls software from clusters.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::model::OnRemove;
use crate::plan::{Creator, Object, Plan};

/// Kinds whose objects install software on clusters, and uninstall it when they are deleted: those of the built-in delivery
/// methods, and other kinds of the same controllers and of similar ones.
const KINDS: [(&str, &str); 13] = [
    ("addons.cluster.x-k8s.io", "HelmChartProxy"),
    ("addons.cluster.x-k8s.io", "HelmReleaseProxy"),
    ("argoproj.io", "Application"),
    ("argoproj.io", "ApplicationSet"),
    ("config.projectsveltos.io", "ClusterProfile"),
    ("config.projectsveltos.io", "Profile"),
    ("fleet.cattle.io", "Bundle"),
    ("fleet.cattle.io", "GitRepo"),
    ("helm.toolkit.fluxcd.io", "HelmRelease"),
    ("k0rdent.mirantis.com", "MultiClusterService"),
    ("kustomize.toolkit.fluxcd.io", "Kustomization"),
    ("work.open-cluster-management.io", "ManifestWork"),
    ("work.open-cluster-management.io", "ManifestWorkReplicaSet"),
];

/// What uninstalls software in a plan.
pub(super) struct Withdrawn {
    /// The names of the add-ons whose software is uninstalled when their objects are deleted.
    addons: BTreeSet<Rc<str>>,
    /// The groups and kinds of their objects, without those of the core group.
    kinds: BTreeSet<(Rc<str>, Rc<str>)>,
}

impl Withdrawn {
    pub(super) fn new(plan: &Plan) -> Self {
        let addons = plan.addons.iter();
        let addons = addons.filter(|addon| addon.written.on_remove() == OnRemove::Uninstall);
        let mut withdrawn = Self {
            addons: addons
                .map(|addon| Rc::clone(&addon.written.name.value))
                .collect(),
            kinds: BTreeSet::new(),
        };
        for template in &plan.delivered {
            let is_withdrawn = withdrawn.includes_creator(&template.creator);
            let objects = template.objects.iter().filter(|_| is_withdrawn);
            let own = objects.filter(|object| !object.group.is_empty());
            let kinds = own.map(|object| (Rc::clone(&object.group), Rc::clone(&object.kind)));
            withdrawn.kinds.extend(kinds);
        }
        withdrawn
    }

    /// Returns `true` if the deletion of an object uninstalls software. For an object of a template, its kind decides.
    pub(super) fn includes(&self, creator: &Creator, object: &Object) -> bool {
        match creator {
            Creator::Template(_) => {
                let kind = (Rc::clone(&object.group), Rc::clone(&object.kind));
                let is = |(group, kind): &(&str, &str)| object.is(group, kind);
                self.kinds.contains(&kind) || KINDS.iter().any(is)
            }
            creator => self.includes_creator(creator),
        }
    }

    fn includes_creator(&self, creator: &Creator) -> bool {
        match creator {
            Creator::AddOn(name) => self.addons.contains(name),
            Creator::Profiles => true,
            Creator::Namespace | Creator::Template(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::KINDS;
    use crate::builtin::DELIVERIES;
    use crate::plan::group_of;

    #[test]
    fn kinds_of_built_in_methods_are_known() {
        // Their deletion uninstalls nothing.
        let harmless = ["ConfigMap", "ClusterResourceSet", "HelmRepository"];
        for method in DELIVERIES {
            for document in method.text.split("\n---\n").skip(1) {
                let value = |key: &str| document.lines().find_map(|line| line.strip_prefix(key));
                let kind = value("kind: ").expect("a kind");
                let group = group_of(value("apiVersion: ").expect("a version"));
                let is_known = KINDS.contains(&(group, kind)) || harmless.contains(&kind);
                assert!(is_known, "{kind} of {}", method.name);
            }
        }
    }
}

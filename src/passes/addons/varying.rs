//! The fields of an add-on that can differ between clusters.

use std::collections::BTreeSet;

use super::resolver::AddOnResolver;
use crate::input::addon;
use crate::model::AddOnField;
use crate::passes::select::Selected;
use crate::tree::{Node, roots};

impl AddOnResolver<'_, '_> {
    /// Returns the fields that can differ between clusters, regardless of the clusters that exist.
    pub(super) fn varying_fields(&self, base: &addon::Software) -> BTreeSet<AddOnField> {
        let mut varies = BTreeSet::new();
        let is_helm = matches!(base, addon::Software::Helm(_));
        let mut layers = self.paths.iter();
        if is_helm && layers.any(|layer| self.varies_by_cluster(&layer.node())) {
            varies.insert(AddOnField::Values);
        }
        match base {
            addon::Software::Helm(chart) => {
                let texts = chart.texts().into_iter();
                let own = texts.filter(|(_, _, text)| self.varies_by_cluster(&text.node()));
                varies.extend(own.map(|(field, ..)| field));
                if chart
                    .values
                    .as_ref()
                    .is_some_and(|values| self.varies_by_cluster(values))
                {
                    varies.insert(AddOnField::Values);
                }
            }
            addon::Software::Manifests(path) if self.varies_by_cluster(&path.node()) => {
                varies.insert(AddOnField::Manifests);
            }
            addon::Software::Manifests(_) => {}
        }
        for Selected { patch, .. } in &self.selected.patches {
            let helm = patch.change.get("helm").and_then(Node::entries);
            let keys = helm.unwrap_or_default().iter();
            let keys = keys.chain(patch.change.entry("manifests"));
            varies.extend(keys.filter_map(|entry| AddOnField::from_key(entry.key.text.literal()?)));
        }
        varies
    }

    /// Returns `true` if a path of manifests contains the name of the cluster.
    pub(super) fn has_cluster_in_path(&self, base: &addon::Software) -> bool {
        let names = |node: &Node| roots(node).iter().any(|name| name == "CLUSTER_NAME");
        let patches = &self.selected.patches;
        let changes = patches
            .iter()
            .filter_map(|one| one.patch.change.get("manifests"));
        matches!(base, addon::Software::Manifests(path) if names(&path.node()))
            || changes.into_iter().any(names)
    }

    /// Returns `true` if a tree has a variable that can differ between clusters.
    pub(super) fn varies_by_cluster(&self, node: &Node) -> bool {
        roots(node)
            .iter()
            .any(|name| name != "ADDON" && self.subjects.constants.get(name).is_none())
    }
}

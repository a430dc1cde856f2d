//! The fields of an add-on that can differ between clusters.

use std::collections::BTreeSet;

use super::resolver::AddOnResolver;
use crate::input::addon::{self, AddOnField};
use crate::passes::select::Selected;
use crate::source::Spanned;
use crate::tree::{Node, roots};

impl AddOnResolver<'_, '_> {
    /// Returns the fields that can differ between clusters, regardless of the current clusters.
    pub(super) fn varying_fields(&self, base: &addon::Software) -> BTreeSet<AddOnField> {
        let mut varies = BTreeSet::new();
        match base {
            addon::Software::Helm(chart) => {
                let texts = chart.texts(&self.selected.addon.name).into_iter();
                let own = texts.filter(|(_, _, text)| self.varies_by_cluster(&text.node()));
                varies.extend(own.map(|(field, ..)| field));
                let layers = self.paths.iter().map(Spanned::node);
                let mut values = chart.values.iter().cloned().chain(layers);
                if values.any(|values| self.varies_by_cluster(&values)) {
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
            .filter_map(|selected| selected.patch.change.get("manifests"));
        matches!(base, addon::Software::Manifests(path) if names(&path.node()))
            || changes.into_iter().any(names)
    }

    /// Returns `true` if a tree has a variable that can differ between clusters.
    pub(super) fn varies_by_cluster(&self, node: &Node) -> bool {
        !self.varying_variables(node).is_empty()
    }

    /// Returns the variables of a tree that can differ between clusters.
    pub(super) fn varying_variables(&self, node: &Node) -> Vec<String> {
        let mut names = roots(node);
        names.retain(|name| name != "ADDON" && self.subjects.constants.get(name).is_none());
        names
    }
}

//! Groups of clusters with the same files of an add-on.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::resolver::AddOnResolver;
use crate::input::addon;
use crate::passes::path::{self, Path};
use crate::plan::{Step, SubjectId, addon_variable};
use crate::source::Spanned;
use crate::tree::Text;

/// Layers, lowest first, and the clusters that get exactly these.
pub(super) type Layered = (Vec<Rc<Step>>, Vec<usize>);

impl AddOnResolver<'_, '_> {
    /// Groups clusters by their existing layer files. Layers are values of charts, so manifests have none.
    pub(super) fn group_by_layers(
        &mut self,
        base: &addon::Software,
        clusters: Vec<usize>,
    ) -> Vec<Layered> {
        if matches!(base, addon::Software::Manifests(_)) {
            return vec![(Vec::new(), clusters)];
        }
        let mut sets: Vec<(Vec<Rc<str>>, Layered)> = vec![(Vec::new(), (Vec::new(), clusters))];
        for layer in self.paths {
            let mut next: BTreeMap<Vec<Rc<str>>, Layered> = BTreeMap::new();
            for (names, (values, clusters)) in sets {
                for (path, clusters) in self.group_by_path(layer, clusters) {
                    let found = self
                        .layer_files
                        .get(self.files, &path, layer.span, self.diags);
                    let mut names = names.clone();
                    let mut values = values.clone();
                    if let Some((path, found)) = found {
                        names.push(path);
                        values.push(found);
                    }
                    let known = next.entry(names).or_insert_with(|| (values, Vec::new()));
                    known.1.extend(clusters);
                }
            }
            sets = next.into_iter().collect();
        }
        let mut layered: Vec<Layered> = sets.into_iter().map(|(_, layered)| layered).collect();
        for (_, clusters) in &mut layered {
            clusters.sort_unstable();
        }
        layered
    }

    /// Groups clusters by the path after substitution of its variables.
    pub(super) fn group_by_path(
        &mut self,
        template: &Spanned<Text>,
        clusters: Vec<usize>,
    ) -> BTreeMap<Rc<str>, Vec<usize>> {
        if !self.varies_by_cluster(&template.node()) {
            let filled = self.constant(template);
            let is_path = |path: &Rc<str>| {
                template.value.literal().is_some()
                    || Path::new(template).check(path, None, self.diags)
            };
            let path = filled.filter(is_path).map(|path| (path, clusters));
            return path.into_iter().collect();
        }
        path::by_path(
            template,
            &[addon_variable(&self.selected.addon.name)],
            self.subjects,
            clusters,
            &SubjectId::cluster,
            self.diags,
        )
    }

    /// Returns the existing layers that are the same for all clusters.
    pub(super) fn constant_layers(&mut self) -> Vec<Rc<Step>> {
        let mut values = Vec::new();
        for layer in self.paths {
            if !self.varies_by_cluster(&layer.node()) {
                let paths = self.group_by_path(layer, Vec::new());
                for path in paths.into_keys() {
                    let found = self
                        .layer_files
                        .get(self.files, &path, layer.span, self.diags);
                    values.extend(found.map(|(_, values)| values));
                }
            }
        }
        values
    }
}

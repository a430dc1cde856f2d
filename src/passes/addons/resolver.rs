//! Resolution of one add-on: its variants, and the clusters of each.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::layer_files::LayerFiles;
use super::release;
use crate::diagnostic::Diagnostics;
use crate::files::Files;
use crate::input::addon::{self, software};
use crate::input::patch::Patch;
use crate::kinds::Schemas;
use crate::model::Delivery;
use crate::passes::resolve::Derived;
use crate::passes::select::SelectedAddOn;
use crate::plan::{AddOn, Manifests, Software, Stack, Step, Subjects, Variant, VariantName};
use crate::source::{FileId, Spanned};
use crate::tree::{Node, Text};

/// The objects of a file if a delivery method reads them, and the identities of all of them.
pub(super) type Objects = (Option<Rc<[Node]>>, Rc<[Spanned<Rc<str>>]>);

/// An add-on, ready to be resolved for the clusters that get it.
pub(super) struct AddOnResolver<'a, 'p> {
    pub(super) files: &'a mut Files,
    pub(super) selected: &'a SelectedAddOn<'p>,
    pub(super) subjects: Subjects<'a>,
    /// The name of the fleet.
    pub(super) fleet: Option<&'a Rc<str>>,
    pub(super) derived: &'a Derived,
    pub(super) paths: &'a [Spanned<Text>],
    pub(super) layer_files: &'a mut LayerFiles,
    pub(super) delivery: Rc<Delivery>,
    pub(super) schemas: &'a Schemas,
    /// Whether files of manifests can be empty.
    pub(super) allow_empty: bool,
    /// The files of manifests whose objects were checked, with the objects if a delivery method reads them.
    pub(super) objects: &'a mut BTreeMap<FileId, Objects>,
    pub(super) diags: &'a mut Diagnostics,
}

impl AddOnResolver<'_, '_> {
    /// Resolves the add-on for these clusters.
    pub(super) fn resolve(&mut self, clusters: Vec<usize>) -> Option<AddOn> {
        let addon = self.selected.addon;
        let own = Rc::new(addon.software.clone());
        let stack = Stack {
            own: Rc::clone(&own),
            steps: self.constant_layers().into(),
        };
        // Errors are reported for the variants.
        let merged = stack.fold(&mut |_, _| {});
        let base = software(&merged, &mut Diagnostics::default())?;
        let shares = self.delivery.shares_objects;
        let varies = if shares {
            self.varying_fields(&base)
        } else {
            BTreeSet::new()
        };
        let base_software = self.base_software(&base)?;
        let variants = self.variants(&own, &base, clusters);
        release::check_release_is_constant(addon, &self.delivery, &varies, self.diags);
        Some(AddOn {
            written: Rc::clone(addon),
            fleet: self.fleet.cloned(),
            delivery: Rc::clone(&self.delivery),
            has_cluster_in_path: shares && self.has_cluster_in_path(&base),
            base: base_software,
            varies,
            variants,
        })
    }

    /// Returns the software without patches. Files are not read if their path contains a variable of clusters.
    fn base_software(&mut self, base: &addon::Software) -> Option<Software> {
        match base {
            addon::Software::Helm(chart) => Some(Software::Helm(chart.clone())),
            addon::Software::Manifests(path) if self.varies_by_cluster(&path.node()) => {
                Some(Software::Manifests(Manifests::default()))
            }
            addon::Software::Manifests(path) => {
                let filled = self.constant(path)?;
                let manifests = self.read_manifests(&filled, path.span)?;
                Some(Software::Manifests(manifests))
            }
        }
    }

    /// Returns the variants for clusters, sorted by name.
    fn variants(
        &mut self,
        own: &Rc<Node>,
        base: &addon::Software,
        clusters: Vec<usize>,
    ) -> Vec<Variant> {
        let patches = self.selected.addon.patches.software.iter();
        let step = |patch: &Patch<Node>| {
            let step = Step::AddOnPatch(patch.name.clone(), patch.change.clone());
            Rc::new(step)
        };
        let patches: Vec<Rc<Step>> = patches.map(step).collect();
        let mut variants = Vec::new();
        for (applied, clusters) in self.group_by_patches(clusters) {
            for (layers, clusters) in self.group_by_layers(base, clusters) {
                let applied_patches = applied.iter().map(|at| Rc::clone(&patches[*at]));
                let stack = Stack {
                    own: Rc::clone(own),
                    steps: layers.into_iter().chain(applied_patches).collect(),
                };
                if let Some(software) = self.merged_software(&stack, &applied, base) {
                    self.add_variants(&applied, (software, stack), clusters, &mut variants);
                }
            }
        }
        self.check_names(&variants);
        let key = |variant: &Variant| match &variant.name {
            VariantName::Shared(name) => (0, Rc::clone(name), 0),
            VariantName::Cluster => (1, Rc::default(), variant.clusters[0]),
        };
        variants.sort_by_key(key);
        variants
    }
}

//! Variants of an add-on: merging and naming.

use std::collections::BTreeSet;

use super::resolver::AddOnResolver;
use crate::diagnostic::{Code, Diagnostic, join_and};
use crate::input::addon::{self, software};
use crate::plan::{Software, Stack, Variant, VariantName};

impl AddOnResolver<'_, '_> {
    /// Groups clusters by the patches that select them.
    pub(super) fn group_by_patches(&self, clusters: Vec<usize>) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut sets = vec![(Vec::new(), clusters)];
        for (number, patch) in self.selected.patches.iter().enumerate() {
            let split = sets.into_iter().flat_map(|(applied, clusters)| {
                let is_patched = |index: &usize| patch.clusters.binary_search(index).is_ok();
                let (patched, others): (Vec<usize>, Vec<usize>) =
                    clusters.into_iter().partition(is_patched);
                let more = [applied.as_slice(), &[number]].concat();
                [(applied, others), (more, patched)]
            });
            sets = split.filter(|(_, clusters)| !clusters.is_empty()).collect();
        }
        sets.retain(|(_, clusters)| !clusters.is_empty());
        sets
    }

    /// Returns the software after layers and patches. Reports errors of the merge and invalid results.
    pub(super) fn merged_software(
        &mut self,
        stack: &Stack,
        applied: &[usize],
        base: &addon::Software,
    ) -> Option<addon::Software> {
        let before = self.diags.errors();
        let merged = stack.fold(&mut |step, error| {
            let message = format!("{step}: {}", error.message);
            self.diags
                .push(Diagnostic::new(Code::PatchFailed, error.span, message).help(error.help));
        });
        let software = software(&merged, self.diags).filter(|_| self.diags.errors() == before)?;
        let is_same = matches!(
            (&software, base),
            (addon::Software::Helm(_), addon::Software::Helm(_))
                | (addon::Software::Manifests(_), addon::Software::Manifests(_))
        );
        if !is_same {
            let names = applied
                .iter()
                .map(|at| self.selected.patches[*at].patch.name.value.as_str());
            let message = format!(
                "patch must not switch between `helm` and `manifests`: {}",
                join_and(names)
            );
            let span = applied
                .first()
                .map(|at| self.selected.patches[*at].patch.name.span)?;
            let help = "create two add-ons, each with its own `selector`";
            self.diags
                .push(Diagnostic::new(Code::PatchFailed, span, message).help(help));
        }
        is_same.then_some(software)
    }

    /// Adds the variants for clusters with the same patches and layers.
    pub(super) fn add_variants(
        &mut self,
        applied: &[usize],
        (software, stack): (addon::Software, Stack),
        clusters: Vec<usize>,
        variants: &mut Vec<Variant>,
    ) {
        let names = applied
            .iter()
            .map(|at| &self.selected.patches[*at].patch.name.value);
        let names: Vec<String> = names.cloned().collect();
        match software {
            addon::Software::Helm(chart) => {
                self.check_chart(&chart, &clusters);
                for (name, clusters) in self.group_by_variant(&names, &chart, clusters) {
                    variants.push(Variant {
                        name,
                        software: Software::Helm(chart.clone()),
                        stack: stack.clone(),
                        clusters,
                    });
                }
            }
            addon::Software::Manifests(path) => {
                self.add_manifest_variants(&names, (&path, &stack), clusters, variants);
            }
        }
    }

    /// Reports variants with the same name, because the label of a cluster could not distinguish them.
    pub(super) fn check_names(&mut self, variants: &[Variant]) {
        if !self.delivery.shares_objects {
            return;
        }
        let addon = &self.selected.addon.name;
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for variant in variants {
            let own = match &variant.name {
                VariantName::Shared(name) => vec![&**name],
                VariantName::Cluster => {
                    let name = |index: &usize| &**self.subjects.clusters[*index].name.as_rc();
                    variant.clusters.iter().map(name).collect()
                }
            };
            for name in own {
                if !names.insert(name) {
                    let message = format!(
                        "two variants of add-on `{}` are named `{name}`",
                        addon.value
                    );
                    let help = if self.selected.patches.is_empty() {
                        "change a value: the name consists of the values of variables in paths, joined by dots"
                    } else {
                        "rename the patch: the name consists of patches, variables in paths, or the cluster's name"
                    };
                    self.diags.push(
                        Diagnostic::new(Code::VariantConflict, addon.span, message).help(help),
                    );
                }
            }
        }
    }
}

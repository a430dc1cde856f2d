//! One add-on: its forms, and the clusters that get each.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::release;
use super::values::LayerFiles;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, all_of};
use crate::files::Files;
use crate::input::addon::{self, software};
use crate::model::name::{LABEL_LENGTH, fitted};
use crate::model::{AddOnField, Delivery, OnRemove};
use crate::passes::resolve::Derived;
use crate::passes::select::{Selected, SelectedAddOn};
use crate::plan::{AddOn, Manifests, Software, Stack, Step, Subjects, Variant, VariantName};
use crate::source::{FileId, Spanned};
use crate::tree::roots;
use crate::tree::{Node, Text};

/// An add-on, ready to be resolved for the clusters that get it.
pub(super) struct AddOnResolver<'a, 'p> {
    pub(super) files: &'a mut Files,
    pub(super) selected: &'a SelectedAddOn<'p>,
    pub(super) subjects: Subjects<'a>,
    pub(super) derived: &'a Derived,
    pub(super) paths: &'a [Spanned<Text>],
    pub(super) layer_files: &'a mut LayerFiles,
    pub(super) delivery: Rc<Delivery>,
    /// The manifests whose objects were looked at.
    pub(super) checked: &'a mut BTreeSet<FileId>,
    pub(super) diags: &'a mut Diagnostics,
}

impl AddOnResolver<'_, '_> {
    /// Resolves the add-on for these clusters.
    pub(super) fn addon(&mut self, chosen: Vec<usize>) -> Option<AddOn> {
        let addon = self.selected.addon;
        let own = Rc::new(addon.software.clone());
        let stack = Stack {
            own: Rc::clone(&own),
            steps: self.constant_layers().into(),
        };
        let written = stack.fold(&mut |_, _| {});
        let base = software(&written, &addon.name, &mut Diagnostics::default())?;
        let patches = addon.patches.software.iter().map(|patch| {
            let step = Step::AddOnPatch(patch.name.clone(), patch.change.clone());
            Rc::new(step)
        });
        let patches: Vec<Rc<Step>> = patches.collect();
        let delivery = Rc::clone(&self.delivery);
        let varies = if delivery.shares {
            self.varies(&base)
        } else {
            BTreeSet::new()
        };
        let mut variants = Vec::new();
        let base_files = self.base(&base)?;
        for (applied, clusters) in self.sets(chosen) {
            let names = applied.iter().map(|at| self.patch(*at).name.value.as_str());
            let names: Vec<String> = names.map(ToOwned::to_owned).collect();
            for (layers, clusters) in self.layered(clusters) {
                let applied_steps = applied.iter().map(|at| Rc::clone(&patches[*at]));
                let stack = Stack {
                    own: Rc::clone(&own),
                    steps: layers.into_iter().chain(applied_steps).collect(),
                };
                if let Some(software) = self.software(&stack, &applied, &base) {
                    self.variants(&names, (software, stack), clusters, &mut variants);
                }
            }
        }
        self.refuse_conflicts(&variants);
        release::refuse_variety(addon, &delivery, &varies, self.diags);
        let key = |variant: &Variant| match &variant.name {
            VariantName::Shared(name) => (0, Rc::clone(name), 0),
            VariantName::Cluster => (1, Rc::default(), variant.clusters[0]),
        };
        variants.sort_by_key(key);
        let depends_on = addon
            .depends_on
            .iter()
            .map(|needed| Rc::clone(&needed.value));
        let mut depends_on: Vec<Rc<str>> = depends_on.collect();
        depends_on.sort_unstable();
        Some(AddOn {
            name: addon.name.clone(),
            delivery: Rc::clone(&delivery),
            selector: addon
                .selector
                .as_ref()
                .map(|selector| selector.value.clone()),
            depends_on,
            on_remove: addon
                .on_remove
                .as_ref()
                .map_or(OnRemove::Uninstall, |said| said.value),
            takes_ownership: addon.take_ownership.as_ref().is_some_and(|said| said.value),
            project: addon
                .project
                .clone()
                .unwrap_or_else(|| text(&addon.name, "default")),
            is_from_hub: addon.from_hub.is_some(),
            is_by_cluster: delivery.shares && self.is_by_cluster(&base),
            base: base_files,
            varies,
            variants,
        })
    }

    /// What the add-on is without patches. Files that a variable of each cluster names are not read
    /// for it.
    fn base(&mut self, base: &addon::Software) -> Option<Software> {
        match base {
            addon::Software::Helm(chart) => Some(Software::Helm(chart.clone())),
            addon::Software::Manifests(path) if self.reads_own(&path.node()) => {
                Some(Software::Manifests(Manifests::default()))
            }
            addon::Software::Manifests(path) => {
                let filled = self.constant(path)?;
                Some(Software::Manifests(self.manifests_at(&filled, path.span)?))
            }
        }
    }

    /// What could differ between clusters: that does not depend on which there are.
    fn varies(&self, base: &addon::Software) -> BTreeSet<AddOnField> {
        let mut varies = BTreeSet::new();
        let is_helm = matches!(base, addon::Software::Helm(_));
        let mut layers = self.paths.iter();
        if is_helm && layers.any(|layer| self.reads_own(&layer.node())) {
            varies.insert(AddOnField::Values);
        }
        match base {
            addon::Software::Helm(chart) => {
                let texts = chart.texts().into_iter();
                let own = texts.filter(|(_, _, text)| self.reads_own(&text.node()));
                varies.extend(own.map(|(aspect, ..)| aspect));
                if chart
                    .values
                    .as_ref()
                    .is_some_and(|values| self.reads_own(values))
                {
                    varies.insert(AddOnField::Values);
                }
            }
            addon::Software::Manifests(path) if self.reads_own(&path.node()) => {
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

    /// Whether a path of manifests names the cluster.
    fn is_by_cluster(&self, base: &addon::Software) -> bool {
        let names = |node: &Node| roots(node).iter().any(|name| name == "CLUSTER_NAME");
        let patches = &self.selected.patches;
        let changes = patches
            .iter()
            .filter_map(|one| one.patch.change.get("manifests"));
        matches!(base, addon::Software::Manifests(path) if names(&path.node()))
            || changes.into_iter().any(names)
    }

    /// Whether a text could be different for each cluster.
    pub(super) fn reads_own(&self, node: &Node) -> bool {
        roots(node)
            .iter()
            .any(|name| name != "ADDON" && self.subjects.constants.get(name).is_none())
    }

    fn patch(&self, at: usize) -> &crate::input::patch::Patch<Node> {
        self.selected.patches[at].patch
    }

    /// The clusters by the patches that match them.
    fn sets(&self, chosen: Vec<usize>) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut sets = vec![(Vec::new(), chosen)];
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

    /// Returns the software after layers and patches, and reports what cannot be merged or read.
    fn software(
        &mut self,
        stack: &Stack,
        applied: &[usize],
        base: &addon::Software,
    ) -> Option<addon::Software> {
        let before = self.diags.errors();
        let merged = stack.fold(&mut |step, error| {
            let message = format!("{step}: {}", error.message);
            self.diags
                .push(Diagnostic::new(Code::PatchFailed, error.span, message));
        });
        let software = software(&merged, &self.selected.addon.name, self.diags)
            .filter(|_| self.diags.errors() == before)?;
        let is_same = matches!(
            (&software, base),
            (addon::Software::Helm(_), addon::Software::Helm(_))
                | (addon::Software::Manifests(_), addon::Software::Manifests(_))
        );
        if !is_same {
            let names = applied.iter().map(|at| self.patch(*at).name.value.as_str());
            let message = format!(
                "a patch turns neither a chart into manifests nor manifests into a chart: {}",
                all_of(names)
            );
            let span = applied.first().map(|at| self.patch(*at).name.span)?;
            let help = "make two add-ons, each with its selector";
            self.diags
                .push(Diagnostic::new(Code::PatchFailed, span, message).help(help));
        }
        is_same.then_some(software)
    }

    /// The variants of the clusters that the same patches match and the same layers are there for.
    fn variants(
        &mut self,
        names: &[String],
        (software, stack): (addon::Software, Stack),
        clusters: Vec<usize>,
        variants: &mut Vec<Variant>,
    ) {
        match software {
            addon::Software::Helm(chart) => {
                self.check(&chart, &clusters);
                for (name, clusters) in self.named(names, &chart, clusters) {
                    variants.push(Variant {
                        name,
                        software: Software::Helm(chart.clone()),
                        stack: stack.clone(),
                        clusters,
                    });
                }
            }
            addon::Software::Manifests(path) => {
                self.manifest_variants(names, (&path, &stack), clusters, variants);
            }
        }
    }

    fn refuse_conflicts(&mut self, variants: &[Variant]) {
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
                    let message = format!("two variants of `{}` are called `{name}`", addon.value);
                    let help = "a variant is called by its patches, by a variable in its path, or by its cluster: rename the patch";
                    self.diags.push(
                        Diagnostic::new(Code::VariantConflict, addon.span, message).help(help),
                    );
                }
            }
        }
    }
}

/// The name of a variant that these select.
pub(super) fn joined(names: &[String]) -> Rc<str> {
    if names.is_empty() {
        return "base".into();
    }
    fitted(&names.join("."), LABEL_LENGTH).into()
}

/// The name of the add-on, as its texts can ask for it.
pub(super) fn addon_variable(name: &Spanned<Rc<str>>) -> (Rc<str>, Node) {
    ("ADDON".into(), Node::string(name.span, &name.value))
}

impl AddOn {
    /// The variables that an add-on's texts have beside those of their subject.
    pub fn variables(&self) -> Vec<(Rc<str>, Node)> {
        vec![addon_variable(&self.name)]
    }
}

/// A constant string at the location of the add-on.
fn text(name: &Spanned<Rc<str>>, text: &str) -> Spanned<Text> {
    Spanned {
        value: Text::Literal(text.into()),
        span: name.span,
    }
}

//! What each cluster gets of an add-on: patches are merged, and clusters with the same form make a
//! variant.

mod chart;
mod manifests;
mod name;
mod release;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::resolve::{Derived, Settled, roots};
use super::select::{Selected, SelectedAddOn, Selection};
use super::too_large;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, all_of};
use crate::files::Files;
use crate::input::addon::{self, software};
use crate::input::fleet::Fleet;
use crate::input::read::Template;
use crate::model::cluster::VariantLabel;
use crate::model::name::{LABEL_LENGTH, fitted};
use crate::model::{Cluster, Delivery, OnRemove};
use crate::plan::{AddOn, Aspect, Manifests, Software, Subjects, Variant, VariantName};
use crate::source::{FileId, Spanned};
use crate::template::patch;
use crate::tree::{Node, Text};
use values::LayerFiles;

/// Settles every add-on for the clusters that get it, in the order of their names, and tells the
/// clusters which variants they get.
pub fn layer(
    files: &mut Files,
    fleet: &Fleet,
    selection: &Selection<'_>,
    chosen: Vec<Vec<usize>>,
    settled: &mut Settled,
    diags: &mut Diagnostics,
) -> Vec<AddOn> {
    let Some(deliver) = deliver(fleet, diags) else {
        return Vec::new();
    };
    let mut checked = BTreeSet::new();
    let mut layer_files = LayerFiles::default();
    let pairs = selection.addons.iter().zip(chosen);
    let addons = pairs.filter_map(|(selected, chosen)| {
        let mut layers = Layers {
            files,
            selected,
            subjects: settled.subjects(),
            derived: &settled.derived,
            paths: &fleet.layers,
            layer_files: &mut layer_files,
            delivery: selected
                .addon
                .deliver
                .as_ref()
                .map_or(deliver, |own| own.value),
            checked: &mut checked,
            diags,
        };
        layers.addon(chosen)
    });
    let mut addons: Vec<AddOn> = addons.collect();
    addons.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    if diags.checkpoint().is_ok() {
        values::unreached(files, fleet, &layer_files, diags);
    }
    release::refuse_conflicts(&addons, settled, diags);
    for addon in &addons {
        release::refuse_unlabelled(addon, settled, diags);
    }
    if !is_too_large(&addons, fleet, diags) {
        tell(&addons, &mut settled.clusters);
    }
    addons
}

/// Whether the labels of the variants alone are more than may be printed.
fn is_too_large(addons: &[AddOn], fleet: &Fleet, diags: &mut Diagnostics) -> bool {
    let has_cells = fleet.cells.is_some();
    let budget = fleet.safety.filled_budget(has_cells);
    let varied = addons.iter().filter(|addon| !addon.varies.is_empty());
    let bytes: usize = varied
        .map(|addon| {
            let variants = addon.variants.iter();
            let clusters: usize = variants.map(|variant| variant.clusters.len()).sum();
            clusters * addon.label().len()
        })
        .sum();
    if bytes > budget {
        let message = format!(
            "the labels of variants have {bytes} bytes, more than the output's budget of {budget}"
        );
        diags.push(too_large(message, has_cells));
    }
    bytes > budget
}

/// Tells each cluster which variants it gets.
fn tell(addons: &[AddOn], clusters: &mut [Cluster]) {
    // A step adds a label to those of the steps before it. Clusters with the same variants take the
    // same steps, counted from one, and share what they lead to.
    let mut steps: Vec<(usize, VariantLabel)> = Vec::new();
    let mut last = vec![0; clusters.len()];
    for addon in addons.iter().filter(|addon| !addon.varies.is_empty()) {
        let label = addon.label();
        for variant in &addon.variants {
            let name = match &variant.name {
                VariantName::Shared(name) => Some(name),
                VariantName::Cluster => None,
            };
            let mut known: BTreeMap<usize, usize> = BTreeMap::new();
            for &index in &variant.clusters {
                let before = last[index];
                last[index] = *known.entry(before).or_insert_with(|| {
                    steps.push((before, (Rc::clone(&label), name.cloned())));
                    steps.len()
                });
            }
        }
    }
    let mut known: Vec<Option<Rc<[VariantLabel]>>> = vec![None; steps.len() + 1];
    for (cluster, last) in clusters.iter_mut().zip(last) {
        let labels = known[last].get_or_insert_with(|| {
            let before = |step: &usize| steps[*step - 1].0;
            let taken = std::iter::successors(Some(last), |step| (*step > 0).then(|| before(step)));
            let taken = taken.take_while(|step| *step > 0);
            let mut labels: Vec<VariantLabel> =
                taken.map(|step| steps[step - 1].1.clone()).collect();
            labels.reverse();
            labels.into()
        });
        cluster.variants = Rc::clone(labels);
    }
}

/// The fleet's delivery, for add-ons that say none; any where each says its own.
fn deliver(fleet: &Fleet, diags: &mut Diagnostics) -> Option<Delivery> {
    let first = fleet.addons.iter().find(|addon| addon.deliver.is_none());
    match (first, &fleet.deliver) {
        (_, Some(deliver)) => Some(deliver.value),
        (None, None) => fleet.addons.first()?.deliver.as_ref().map(|own| own.value),
        (Some(first), None) => {
            let message = "nothing says how add-ons reach clusters";
            diags.push(
                Diagnostic::new(Code::MissingKey, first.name.span, message)
                    .help("write `deliver: sveltos` in fleet.yaml"),
            );
            None
        }
    }
}

struct Layers<'a, 'p> {
    files: &'a mut Files,
    selected: &'a SelectedAddOn<'p>,
    subjects: Subjects<'a>,
    derived: &'a Derived,
    paths: &'a [Template],
    layer_files: &'a mut LayerFiles,
    delivery: Delivery,
    /// The manifests whose objects were looked at.
    checked: &'a mut BTreeSet<FileId>,
    diags: &'a mut Diagnostics,
}

impl Layers<'_, '_> {
    fn addon(&mut self, chosen: Vec<usize>) -> Option<AddOn> {
        let addon = self.selected.addon;
        let layers = self.constant_layers();
        let written = values::merged(&addon.software, &layers, &mut Diagnostics::default());
        let base = software(&written, &mut Diagnostics::default())?;
        let delivery = self.delivery;
        let varies = if delivery.shares() {
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
                let written = values::merged(&addon.software, &layers, self.diags);
                if let Some(software) = self.patched(&applied, written, &base) {
                    self.variants(&names, software, clusters, &mut variants);
                }
            }
        }
        self.refuse_conflicts(&variants);
        release::refuse_variety(addon, delivery, &varies, self.diags);
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
            delivery,
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
            is_by_cluster: delivery.shares() && self.is_by_cluster(&base),
            base: base_files,
            varies,
            variants,
        })
    }

    /// What the add-on is without patches. Files that a variable of each cluster names are not read
    /// for it.
    fn base(&mut self, base: &addon::Software) -> Option<Software> {
        match base {
            addon::Software::Helm(chart) => Some(Software::Helm(Box::new(self.chart(chart)))),
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
    fn varies(&self, base: &addon::Software) -> BTreeSet<Aspect> {
        let mut varies = BTreeSet::new();
        let is_helm = matches!(base, addon::Software::Helm(_));
        let mut layers = self.paths.iter();
        if is_helm && layers.any(|layer| self.reads_own(&layer.node())) {
            varies.insert(Aspect::Values);
        }
        match base {
            addon::Software::Helm(chart) => {
                let chart = self.chart(chart);
                let texts = chart.texts().into_iter();
                let own = texts.filter(|(_, _, text)| self.reads_own(&text.node()));
                varies.extend(own.map(|(aspect, ..)| aspect));
                if chart.values.is_some_and(|values| self.reads_own(&values)) {
                    varies.insert(Aspect::Values);
                }
            }
            addon::Software::Manifests(path) if self.reads_own(&path.node()) => {
                varies.insert(Aspect::Manifests);
            }
            addon::Software::Manifests(_) => {}
        }
        for Selected { patch, .. } in &self.selected.patches {
            let helm = patch.change.get("helm").and_then(Node::entries);
            let keys = helm.unwrap_or_default().iter();
            let keys = keys.chain(patch.change.entry("manifests"));
            varies.extend(keys.filter_map(|entry| match entry.key.text.literal()? {
                "repo" => Some(Aspect::Repo),
                "chart" => Some(Aspect::Chart),
                "version" => Some(Aspect::Version),
                "release" => Some(Aspect::Release),
                "namespace" => Some(Aspect::Namespace),
                "values" | "runtimeValues" => Some(Aspect::Values),
                "manifests" => Some(Aspect::Manifests),
                _ => None,
            }));
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
    fn reads_own(&self, node: &Node) -> bool {
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

    /// The add-on with patches merged into it, in order.
    fn patched(
        &mut self,
        applied: &[usize],
        written: Node,
        base: &addon::Software,
    ) -> Option<addon::Software> {
        let before = self.diags.errors();
        let mut merged = written;
        for at in applied {
            let Selected { patch, .. } = &self.selected.patches[*at];
            let mut problems = Vec::new();
            let path = ["helm", "values"];
            merged = patch::merge_with_nulls_below(&path, &merged, &patch.change, &mut problems);
            for problem in problems {
                let message = format!("the patch `{}`: {}", patch.name.value, problem.message);
                self.diags
                    .push(Diagnostic::new(Code::PatchFailed, problem.span, message));
            }
        }
        let software = software(&merged, self.diags).filter(|_| self.diags.errors() == before)?;
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
        software: addon::Software,
        clusters: Vec<usize>,
        variants: &mut Vec<Variant>,
    ) {
        match software {
            addon::Software::Helm(chart) => {
                let chart = self.chart(&chart);
                self.check(&chart, &clusters);
                for (name, clusters) in self.named(names, &chart, clusters) {
                    variants.push(Variant {
                        name,
                        software: Software::Helm(Box::new(chart.clone())),
                        clusters,
                    });
                }
            }
            addon::Software::Manifests(path) => {
                self.manifest_variants(names, &path, clusters, variants);
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
fn joined(names: &[String]) -> Rc<str> {
    if names.is_empty() {
        return "base".into();
    }
    fitted(&names.join("."), LABEL_LENGTH).into()
}

/// The name of the add-on, as its texts can ask for it.
fn addon_variable(name: &Spanned<Rc<str>>) -> (Rc<str>, Node) {
    ("ADDON".into(), Node::string(name.span, &name.value))
}

impl AddOn {
    /// The variables that an add-on's texts have beside those of their subject.
    pub fn variables(&self) -> Vec<(Rc<str>, Node)> {
        vec![addon_variable(&self.name)]
    }
}

fn text(name: &Spanned<Rc<str>>, text: &str) -> Template {
    Template {
        text: Text::Literal(text.into()),
        span: name.span,
    }
}

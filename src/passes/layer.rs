//! What each cluster gets of an add-on: patches are merged, and clusters with the same form make a
//! variant.

mod chart;
mod manifests;
mod name;
mod paths;
mod release;
mod resolver;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::read::Written;
use super::resolve::Settled;
use super::select::Selection;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::model::Cluster;
use crate::model::cluster::VariantLabel;
use crate::plan::{AddOn, VariantName};
use crate::render::limits::too_large;
use crate::source::Spanned;
use resolver::AddOnResolver;
use values::LayerFiles;

/// Settles every add-on for the clusters that get it, in the order of their names, and tells the
/// clusters which variants they get.
pub fn layer(
    files: &mut Files,
    written: &Written,
    selection: &Selection<'_>,
    chosen: Vec<Vec<usize>>,
    settled: &mut Settled,
    diags: &mut Diagnostics,
) -> Vec<AddOn> {
    let Written {
        fleet, deliveries, ..
    } = written;
    let Some(default) = default_delivery(fleet, diags) else {
        return Vec::new();
    };
    let mut checked = BTreeSet::new();
    let mut layer_files = LayerFiles::default();
    let pairs = selection.addons.iter().zip(chosen);
    let addons = pairs.filter_map(|(selected, chosen)| {
        let delivery = selected.addon.deliver.as_ref().unwrap_or(default);
        let delivery = Rc::clone(deliveries.get(files, delivery)?);
        let mut resolver = AddOnResolver {
            files,
            selected,
            subjects: settled.subjects(),
            derived: &settled.derived,
            paths: &fleet.layers,
            layer_files: &mut layer_files,
            delivery,
            checked: &mut checked,
            diags,
        };
        resolver.addon(chosen)
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

/// Returns what `deliver` is set to for add-ons that do not set it, and reports that it is missing.
fn default_delivery<'a>(fleet: &'a Fleet, diags: &mut Diagnostics) -> Option<&'a Spanned<String>> {
    let first = fleet.addons.iter().find(|addon| addon.deliver.is_none());
    match (first, &fleet.deliver) {
        (_, Some(deliver)) => Some(deliver),
        (None, None) => fleet.addons.first()?.deliver.as_ref(),
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

//! The labels of clusters that name the variants of add-ons.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::diagnostic::Diagnostics;
use crate::input::fleet::Fleet;
use crate::model::Cluster;
use crate::model::cluster::VariantLabel;
use crate::plan::{AddOn, VariantName};
use crate::render::limits::too_large;

/// Returns `true` if the labels exceed the limit of the output, and reports that.
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

/// Assigns the labels of its variants to each cluster.
pub(super) fn assign_variant_labels(
    addons: &[AddOn],
    fleet: &Fleet,
    clusters: &mut [Cluster],
    diags: &mut Diagnostics,
) {
    if is_too_large(addons, fleet, diags) {
        return;
    }
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

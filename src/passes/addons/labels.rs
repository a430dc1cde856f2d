//! The labels of clusters that name the variants of add-ons.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::fleet::Fleet;
use crate::model::Cluster;
use crate::model::cluster::{CLUSTER_LABEL, FLEET_LABEL, VariantLabel};
use crate::model::name::reserved_for;
use crate::passes::check::limits::too_large;
use crate::plan::{AddOn, VariantName};

/// Returns `true` if the labels exceed the limit of the output, and reports this.
fn is_too_large(addons: &[AddOn], fleet: &Fleet, diags: &mut Diagnostics) -> bool {
    let has_cells = fleet.cells.is_some();
    let limit = fleet.safety.filled_budget(has_cells);
    let varied = addons.iter().filter(|addon| !addon.varies.is_empty());
    let bytes: usize = varied
        .map(|addon| {
            let variants = addon.variants.iter();
            let clusters: usize = variants.map(|variant| variant.clusters.len()).sum();
            clusters * addon.label().len()
        })
        .sum();
    if bytes > limit {
        let message = format!(
            "the labels of variants have {bytes} bytes, which exceeds the output's limit of {limit} bytes"
        );
        diags.push(too_large(message, has_cells));
    }
    bytes > limit
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
    for addon in addons.iter().filter(|addon| !addon.varies.is_empty()) {
        let label = addon.label();
        for variant in &addon.variants {
            let name = match &variant.name {
                VariantName::Shared(name) => Some(Rc::clone(name)),
                VariantName::Cluster => None,
            };
            let label: VariantLabel = (Rc::clone(&label), name);
            // Clusters that share their labels so far share those with the new one, too.
            let mut known: BTreeMap<*const VariantLabel, [Rc<[VariantLabel]>; 2]> = BTreeMap::new();
            for &index in &variant.clusters {
                let labels = &mut clusters[index].variants;
                let [_, longer] = known.entry(labels.as_ptr()).or_insert_with(|| {
                    let longer = [labels, std::slice::from_ref(&label)].concat();
                    [Rc::clone(labels), longer.into()]
                });
                *labels = Rc::clone(longer);
            }
        }
    }
}

/// Reports labels of existing clusters that select another variant of an add-on than the fleet does.
pub(super) fn report_taken_variants(clusters: &[Cluster], diags: &mut Diagnostics) {
    for cluster in clusters.iter().filter(|cluster| cluster.is_existing) {
        let own = cluster.labels.iter();
        let own = own.filter(|(key, _)| reserved_for(key) == Some("kubectl-fleet"));
        for (key, value) in own.filter(|(key, _)| **key != *CLUSTER_LABEL) {
            let mut variants = cluster.variants.iter();
            let variant = variants.find(|(label, _)| label == key);
            if variant.is_none() && **key == *FLEET_LABEL {
                continue;
            }
            let expected = variant.map(|(_, name)| name.as_ref().unwrap_or(cluster.name.as_rc()));
            if expected == Some(value) {
                continue;
            }
            let labels = cluster.variables.get("labels");
            let span = labels.and_then(|labels| labels.entry(key));
            let span = span.map_or(cluster.span, |entry| entry.key.span);
            let message =
                format!("label `{key}` of the existing Cluster selects the variant `{value}`");
            let help = match expected {
                Some(expected) => format!("write `{key}: {expected}`"),
                None => "remove the label".to_owned(),
            };
            diags.push(Diagnostic::new(Code::LabelConflict, span, message).help(help));
        }
    }
}

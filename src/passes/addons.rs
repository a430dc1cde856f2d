//! Add-ons with their layers and patches, and the clusters of each variant.

mod chart;
mod conflicts;
mod groups;
mod labels;
mod layer_files;
mod manifests;
mod moves;
mod owned;
mod release;
mod resolver;
mod variant_names;
mod variants;
mod varying;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::read::Written;
use super::resolve::ResolvedFleet;
use super::select::Selection;
use crate::builtin::DELIVERIES;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::plan::AddOn;
use crate::source::Spanned;
use layer_files::LayerFiles;
use owned::Owners;
use resolver::AddOnResolver;

/// Resolves every add-on for its clusters, and assigns the labels of their variants to the clusters.
/// Returns the add-ons sorted by name.
pub fn resolve_addons(
    files: &mut Files,
    written: &Written,
    selection: &Selection<'_>,
    clusters: Vec<Vec<usize>>,
    resolved: &mut ResolvedFleet,
    diags: &mut Diagnostics,
) -> Vec<AddOn> {
    let Written {
        fleet,
        deliveries,
        schemas,
        ..
    } = written;
    let Some(default) = default_delivery(fleet, diags) else {
        return Vec::new();
    };
    let mut objects = BTreeMap::new();
    let mut layer_files = LayerFiles::new(fleet.safety.allow_empty);
    let pairs = selection.addons.iter().zip(clusters);
    let addons = pairs.filter_map(|(selected, clusters)| {
        let delivery = selected.addon.deliver.as_ref().unwrap_or(default);
        let delivery = Rc::clone(deliveries.get(files, delivery)?);
        let mut add_on = AddOnResolver {
            files,
            selected,
            subjects: resolved.subjects(),
            fleet: fleet.name.as_ref().map(|name| &name.value),
            derived: &resolved.derived,
            paths: &fleet.layers,
            layer_files: &mut layer_files,
            delivery,
            schemas,
            allow_empty: fleet.safety.allow_empty,
            objects: &mut objects,
            diags,
        };
        add_on.resolve(clusters)
    });
    let mut addons: Vec<AddOn> = addons.collect();
    addons.sort_by(|a, b| a.written.name.value.cmp(&b.written.name.value));
    if diags.checkpoint().is_ok() {
        layer_files::warn_unused_layer_files(files, fleet, &layer_files, diags);
    }
    let owners = Owners::new(&addons, &selection.profile_selections, resolved);
    let conflicts = conflicts::report_conflicts(&owners, resolved, diags);
    moves::warn_release_moves(&owners, &conflicts, diags);
    for addon in &addons {
        release::report_unlabelled_clusters(addon, resolved, diags);
        release::report_clusters_of_no_fleet(addon, resolved, diags);
    }
    labels::assign_variant_labels(&addons, fleet, &mut resolved.clusters, diags);
    labels::report_taken_variants(&resolved.clusters, diags);
    addons
}

/// Returns the `deliver` of add-ons that do not set it. Reports a missing `deliver` that an add-on needs.
fn default_delivery<'a>(fleet: &'a Fleet, diags: &mut Diagnostics) -> Option<&'a Spanned<String>> {
    let first = fleet.addons.iter().find(|addon| addon.deliver.is_none());
    match (first, &fleet.deliver) {
        (_, Some(deliver)) => Some(deliver),
        (None, None) => fleet.addons.first()?.deliver.as_ref(),
        (Some(first), None) => {
            let message = format!("add-on `{}` has no delivery method", first.name.value);
            diags.push(
                Diagnostic::new(Code::MissingKey, first.name.span, message).help(format!(
                    "set `deliver` in fleet.yaml, for example `deliver: {}`",
                    DELIVERIES[0].name
                )),
            );
            None
        }
    }
}

//! Checks of how delivery methods find clusters and releases.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::addon::{self, AddOnField};
use crate::model::Delivery;
use crate::model::cluster::{CLUSTER_LABEL, FLEET_LABEL};
use crate::passes::resolve::ResolvedFleet;
use crate::plan::AddOn;

/// Reports keys that must be the same for all clusters but can vary. Some methods find a release by its name
/// and namespace. After a cluster is deselected, varying values are unknown, and the release would remain.
pub(super) fn check_release_is_constant(
    addon: &addon::AddOn,
    delivery: &Delivery,
    varies: &BTreeSet<AddOnField>,
    diags: &mut Diagnostics,
) {
    for (field, key) in [
        (AddOnField::Release, "release"),
        (AddOnField::Namespace, "namespace"),
    ] {
        let is_uniform = delivery.uniform.iter().any(|uniform| **uniform == *key);
        if !is_uniform || !varies.contains(&field) {
            continue;
        }
        let patches = addon.patches.software.iter().map(|patch| &patch.change);
        let mut entries = patches.filter_map(|change| change.get("helm")?.entry(key));
        let written = entries
            .next()
            .or_else(|| addon.software.get("helm")?.entry(key));
        let span = written.map_or(addon.name.span, |entry| entry.key.span);
        let message = format!(
            "`{key}` must be the same for all clusters: {} uses it to find the release to uninstall",
            delivery.title
        );
        let help = "remove the variables of members from it, or create two add-ons, each with its own `selector`";
        diags.push(Diagnostic::new(Code::CannotVary, span, message).help(help));
    }
}

/// Reports existing clusters without the label of a named fleet, if the add-on selects clusters by it.
pub(super) fn report_clusters_of_no_fleet(
    addon: &AddOn,
    resolved: &ResolvedFleet,
    diags: &mut Diagnostics,
) {
    let targets = addon.targets();
    let mut reads = ["FLEET", "SELECTOR"].into_iter();
    let Some(fleet) = &addon.fleet else {
        return;
    };
    if !reads.any(|name| addon.delivery.reads(targets.iter().copied(), &[name])) {
        return;
    }
    let clusters = addon.variants.iter().flat_map(|variant| &variant.clusters);
    for cluster in clusters.map(|index| &resolved.clusters[*index]) {
        if !cluster.is_existing || cluster.label(FLEET_LABEL) == Some(fleet) {
            continue;
        }
        let message = format!(
            "add-on `{}` selects clusters by the label `{FLEET_LABEL}: {fleet}`, but the existing Cluster `{}` does not have it",
            addon.written.name.value, cluster.name
        );
        let help = format!("add the label `{FLEET_LABEL}: {fleet}` to the Cluster");
        diags.push(
            Diagnostic::new(Code::UnlabelledCluster, addon.written.name.span, message)
                .related(cluster.span, "defined here")
                .help(help),
        );
    }
}

/// Reports existing clusters that an add-on cannot select. Delivery methods select by labels, and the program does not
/// create the `Cluster` of an existing cluster.
pub(super) fn report_unlabelled_clusters(
    addon: &AddOn,
    resolved: &ResolvedFleet,
    diags: &mut Diagnostics,
) {
    let selector = addon.written.selector.as_ref();
    let is_for_all = selector.is_some_and(|all| all.value.requirements.is_empty());
    if !addon.delivery.shares_objects || !is_for_all {
        return;
    }
    for cluster in resolved
        .clusters
        .iter()
        .filter(|cluster| cluster.is_existing)
    {
        if cluster.label(CLUSTER_LABEL) != Some(cluster.name.as_rc()) {
            let message = format!(
                "add-on `{}` selects clusters by the label `{CLUSTER_LABEL}`, but the existing Cluster `{}` does not have it",
                addon.written.name.value, cluster.name
            );
            let help = format!(
                "add the label `{CLUSTER_LABEL}: {}` to the Cluster, or set `selector` to labels that it has",
                cluster.name
            );
            diags.push(
                Diagnostic::new(Code::UnlabelledCluster, addon.written.name.span, message)
                    .related(cluster.span, "defined here")
                    .help(help),
            );
        }
    }
}

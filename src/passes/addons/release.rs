//! Checks of Helm releases: only one add-on can install a release on a cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, pluralize};
use crate::input::addon::{self, AddOnField};
use crate::model::Delivery;
use crate::model::cluster::{CLUSTER_LABEL, FLEET_LABEL};
use crate::passes::resolve::ResolvedFleet;
use crate::plan::{AddOn, Software, Subject, VariantName};

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

/// The namespace and the name of a release.
type Release = (Rc<str>, Rc<str>);

/// Reports clusters on which two add-ons install the same release. An add-on has one error for each release, with the first
/// add-on that installs it on one of the clusters.
pub(super) fn report_release_conflicts(
    addons: &[AddOn],
    resolved: &ResolvedFleet,
    diags: &mut Diagnostics,
) {
    let mut known: BTreeMap<Release, Vec<(&AddOn, Vec<usize>)>> = BTreeMap::new();
    for addon in addons {
        for (release, clusters) in releases(addon, resolved) {
            known.entry(release).or_default().push((addon, clusters));
        }
    }
    for (release, users) in known {
        let mut owners: BTreeMap<usize, &AddOn> = BTreeMap::new();
        for (addon, clusters) in users {
            let owner = clusters.iter().find_map(|index| owners.get(index).copied());
            if let Some(first) = owner {
                let is_first = |index: &&usize| {
                    let owner = owners.get(*index).map(|owner| &owner.written.name.value);
                    owner == Some(&first.written.name.value)
                };
                let both: Vec<&usize> = clusters.iter().filter(is_first).collect();
                report_conflict(&release, [first, addon], &both, resolved, diags);
            }
            for index in clusters {
                owners.entry(index).or_insert(addon);
            }
        }
    }
}

fn report_conflict(
    (namespace, name): &Release,
    [first, second]: [&AddOn; 2],
    clusters: &[&usize],
    resolved: &ResolvedFleet,
    diags: &mut Diagnostics,
) {
    let Some(cluster) = clusters.first() else {
        return;
    };
    let message = format!(
        "add-ons `{}` and `{}` both install the release `{name}` in the namespace `{namespace}` of {}",
        first.written.name.value,
        second.written.name.value,
        pluralize(clusters.len(), "cluster")
    );
    let help = "set another `release` in one of them, or use one add-on with a patch";
    let member = resolved.clusters[**cluster].span;
    diags.push(
        Diagnostic::new(Code::ReleaseConflict, second.written.name.span, message)
            .related(first.written.name.span, "the other add-on")
            .related(member, "selected by both")
            .help(help),
    );
}

/// Returns the releases of an add-on, each with its clusters, ascending.
fn releases(addon: &AddOn, resolved: &ResolvedFleet) -> BTreeMap<Release, Vec<usize>> {
    let mut releases: BTreeMap<Release, Vec<usize>> = BTreeMap::new();
    for variant in &addon.variants {
        let Software::Helm(chart) = &variant.software else {
            continue;
        };
        let name = |subject: Subject<'_>| {
            let text = |text| addon.text(text, resolved.subjects(), subject);
            let release = chart.release(&addon.written.name);
            (text(&chart.namespace.value), text(&release.value))
        };
        let cluster = |index: &usize| Subject::Cluster(&resolved.clusters[*index]);
        match (&variant.name, variant.clusters.first()) {
            (VariantName::Shared(_), Some(first)) => releases
                .entry(name(cluster(first)))
                .or_default()
                .extend(&variant.clusters),
            _ => {
                for index in &variant.clusters {
                    releases
                        .entry(name(cluster(index)))
                        .or_default()
                        .push(*index);
                }
            }
        }
    }
    for clusters in releases.values_mut() {
        clusters.sort_unstable();
    }
    releases
}

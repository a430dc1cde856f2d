//! Helm releases: one add-on installs each, under one name.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, pluralize};
use crate::input::addon;
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::{AddOnField, Delivery};
use crate::passes::resolve::Settled;
use crate::plan::{AddOn, Software, Subject, VariantName};

/// Reports what a delivery cannot make different for each cluster. Sveltos finds a release by its
/// name and namespace; once a cluster is deselected nothing tells them any more, and the release
/// would stay.
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
        let mut places = patches.filter_map(|change| change.get("helm")?.entry(key));
        let written = places
            .next()
            .or_else(|| addon.software.get("helm")?.entry(key));
        let span = written.map_or(addon.name.span, |entry| entry.key.span);
        let message = format!(
            "`{key}` is the same for all clusters of an add-on: {} takes a release off by it",
            delivery.title
        );
        let help = "write it without a variable of the members, or make two add-ons, each with its selector";
        diags.push(Diagnostic::new(Code::CannotVary, span, message).help(help));
    }
}

/// Reports clusters that exist already and that an add-on cannot reach: deliveries select by labels, and
/// these are not ours to set.
pub(super) fn report_unlabelled_clusters(
    addon: &AddOn,
    settled: &Settled,
    diags: &mut Diagnostics,
) {
    let is_for_all = addon
        .selector
        .as_ref()
        .is_some_and(|all| all.requirements.is_empty());
    if !addon.delivery.shares || !is_for_all {
        return;
    }
    for cluster in settled.clusters.iter().filter(|cluster| cluster.exists) {
        if cluster.label(CLUSTER_LABEL) != Some(cluster.name.as_rc()) {
            let message = format!(
                "`{}` reaches its clusters by the label `{CLUSTER_LABEL}`, and the Cluster `{}` exists without it",
                addon.name.value, cluster.name
            );
            let help = format!(
                "add the label `{CLUSTER_LABEL}: {}` to it, or select by labels that it has",
                cluster.name
            );
            diags.push(
                Diagnostic::new(Code::UnlabelledCluster, addon.name.span, message)
                    .related(cluster.span, "this Cluster")
                    .help(help),
            );
        }
    }
}

/// A release's namespace and name.
type Release = (Rc<str>, Rc<str>);

/// Reports clusters on which two add-ons install one release.
pub(super) fn report_release_conflicts(
    addons: &[AddOn],
    settled: &Settled,
    diags: &mut Diagnostics,
) {
    let mut known: BTreeMap<Release, Vec<(&AddOn, Vec<usize>)>> = BTreeMap::new();
    for addon in addons {
        for (release, clusters) in releases(addon, settled) {
            known.entry(release).or_default().push((addon, clusters));
        }
    }
    for (release, users) in known {
        for (at, (addon, clusters)) in users.iter().enumerate() {
            for (other, theirs) in &users[..at] {
                let both = clusters
                    .iter()
                    .filter(|index| theirs.binary_search(index).is_ok());
                let both: Vec<&usize> = both.collect();
                refuse(&release, [other, addon], &both, settled, diags);
            }
        }
    }
}

fn refuse(
    (namespace, name): &Release,
    [one, other]: [&AddOn; 2],
    clusters: &[&usize],
    settled: &Settled,
    diags: &mut Diagnostics,
) {
    let Some(first) = clusters.first() else {
        return;
    };
    let message = format!(
        "`{}` and `{}` both install the release `{name}` in the namespace `{namespace}` of {}",
        one.name.value,
        other.name.value,
        pluralize(clusters.len(), "cluster")
    );
    let help = "give one of them another `release`, or selectors that do not meet";
    let member = settled.clusters[**first].span;
    diags.push(
        Diagnostic::new(Code::ReleaseConflict, other.name.span, message)
            .related(one.name.span, "the other add-on")
            .related(member, "for this member")
            .help(help),
    );
}

/// The releases of an add-on and the clusters that get each, ascending.
fn releases(addon: &AddOn, settled: &Settled) -> BTreeMap<Release, Vec<usize>> {
    let mut releases: BTreeMap<Release, Vec<usize>> = BTreeMap::new();
    for variant in &addon.variants {
        let Software::Helm(chart) = &variant.software else {
            continue;
        };
        let name = |subject: Subject<'_>| {
            let text = |text| addon.text(text, settled.subjects(), subject);
            (text(&chart.namespace.value), text(&chart.release.value))
        };
        let cluster = |index: &usize| Subject::Cluster(&settled.clusters[*index]);
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

//! Reports software that two owners install on the same cluster: each would overwrite or uninstall that of the other.

use std::collections::BTreeSet;

use super::owned::{Owned, Owner, Owners, Use};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, pluralize};
use crate::passes::resolve::ResolvedFleet;

/// Reports clusters on which two owners install the same release or object, and objects that are twice in an add-on. An
/// add-on has one error for each release, with the first owner on one of the clusters. Returns the pairs of owners.
pub(super) fn report_conflicts(
    Owners { owners, uses }: &Owners<'_>,
    resolved: &ResolvedFleet,
    diags: &mut Diagnostics,
) -> BTreeSet<(usize, usize)> {
    let mut pairs = BTreeSet::new();
    let mut twice = BTreeSet::new();
    // Objects of the same files have the same conflicts.
    let mut known = BTreeSet::new();
    // The first use on each cluster, with the number of its software.
    let mut holders = vec![(0, 0); resolved.clusters.len()];
    for (number, (owned, uses)) in uses.iter().enumerate() {
        let number = number + 1;
        let alike: Vec<(usize, Option<usize>)> =
            uses.iter().map(|one| (one.owner, one.variant)).collect();
        let is_object = matches!(owned, Owned::Object(_));
        if uses.len() < 2 || is_object && !known.insert(alike) {
            continue;
        }
        for (at, one) in uses.iter().enumerate() {
            let held = |cluster: &&usize| holders[**cluster].0 == number;
            let mut held = one.clusters.iter().filter(held);
            if let Some(cluster) = held.next() {
                let first = &uses[holders[*cluster].1];
                let is_first = |cluster: &&usize| uses[holders[**cluster].1].owner == first.owner;
                let count = 1 + held.filter(is_first).count();
                let pair = (first.owner, one.owner);
                let [first_owner, owner] = [pair.0, pair.1].map(|index| &owners[index]);
                if first.owner == one.owner {
                    if twice.insert(one.span) {
                        report_twice(owned, owner, [first, one], diags);
                    }
                } else if owner.is_addon() && (pairs.insert(pair) || !is_object) {
                    let member = resolved.clusters[*cluster].span;
                    let conflict = conflict(owned, [first_owner, owner], [first, one], count);
                    diags.push(conflict.related(member, "selected by both"));
                }
            }
            for cluster in &*one.clusters {
                if holders[*cluster].0 != number {
                    holders[*cluster] = (number, at);
                }
            }
        }
    }
    pairs
}

/// Creates the error, without the cluster.
fn conflict(
    owned: &Owned,
    [first, second]: [&Owner<'_>; 2],
    uses: [&Use<'_>; 2],
    clusters: usize,
) -> Diagnostic {
    let count = pluralize(clusters, "cluster");
    let both = if first.is_addon() {
        format!(
            "add-ons `{}` and `{}` both",
            first.name.value, second.name.value
        )
    } else {
        format!(
            "profile `{}` and add-on `{}` both",
            first.name.value, second.name.value
        )
    };
    match owned {
        Owned::Release(namespace, name) => {
            let message = format!(
                "{both} install the release `{name}` in the namespace `{namespace}` of {count}"
            );
            let (place, label, help) = if first.is_addon() {
                let help = "set another `release` in one of them, or use one add-on with a patch";
                (first.name.span, "the other add-on", help)
            } else {
                let help = "remove the release from one of them";
                (uses[0].span, "the release of the profile", help)
            };
            Diagnostic::new(Code::ReleaseConflict, second.name.span, message)
                .related(place, label)
                .help(help)
        }
        Owned::Object(object) => {
            let message = format!("{both} apply the object `{object}` to {count}");
            let help = "move the object to an add-on of its own, and remove it from the others";
            let mut spans = uses.map(|one| one.span).to_vec();
            spans.dedup();
            let mut error = Diagnostic::new(Code::ManifestConflict, second.name.span, message)
                .related(first.name.span, "the other add-on")
                .help(help);
            for span in spans {
                error = error.related(span, "the object");
            }
            error
        }
    }
}

fn report_twice(owned: &Owned, addon: &Owner<'_>, uses: [&Use<'_>; 2], diags: &mut Diagnostics) {
    let Owned::Object(object) = owned else {
        return;
    };
    let message = format!(
        "add-on `{}` contains the object `{object}` twice",
        addon.name.value
    );
    diags.push(
        Diagnostic::new(Code::DuplicateObject, uses[1].span, message)
            .related(uses[0].span, "also defined here")
            .help("remove one of the two"),
    );
}

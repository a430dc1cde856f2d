//! The clusters that lose an add-on although no object says so: objects that select clusters by their labels.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::change::Action;
use super::changed_object::ChangedObject;
use super::consequence::{Consequence, Effect};
use crate::model::Cluster;
use crate::model::delivery::OnRemove;
use crate::plan::{AddOn, Plan};

/// Maximum number of names in a sentence.
const MAX_NAMES: usize = 10;

/// The clusters that both sides have.
pub(super) struct Clusters {
    /// For each cluster of the base, its index in the head.
    heads: Vec<Option<usize>>,
}

impl Clusters {
    /// Pairs the clusters of two plans, which are sorted by namespace and name.
    pub(super) fn new([base, head]: [&Plan; 2]) -> Self {
        let key = |cluster: &Cluster| {
            let (namespace, name) = (cluster.namespace.as_rc(), cluster.name.as_rc());
            (Rc::clone(namespace), Rc::clone(name))
        };
        let mut rest = head.clusters.iter().enumerate().peekable();
        let find = |cluster: &Cluster| {
            let wanted = key(cluster);
            while rest.next_if(|(_, other)| key(other) < wanted).is_some() {}
            let found = rest.next_if(|(_, other)| key(other) == wanted);
            found.map(|(index, _)| index)
        };
        Self {
            heads: base.clusters.iter().map(find).collect(),
        }
    }

    /// Returns the index in the head of a cluster of the base.
    pub(super) fn head(&self, base: usize) -> Option<usize> {
        self.heads[base]
    }
}

/// Adds what controllers uninstall to the objects that select clusters by their labels: an add-on whose selector
/// changes, and a Cluster whose labels change. An add-on that the head no longer contains has removed objects.
pub(super) fn add_withdrawals(
    plans: [&Plan; 2],
    clusters: &Clusters,
    objects: &mut [ChangedObject],
) {
    let lost = lost(plans, clusters);
    if lost.is_empty() {
        return;
    }
    let removed: BTreeSet<(Rc<str>, String)> = objects
        .iter()
        .filter(|object| object.action == Action::Removed)
        .filter_map(|object| Some((object.addon.clone()?, object.cluster.clone()?)))
        .collect();
    let mut by_addon: BTreeMap<&Rc<str>, Vec<&String>> = BTreeMap::new();
    let mut by_cluster: BTreeMap<&String, Vec<&Rc<str>>> = BTreeMap::new();
    let is_hidden = |pair: &&(Rc<str>, String)| !removed.contains(*pair);
    for (addon, cluster) in lost.iter().filter(is_hidden) {
        by_addon.entry(addon).or_default().push(cluster);
        by_cluster.entry(cluster).or_default().push(addon);
    }
    for object in objects.iter_mut().filter(|object| object.reselects()) {
        let addon = object.addon.as_ref();
        let cluster = object.cluster.as_ref().filter(|_| object.is_cluster());
        let reason = if let Some(clusters) = addon.and_then(|addon| by_addon.get(addon)) {
            object
                .affects
                .extend(clusters.iter().map(|cluster| (*cluster).clone()));
            let names = names(clusters.iter().map(|cluster| cluster.as_str()));
            format!("The add-on is uninstalled from clusters that it no longer selects: {names}.")
        } else if let Some(addons) = cluster.and_then(|cluster| by_cluster.get(cluster)) {
            let names = names(addons.iter().map(|addon| &***addon));
            format!("Add-ons that no longer select the cluster are uninstalled: {names}.")
        } else {
            continue;
        };
        object.add(Effect {
            consequence: Consequence::Uninstalls,
            reason: reason.into(),
            field: None,
            source: "the selectors of the fleet",
            follows_cluster: false,
        });
    }
}

fn names<'a>(all: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = all.len().saturating_sub(MAX_NAMES);
    let shown: Vec<&str> = all.take(MAX_NAMES).collect();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    shown.join(", ") + &more
}

/// Returns the add-ons that clusters of both sides lose and that are uninstalled then.
fn lost([base, head]: [&Plan; 2], clusters: &Clusters) -> BTreeSet<(Rc<str>, String)> {
    let mut lost = BTreeSet::new();
    for addon in &base.addons {
        let name = &addon.written.name.value;
        let mut others = head.addons.iter();
        let other = others.find(|other| other.written.name.value == *name);
        let newest = other.unwrap_or(addon);
        if newest.written.on_remove() == OnRemove::Leave {
            continue;
        }
        let mut kept = vec![false; head.clusters.len()];
        for cluster in other.into_iter().flat_map(selected) {
            kept[cluster] = true;
        }
        let gone =
            selected(addon).filter(|base| clusters.head(*base).is_some_and(|head| !kept[head]));
        lost.extend(gone.map(|index| (Rc::clone(name), key(&base.clusters[index]))));
    }
    lost
}

fn selected(addon: &AddOn) -> impl Iterator<Item = usize> {
    let variants = addon.variants.iter();
    variants.flat_map(|variant| variant.clusters.iter().copied())
}

/// Returns a cluster as `namespace/name`.
pub(super) fn key(cluster: &Cluster) -> String {
    format!("{}/{}", cluster.namespace, cluster.name)
}

//! The sources of a cluster's labels.

use super::context::Context;
use super::level::Level;
use super::shown::REDACTED;
use crate::diagnostic::is_secret_key;
use crate::input::clusters::Clusters;
use crate::model::cluster::{CLUSTER_LABEL, FLEET_LABEL};
use crate::tree::{Node, roots};

/// Returns the labels of a cluster with their sources.
pub(super) fn labels(context: &Context<'_>, cluster: usize) -> Vec<Level> {
    let printed = context.cluster(cluster).printed_labels();
    let level = |(key, value): (&str, &std::rc::Rc<str>)| {
        let shown = if is_secret_key(key) {
            REDACTED
        } else {
            &**value
        };
        origin(context, cluster, key).value(shown)
    };
    printed.map(level).collect()
}

/// Returns the source of a label of a cluster.
pub(super) fn origin(context: &Context<'_>, index: usize, key: &str) -> Level {
    let cluster = context.cluster(index);
    let level = |span, note: &str| Level::new("label", key, span).note(note);
    if let Some(span) = cluster.decided_label(key) {
        return level(Some(span), "`labels` of the list");
    }
    if key == CLUSTER_LABEL {
        return level(Some(cluster.span), "name of the cluster");
    }
    if key == FLEET_LABEL {
        let name = context.fleet.name.as_ref();
        return level(name.map(|name| name.span), "name of the fleet");
    }
    let mut variants = cluster.variants.iter();
    if variants.any(|(label, _)| **label == *key) {
        let mut addons = context.plan().addons.iter();
        let addon = addons.find(|addon| *addon.label() == *key);
        return level(
            addon.map(|addon| addon.written.name.span),
            "variant of the add-on",
        );
    }
    let spread = spread(context, index, key);
    level(
        spread.or(Some(cluster.span)),
        "mapping of the member or its files",
    )
}

/// Returns the value of a label as `labels` of the cluster's list writes it.
pub(super) fn written<'a>(context: &Context<'a>, index: usize, key: &str) -> Option<&'a Node> {
    let entry = entry(context, index)?;
    let mut labels = entry.labels.iter();
    let label = labels.find(|label| label.key.text.literal() == Some(key))?;
    Some(&label.value)
}

/// Returns the entry of the cluster's list.
fn entry<'a>(context: &Context<'a>, index: usize) -> Option<&'a Clusters> {
    let list = context.cluster(index).variables.shared.decided.list?;
    let mut entries = context.fleet.clusters.iter();
    entries.find(|entry| entry.members.list.span == list)
}

/// Returns the location of a label in a mapping that `labels` of the list merges.
fn spread(context: &Context<'_>, index: usize, key: &str) -> Option<crate::source::Span> {
    let cluster = context.cluster(index);
    let entry = entry(context, index)?;
    if cluster.is_existing {
        return cluster
            .variables
            .get("labels")?
            .entry(key)
            .map(|entry| entry.value.span);
    }
    let merged = entry.labels.iter().filter(|label| label.key.is_spread());
    let mut names = merged.flat_map(|label| roots(&label.value));
    names.find_map(|name| {
        let mapping: &Node = cluster.variables.get(&name)?;
        mapping.entry(key).map(|entry| entry.value.span)
    })
}

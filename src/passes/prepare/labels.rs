//! The fleet's labels on the Cluster, written one by one.

use crate::model::Cluster;
use crate::model::cluster::PRINTED_LABELS;
use crate::plan::{Instance, Object, SubjectId, Template};
use crate::source::Span;
use crate::tree::{Entry, Node, Text};

/// The most sets of labels that a template's clusters may have for their keys to be written. More
/// come from labels that many members leave out.
const SETS: usize = 8;
/// The most templates that are taken apart: an output has room for 16 bits of them.
const TEMPLATES: usize = 4_000;

/// Adds a template: one for each set of labels that its clusters have, with a variable for each
/// label's value in place of the map of them all. Maps are filled and checked by themselves for each
/// cluster, which takes longer than all the rest of it.
pub(super) fn written(template: Template, clusters: &[Cluster], templates: &mut Vec<Template>) {
    let objects = &template.objects;
    let is_writable = templates.len() < TEMPLATES
        && objects.iter().any(Object::is_cluster)
        && objects.iter().filter_map(fleet_labels).all(has_known_keys);
    let sets = is_writable.then(|| sets(&template.instances, clusters));
    let Some(sets) = sets.flatten() else {
        templates.push(template);
        return;
    };
    templates.extend(sets.into_iter().map(|(cluster, instances)| {
        let mut keys: Vec<&str> = keys(cluster).collect();
        keys.sort_unstable();
        let objects = objects.iter().map(|object| with_labels(object, &keys));
        template.part(objects.collect(), instances)
    }));
}

/// The instances by the keys of their clusters' labels, each with the first of these; none if these
/// are too many sets, or not all are made for clusters.
fn sets<'a>(
    instances: &[Instance],
    clusters: &'a [Cluster],
) -> Option<Vec<(&'a Cluster, Vec<Instance>)>> {
    let mut sets: Vec<(&Cluster, Vec<Instance>)> = Vec::new();
    for instance in instances {
        let SubjectId::Cluster(index) = instance.subject else {
            return None;
        };
        let cluster = &clusters[index as usize];
        let known = sets
            .iter()
            .position(|(first, _)| keys(first).eq(keys(cluster)));
        match known {
            Some(set) => sets[set].1.push(instance.clone()),
            None if sets.len() == SETS => return None,
            None => sets.push((cluster, vec![instance.clone()])),
        }
    }
    (!sets.is_empty()).then_some(sets)
}

fn keys(cluster: &Cluster) -> impl Iterator<Item = &str> {
    cluster.printed_labels().map(|(key, _)| key)
}

/// The labels of an object that begin with the fleet's.
fn fleet_labels(object: &Object) -> Option<&Node> {
    let labels = object.labels()?;
    labels.entries()?.iter().any(is_fleet).then_some(labels)
}

/// Whether the entry stands for the fleet's labels.
fn is_fleet(entry: &Entry) -> bool {
    let variable = entry.value.variable();
    entry.key.is_spread() && variable.is_some_and(|path| path[0] == PRINTED_LABELS)
}

fn has_known_keys(labels: &Node) -> bool {
    let mut entries = labels.entries().unwrap_or_default().iter();
    entries.all(|entry| is_fleet(entry) || !entry.key.is_open())
}

/// The object with the fleet's labels written one by one. What the template writes itself wins, and
/// is compared with the fleet's where it is filled.
fn with_labels(object: &Object, keys: &[&str]) -> Object {
    let (Some(labels), Some(metadata)) = (fleet_labels(object), object.tree.get("metadata")) else {
        return object.clone();
    };
    let mut entries = Vec::new();
    for entry in labels.entries().unwrap_or_default() {
        if is_fleet(entry) {
            let others = keys.iter().filter(|key| labels.get(key).is_none());
            entries.extend(others.map(|key| label(key, entry.key.span)));
        } else {
            entries.push(entry.clone());
        }
    }
    let labels = Node::mapping(labels.span, entries);
    let metadata = metadata.with("labels", labels);
    Object {
        tree: object.tree.with("metadata", metadata),
        ..object.clone()
    }
}

fn label(key: &str, span: Span) -> Entry {
    let text = Text::variable_at(&[PRINTED_LABELS, key], span);
    Entry::new(key, Node::quoted(span, text))
}

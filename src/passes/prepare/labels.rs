//! Writes the labels of a fleet one by one on its Clusters.

use crate::model::Cluster;
use crate::model::cluster::CLUSTER_LABELS;
use crate::plan::{Instance, Object, SubjectId, Template};
use crate::source::Span;
use crate::tree::{Entry, Node, Text};

/// Maximum number of label sets of a template's clusters for which labels are inlined. More sets result from
/// labels that many members omit.
const MAX_LABEL_SETS: usize = 8;
/// Maximum number of templates after the split: an output numbers them with 16 bits.
const MAX_TEMPLATES: usize = 4_000;

/// Adds a template for each set of label keys of its clusters, with a variable for the value of each label.
///
/// Rendering one variable per label is faster than rendering a spread mapping for each cluster.
pub(super) fn inline_labels(
    template: Template,
    clusters: &[Cluster],
    templates: &mut Vec<Template>,
) {
    let objects = &template.objects;
    let can_inline = templates.len() < MAX_TEMPLATES
        && objects.iter().any(Object::is_cluster)
        && objects.iter().filter_map(fleet_labels).all(has_known_keys);
    let sets = can_inline.then(|| group_by_keys(&template.instances, clusters));
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

/// Groups the instances by the label keys of their clusters, each with its first cluster. Returns `None` if there
/// are too many sets, or if an instance has no cluster.
fn group_by_keys<'a>(
    instances: &[Instance],
    clusters: &'a [Cluster],
) -> Option<Vec<(&'a Cluster, Vec<Instance>)>> {
    let mut sets: Vec<(&Cluster, Vec<Instance>)> = Vec::new();
    for instance in instances {
        let SubjectId::Cluster(index) = instance.subject else {
            return None;
        };
        let cluster = &clusters[index as usize];
        let existing = sets
            .iter()
            .position(|(first, _)| keys(first).eq(keys(cluster)));
        match existing {
            Some(set) => sets[set].1.push(instance.clone()),
            None if sets.len() == MAX_LABEL_SETS => return None,
            None => sets.push((cluster, vec![instance.clone()])),
        }
    }
    (!sets.is_empty()).then_some(sets)
}

fn keys(cluster: &Cluster) -> impl Iterator<Item = &str> {
    cluster.printed_labels().map(|(key, _)| key)
}

/// Returns the labels of an object if they spread the labels of the fleet.
fn fleet_labels(object: &Object) -> Option<&Node> {
    let labels = object.labels()?;
    labels.entries()?.iter().any(is_fleet).then_some(labels)
}

/// Returns `true` if the entry spreads the labels of the fleet.
fn is_fleet(entry: &Entry) -> bool {
    let variable = entry.value.variable();
    entry.key.is_spread() && variable.is_some_and(|path| path[0] == CLUSTER_LABELS)
}

fn has_known_keys(labels: &Node) -> bool {
    let mut entries = labels.entries().unwrap_or_default().iter();
    entries.all(|entry| is_fleet(entry) || !entry.key.is_unresolved())
}

/// Returns the object with the fleet's labels inlined. Labels of the template win; they are compared with those of
/// the fleet when the object is rendered.
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
    let text = Text::variable_at(&[CLUSTER_LABELS, key], span);
    Entry::new(key, Node::quoted(span, text))
}

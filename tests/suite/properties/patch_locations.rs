//! Every value of a patched object keeps the location where it was written.

use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::files::Files;
use kubectl_fleet::plan::SubjectId;
use kubectl_fleet::request::CompileOptions;
use kubectl_fleet::source::{Sources, Span};
use kubectl_fleet::template;
use kubectl_fleet::tree::{Entry, Node, Value as Tree};
use kubectl_fleet::yaml::print::Format;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::cases;
use super::layers::{CLUSTERS, apply, layers, trees};
use super::patches::{fleet, object};
use crate::fleet::FleetFiles;

/// The key for the location of a mapping itself; no other key is empty.
pub(crate) const MAPPING: &str = "";

/// Returns a tree with locations instead of scalars. Sequences have none, because their indices would change.
pub(crate) fn locations(node: &Node, sources: &Sources) -> Value {
    let location = |span: Span| json!(format!("{}:{}", sources.path(span.file), span.start));
    match &node.value {
        Tree::Scalar(_) => location(node.span),
        Tree::Sequence(items) => items.iter().map(|item| locations(item, sources)).collect(),
        Tree::Mapping(entries) => {
            let entry = |entry: &Entry| {
                let key = entry.key.text.literal().unwrap().to_owned();
                (key, locations(&entry.value, sources))
            };
            let itself = (MAPPING.to_owned(), location(node.span));
            entries.iter().map(entry).chain([itself]).collect()
        }
    }
}

/// Returns the locations of a merge patch: a null deletes, and an existing mapping keeps its own location.
fn of_merge(locations: Value, patch: &Value, target: Option<&Value>) -> Value {
    match (locations, patch) {
        (_, Value::Null) => Value::Null,
        (Value::Object(mut entries), Value::Object(patch)) => {
            let target = target.and_then(Value::as_object);
            if target.is_some() {
                entries.remove(MAPPING);
            }
            let entry = |(key, value): (String, Value)| {
                let below = target.and_then(|target| target.get(&key));
                let value = match patch.get(&key) {
                    Some(patch) => of_merge(value, patch, below),
                    None => value,
                };
                (key, value)
            };
            entries.into_iter().map(entry).collect::<Map<_, _>>().into()
        }
        (locations, _) => locations,
    }
}

/// Returns the patch of a fleet with the locations of its values; a test has no effect on them.
fn located(change: &Value, written: &Node, sources: &Sources, target: &Value) -> Value {
    if let Some(merge) = change.get("merge") {
        let found = locations(written.get("merge").unwrap(), sources);
        return json!({"merge": of_merge(found, merge, Some(target))});
    }
    let operations = change["json"].as_array().unwrap().iter();
    let written = written.get("json").and_then(Node::items).unwrap();
    let operation = |(operation, written): (&Value, &Node)| {
        let mut operation = operation.clone();
        if let Some(value) = operation.get_mut("value") {
            *value = locations(written.get("value").unwrap(), sources);
        }
        operation
    };
    let operations = operations
        .zip(written)
        .filter(|(operation, _)| operation["op"] != "test");
    json!({"json": operations.map(operation).collect::<Vec<Value>>()})
}

/// Returns the locations in the objects of kind `T` in the plan, by cluster, or `None` if a patch fails.
fn found(fleet: &FleetFiles) -> Option<Vec<Value>> {
    let dir = fleet.write();
    let mut files = Files::open(dir.dir()).unwrap();
    let mut diags = Diagnostics::default();
    let (_, plan) =
        kubectl_fleet::plan(&mut files, &CompileOptions::from(Format::Json), &mut diags).ok()?;
    let mut found = vec![Value::Null; CLUSTERS];
    for template in &plan.templates {
        let of_kind = template.objects.iter().find(|object| &*object.kind == "T");
        let spec = of_kind.unwrap().tree.get("spec");
        for instance in &template.instances {
            if let SubjectId::Cluster(index) = instance.subject {
                found[index as usize] = spec.map_or(
                    json!({}),
                    |spec| json!({"spec": locations(spec, &files.sources)}),
                );
            }
        }
    }
    Some(found)
}

pub(crate) fn parse(fleet: &FleetFiles, path: &str, sources: &mut Sources) -> Vec<Node> {
    let text = String::from_utf8(fleet.0[path].clone()).unwrap();
    let file = sources.add(path, text);
    template::parse(file, sources, &mut Diagnostics::default()).unwrap_or_default()
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn patched_values_keep_their_location(before in trees(true), layers in layers()) {
        let mut all = object("T", &before);
        let changes: Vec<(Value, [bool; CLUSTERS])> = layers.iter()
            .map(|(change, clusters)| (change.written(&mut all), *clusters))
            .collect();
        let fleet = fleet(&before, &changes);
        if let Some(found) = found(&fleet) {
            let mut sources = Sources::default();
            let objects = parse(&fleet, "template.yaml", &mut sources);
            let head = parse(&fleet, "fleet.yaml", &mut sources);
            let templates = head[0].get("templates").and_then(Node::items).unwrap();
            let patches = templates[0].get("patches").and_then(Node::items).unwrap();
            for (cluster, found) in found.iter().enumerate() {
                let mut expected = json!({"spec": locations(objects[0].get("spec").unwrap(), &sources)});
                for ((change, clusters), written) in changes.iter().zip(patches) {
                    if clusters[cluster] {
                        let change = located(change, written, &sources, &expected);
                        apply(&mut expected, &change).unwrap();
                    }
                }
                prop_assert_eq!(found, &expected);
            }
        }
    }
}

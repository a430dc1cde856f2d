//! The name of a rotated object depends only on its content.

use std::collections::BTreeSet;

use kubectl_fleet::yaml::print::Format;
use kubectl_fleet::{Cell, CompileOptions};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use super::cases;
use super::layers::trees;
use super::variables::yaml;
use crate::fleet::{FleetFiles, compile_dir};

const GROUP: &str = "infrastructure.cluster.x-k8s.io";
const LIST: &str = "a: {cell: one}\nb: {cell: two}\n";

/// A template of machines with its metadata and `spec`, and references to it in the same file and in another
/// file.
fn fleet(metadata: &Value, spec: &Value, comment: &str) -> FleetFiles {
    let mut metadata = metadata.clone();
    metadata["name"] = json!("${CLUSTER_NAME}-md");
    let version = format!("{GROUP}/v1beta2");
    let machines = json!({"apiVersion": version, "kind": "XMachineTemplate", "metadata": metadata, "spec": spec});
    let reference =
        json!({"apiGroup": GROUP, "kind": "XMachineTemplate", "name": "${CLUSTER_NAME}-md"});
    let deployment = |name: &str| {
        json!({
            "apiVersion": "example.org/v1",
            "kind": "Pool",
            "metadata": {"name": name},
            "spec": {"deep": [{"infrastructureRef": reference}], "template": {"spec": {"infrastructureRef": reference}}},
        })
    };
    let own = [machines, deployment("own")].map(|object| comment.to_owned() + &yaml(&object));
    FleetFiles::new([
        (
            "fleet.yaml",
            "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters: [{list: list.yaml, labels: {cell: \"${cell}\"}}]\ncells: {label: cell}\ntemplates: [{file: own.yaml, rotate: true}, {file: other.yaml}]\n".to_owned(),
        ),
        ("list.yaml", LIST.to_owned()),
        ("own.yaml", own.join("\n---\n")),
        ("other.yaml", yaml(&deployment("other"))),
    ])
}

/// Returns the objects of a fleet, and the hashes in the names of its rotated objects, after checking the
/// references.
fn rotated(fleet: &FleetFiles) -> (Vec<Value>, BTreeSet<String>) {
    let mut objects = fleet.compile().unwrap().objects();
    let mut ends = BTreeSet::new();
    for cluster in ["a", "b"] {
        let is_of = |object: &&mut Value| object["metadata"]["namespace"] == cluster;
        let mut of: Vec<&mut Value> = objects.iter_mut().filter(is_of).collect();
        let machines = of
            .iter()
            .find(|object| object["kind"] == "XMachineTemplate");
        let name = machines.unwrap()["metadata"]["name"].clone();
        let end = name
            .as_str()
            .unwrap()
            .strip_prefix(&format!("{cluster}-md-"));
        ends.insert(end.unwrap().to_owned());
        let mut followed = 0;
        for object in &mut of {
            let places = [
                "/spec/deep/0/infrastructureRef/name",
                "/spec/template/spec/infrastructureRef/name",
                "/metadata/name",
            ];
            for place in places {
                if let Some(found) = object.pointer_mut(place).filter(|found| **found == name) {
                    *found = Value::Null;
                    followed += 1;
                }
            }
        }
        assert_eq!(
            followed, 5,
            "the object, and two references in each of two files"
        );
    }
    (objects, ends)
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let entries = entries.iter().rev();
            let entries: Map<String, Value> = entries
                .map(|(key, value)| (key.clone(), reversed(value)))
                .collect();
            Value::Object(entries)
        }
        Value::Array(items) => Value::Array(items.iter().map(reversed).collect()),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn rotated_name_changes_only_with_the_content(tree in trees(false), other in trees(false)) {
        let (spec, changed) = (json!({"x": tree}), json!({"x": other}));
        let (objects, ends) = rotated(&fleet(&json!({}), &spec, ""));
        // Equal contents have equal hashes.
        prop_assert_eq!(ends.len(), 1);
        let same = rotated(&fleet(&json!({}), &reversed(&spec), "# a comment\n"));
        prop_assert_eq!(&same.1, &ends);
        let labels = json!({"labels": {"a": "b"}, "annotations": {"c": "d"}});
        prop_assert_eq!(&rotated(&fleet(&labels, &spec, "")).1, &ends);
        let (mut others, other_ends) = rotated(&fleet(&json!({}), &changed, ""));
        prop_assert_eq!(spec == changed, other_ends == ends);
        for (object, other) in objects.iter().zip(&mut others) {
            if object["kind"] == "XMachineTemplate" {
                other["spec"] = object["spec"].clone();
            }
            prop_assert_eq!(object, &*other);
        }
    }
}

#[test]
fn different_contents_have_different_names() {
    let mut runner = TestRunner::deterministic();
    let mut tree = || trees(false).new_tree(&mut runner).unwrap().current();
    let entries: Vec<Value> = (0..1_000)
        .map(|_| json!({"content": {"x": tree()}}))
        .collect();
    let different: BTreeSet<String> = entries.iter().map(Value::to_string).collect();
    assert!(different.len() > 500, "{}", different.len());
    let object = json!({"apiVersion": format!("{GROUP}/v1beta2"), "kind": "XMachineTemplate", "metadata": {"name": "rotated-object"}, "spec": "${content}"});
    let template = yaml(&object).replace("\"${content}\"", "${content}");
    let fleet = FleetFiles::new([
        (
            "fleet.yaml",
            "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters: [{list: list.yaml}]\ntemplates: [{file: x.yaml, with: ./entries.yaml, rotate: true}]\n".to_owned(),
        ),
        ("list.yaml", "a: {}\n".to_owned()),
        ("entries.yaml", yaml(&Value::Array(entries))),
        ("x.yaml", template),
    ]);
    // Two contents with the same name would be rejected, and equal contents are printed once.
    let objects = fleet.compile().unwrap().objects();
    assert_eq!(objects.len(), different.len() + 1);
}

/// An object in a cell equals the object in the whole output.
#[test]
fn cells_use_the_same_rotated_names() {
    let fleet = fleet(&json!({}), &json!({"x": 1}), "").write();
    let lines = |cell: Option<&str>| -> Vec<String> {
        let options = CompileOptions {
            cell: cell.map(Cell::new),
            ..CompileOptions::from(Format::Json)
        };
        let text = compile_dir(fleet.dir(), options).unwrap();
        text.lines().map(ToOwned::to_owned).collect()
    };
    let mut parts = [lines(Some("one")), lines(Some("two"))].concat();
    let mut whole = lines(None);
    parts.sort();
    whole.sort();
    assert_eq!(parts, whole);
}

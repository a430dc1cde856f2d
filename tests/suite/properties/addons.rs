//! The add-on values of each cluster, and the effect of one change of a member.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::cases;
use super::layers::trees;
use super::variables::yaml;
use crate::fleet::{FleetFiles, Printed};

pub(crate) const CLUSTER: &str = "apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: \"${CLUSTER_NAME}\"}
spec: {topology: {classRef: {name: quick-start}, version: v1.34.0}}
";

/// Merges values like `helm -f`: mappings key by key, other values are replaced, and nulls are kept.
pub(crate) fn merge(values: &mut Value, over: &Value) {
    match (values, over) {
        (Value::Object(values), Value::Object(over)) => {
            for (key, over) in over {
                match values.get_mut(key) {
                    Some(value) if over.is_object() => merge(value, over),
                    _ => {
                        values.insert(key.clone(), over.clone());
                    }
                }
            }
        }
        (values, over) => *values = over.clone(),
    }
}

/// Generates a mapping of values.
pub(crate) fn values() -> impl Strategy<Value = Value> {
    let keys = proptest::sample::select(vec!["a", "b", "c", "d"]);
    proptest::collection::btree_map(keys, trees(true), 0..4).prop_map(|entries| {
        let entries = entries.into_iter();
        entries
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    })
}

/// Returns the object of a kind and a name.
fn object<'a>(objects: &'a [Value], kind: &str, name: &str) -> &'a Value {
    let is = |object: &&Value| object["kind"] == kind && object["metadata"]["name"] == name;
    let mut found = objects.iter().filter(is);
    let object = found.next().unwrap_or_else(|| panic!("no {kind} `{name}`"));
    assert!(found.next().is_none(), "one {kind} `{name}`");
    object
}

/// Returns the values that Sveltos finds for a cluster.
fn delivered(objects: &[Value], cluster: &str) -> Value {
    let labels = &object(objects, "Cluster", cluster)["metadata"]["labels"];
    let chart = &object(objects, "ClusterProfile", "x")["spec"]["helmCharts"][0];
    let text = match chart["valuesFrom"][0]["name"].as_str() {
        Some(name) => {
            let label = labels["kubectl-fleet.io/x"].as_str().unwrap_or_default();
            let lookup = "{{ index .Cluster.metadata.labels \"kubectl-fleet.io/x\" }}";
            let name = name.replace(lookup, label);
            object(objects, "ConfigMap", &name)["data"]["values.yaml"].as_str()
        }
        None => chart["values"].as_str(),
    };
    text.map_or(json!({}), |text| serde_saphyr::from_str(text).unwrap())
}

/// Returns a fleet of one add-on, with patches for some values of the label `type`.
fn fleet(
    members: &BTreeMap<String, String>,
    base: &Value,
    patches: &[(&str, Value)],
) -> FleetFiles {
    let patch = |(number, (of, over)): (usize, &(&str, Value))| {
        json!({
            "name": format!("p{number}"),
            "selector": {"matchLabels": {"type": of}},
            "merge": {"helm": {"values": over}},
        })
    };
    let patches: Vec<Value> = patches.iter().enumerate().map(patch).collect();
    let fleet = json!({
        "apiVersion": "kubectl-fleet.io/v1alpha1",
        "kind": "Fleet",
        "clusters": [{"list": "list.yaml", "value": "type", "labels": {"type": "${type}"}}],
        "templates": [{"file": "cluster.yaml"}],
        "addons": [{
            "name": "x",
            "selector": "all",
            "helm": {
                "repo": "https://example.org/charts",
                "chart": "x",
                "version": "1.0.0",
                "namespace": "x",
                "values": base,
            },
            "patches": patches,
        }],
        "deliver": "sveltos",
    });
    let list: Map<String, Value> = members
        .iter()
        .map(|(name, of)| (name.clone(), json!(of)))
        .collect();
    FleetFiles::new([
        ("fleet.yaml", yaml(&fleet)),
        ("list.yaml", yaml(&Value::Object(list))),
        ("cluster.yaml", CLUSTER.to_owned()),
    ])
}

fn compiled(fleet: &FleetFiles) -> Printed {
    let compiled = fleet.compile();
    compiled.unwrap_or_else(|refused| panic!("{}", refused.text))
}

const TYPES: [&str; 3] = ["red", "green", "blue"];

fn members() -> impl Strategy<Value = BTreeMap<String, String>> {
    let of = proptest::sample::select(TYPES.to_vec()).prop_map(ToOwned::to_owned);
    proptest::collection::btree_map("m[0-9]{1,2}", of, 1..6)
}

fn patches() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    let of = proptest::sample::select(TYPES.to_vec());
    proptest::collection::vec((of, values()), 0..5)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn matching_patches_are_applied_to_each_cluster_in_order(
        members in members(),
        base in values(),
        patches in patches(),
    ) {
        let objects = compiled(&fleet(&members, &base, &patches)).objects();
        for (name, of) in &members {
            let mut expected = base.clone();
            for (matched, over) in &patches {
                if matched == of {
                    merge(&mut expected, over);
                }
            }
            prop_assert_eq!(delivered(&objects, name), expected, "{}", name);
        }
    }

    #[test]
    fn new_cluster_changes_no_other_cluster(
        members in members(),
        base in values(),
        patches in patches(),
        of in proptest::sample::select(TYPES.to_vec()),
    ) {
        let before = compiled(&fleet(&members, &base, &patches)).objects();
        let mut more = members.clone();
        more.insert("new".to_owned(), of.to_owned());
        let after = compiled(&fleet(&more, &base, &patches)).objects();
        let after: BTreeSet<String> = after.iter().map(ToString::to_string).collect();
        for object in before {
            prop_assert!(after.contains(&object.to_string()), "{}", object);
        }
    }
}

#[test]
fn changed_type_changes_only_the_labels_of_its_user() {
    // With a third user, the previous variant of the second user remains in use.
    let user = |of: &str| format!("user2: {of}\n  user3: staging");
    let change =
        |of: &str| FleetFiles::cases()["s1"].map(|text| text.replace("user2: staging", &user(of)));
    let [before, after] = ["staging", "production"].map(|of| compiled(&change(of)).yaml);
    assert_eq!(before.lines().count(), after.lines().count());
    let lines = before.lines().zip(after.lines());
    let diff: Vec<String> = lines
        .filter(|(before, after)| before != after)
        .flat_map(|(before, after)| [format!("-{before}"), format!("+{after}")])
        .collect();
    assert_eq!(
        diff,
        [
            "-    kubectl-fleet.io/kyverno: base",
            "+    kubectl-fleet.io/kyverno: production",
            "-    type: staging",
            "+    type: production",
        ]
    );
}

//! Names of fleets: two fleets on one management cluster share nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fleet::{FleetFiles, identity};

const LABEL: &str = "kubectl-fleet.io/fleet";

/// Returns the objects of a fleet with a name, by identity. Returns `None` if the fleet cannot have this name.
fn objects(files: &FleetFiles, name: &str) -> Option<Vec<Value>> {
    // Delivery methods of a fleet have their own selectors.
    if files.0.keys().any(|path| path.starts_with("deliveries/")) {
        return None;
    }
    let mut named = files.clone();
    let fleet = named.0.get_mut("fleet.yaml")?;
    let text = String::from_utf8(fleet.clone()).ok()?;
    if text.contains("\nmetadata:") || !text.contains("\nkind: Fleet\n") {
        return None;
    }
    let kind = format!("\nkind: Fleet\nmetadata: {{name: {name}}}\n");
    *fleet = text.replacen("\nkind: Fleet\n", &kind, 1).into_bytes();
    let printed = named.try_compile().ok()?;
    let parse = |line: &str| serde_json::from_str(line).expect("JSON");
    Some(printed.json.lines().map(parse).collect())
}

fn label(object: &Value) -> Option<&str> {
    object["metadata"]["labels"][LABEL].as_str()
}

/// Returns `true` if the object is of a kind that only delivery methods create in the cases.
fn is_delivered(object: &Value) -> bool {
    const GROUPS: [&str; 7] = [
        "addons.cluster.x-k8s.io/",
        "argoproj.io/",
        "config.projectsveltos.io/",
        "helm.toolkit.fluxcd.io/",
        "k0rdent.mirantis.com/",
        "kustomize.toolkit.fluxcd.io/",
        "source.toolkit.fluxcd.io/",
    ];
    let version = object["apiVersion"].as_str().unwrap_or_default();
    GROUPS.iter().any(|group| version.starts_with(group))
        || object["metadata"]["namespace"] == "projectsveltos"
}

/// Collects the selectors of an object that select clusters or their Secrets.
fn selectors<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let is_selector = key == "clusterSelector" || key == "selector";
                if is_selector && value.is_object() {
                    found.push(value);
                }
                selectors(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| selectors(item, found)),
        _ => {}
    }
}

#[test]
fn fleets_with_names_share_nothing() {
    let (mut fleets, mut selected) = (0, 0);
    for (case, files) in FleetFiles::cases() {
        let [Some(one), Some(other)] = ["one", "other"].map(|name| objects(&files, name)) else {
            continue;
        };
        let ids = |objects: &[Value]| -> BTreeSet<_> {
            let own = objects.iter().filter(|object| label(object).is_some());
            let own = own.filter(|object| is_delivered(object));
            own.map(identity).collect()
        };
        let (ours, theirs) = (ids(&one), ids(&other));
        let shared: Vec<_> = ours.intersection(&theirs).collect();
        assert!(shared.is_empty(), "{case}: {shared:?}");
        fleets += usize::from(!ours.is_empty());
        for object in &one {
            let is_cluster = object["kind"] == "Cluster" && object["spec"].is_object();
            let is_capi = |version: &Value| {
                version
                    .as_str()
                    .is_some_and(|version| version.starts_with("cluster.x-k8s.io/"))
            };
            if is_cluster && is_capi(&object["apiVersion"]) {
                assert_eq!(label(object), Some("one"), "{case}: {object}");
            }
            // What users wrote themselves has no label of the fleet.
            if label(object) != Some("one") || !is_delivered(object) {
                continue;
            }
            let mut found = Vec::new();
            selectors(&object["spec"], &mut found);
            for selector in found {
                assert_eq!(selector["matchLabels"][LABEL], "one", "{case}: {object}");
                selected += 1;
            }
        }
    }
    assert!(
        fleets > 20 && selected > 20,
        "{fleets} fleets, {selected} selectors"
    );
}

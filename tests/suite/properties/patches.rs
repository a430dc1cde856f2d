//! Patches of a template have the effect of the library `json-patch` on the generated objects.

use kubectl_fleet::diagnostic::Exit;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::cases;
use super::layers::{CLUSTERS, Change, Step, apply, layers, trees};
use super::variables::yaml;
use crate::fleet::{FleetFiles, Rejected};

/// Returns a fleet of [`CLUSTERS`] clusters with two objects each, and these patches for those of kind `T`.
pub(crate) fn fleet(spec: &Value, changes: &[(Value, [bool; CLUSTERS])]) -> FleetFiles {
    let patch = |(at, (change, clusters)): (usize, &(Value, [bool; CLUSTERS]))| {
        let values: Vec<String> = (0..CLUSTERS)
            .filter(|at| clusters[*at])
            .map(|at| at.to_string())
            .collect();
        let mut patch = json!({
            "name": format!("p{at}"),
            "target": {"kind": "T"},
            "selector": {"matchExpressions": [{"key": "g", "operator": "In", "values": values}]},
        });
        let entries = change.as_object().unwrap().clone();
        patch.as_object_mut().unwrap().extend(entries);
        patch
    };
    let fleet = json!({
        "apiVersion": "kubectl-fleet.io/v1alpha1",
        "kind": "Fleet",
        "clusters": [{"list": "list.yaml", "value": "g", "labels": {"g": "${g}"}}],
        "templates": [{
            "file": "template.yaml",
            "patches": changes.iter().enumerate().map(patch).collect::<Vec<Value>>(),
        }],
    });
    let list = json!({"m0": "0", "m1": "1", "m2": "2"});
    let template = [object("T", spec), object("U", spec)].map(|object| yaml(&object));
    FleetFiles::new([
        ("fleet.yaml", yaml(&fleet)),
        ("list.yaml", yaml(&list)),
        ("template.yaml", template.join("\n---\n")),
    ])
}

/// Returns the objects of each cluster's template, by kind, with these patches for those of kind `T`.
fn patched(
    spec: &Value,
    changes: &[(Value, [bool; CLUSTERS])],
) -> Result<Vec<(Value, Value)>, Rejected> {
    let objects = fleet(spec, changes).compile()?.objects();
    let of = |kind: &str| {
        let objects = objects.clone().into_iter();
        objects
            .filter(|object| object["kind"] == kind)
            .collect::<Vec<Value>>()
    };
    Ok(of("T").into_iter().zip(of("U")).collect())
}

pub(crate) fn object(kind: &str, spec: &Value) -> Value {
    json!({"apiVersion": "example.org/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec})
}

/// Returns `true` if the keys that both values contain are in the same order, at every level.
fn has_order_of(found: &Value, before: &Value) -> bool {
    match (found, before) {
        (Value::Object(found), Value::Object(before)) => {
            let left = found.keys().filter(|key| before.contains_key(*key));
            let were = before.keys().filter(|key| found.contains_key(*key));
            left.eq(were)
                && found
                    .iter()
                    .all(|(key, value)| before.get(key).is_none_or(|old| has_order_of(value, old)))
        }
        _ => true,
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn merge_patch_follows_rfc_7386(before in trees(false), change in trees(true)) {
        let change = json!({"merge": {"spec": change}});
        let mut expected = object("T", &before);
        apply(&mut expected, &change);
        let found = patched(&before, &[(change, [true; CLUSTERS])]);
        for (found, other) in found.unwrap_or_else(|refused| panic!("{}", refused.text)) {
            prop_assert_eq!(found.get("spec"), expected.get("spec"));
            prop_assert!(has_order_of(&found["spec"], &before), "{} {}", found, before);
            prop_assert_eq!(&other["spec"], &before);
        }
    }

    #[test]
    fn patches_are_applied_in_order(before in trees(false), layers in layers()) {
        let mut all = object("T", &before);
        let changes: Vec<(Value, [bool; CLUSTERS])> = layers.iter()
            .map(|(change, clusters)| (change.written(&mut all), *clusters))
            .collect();
        let expected: Option<Vec<Value>> = (0..CLUSTERS).map(|at| {
            let mut object = object("T", &before);
            for (change, _) in changes.iter().filter(|(_, clusters)| clusters[at]) {
                apply(&mut object, change)?;
            }
            Some(object)
        }).collect();
        match (patched(&before, &changes), expected) {
            (Ok(found), Some(expected)) => {
                prop_assert_eq!(found.len(), CLUSTERS);
                for ((found, other), expected) in found.iter().zip(&expected) {
                    prop_assert_eq!(found.get("spec"), expected.get("spec"));
                    prop_assert_eq!(&other["spec"], &before);
                }
            }
            (Err(refused), None) => {
                prop_assert_eq!(refused.exit, Exit::Files);
                prop_assert!(refused.codes.iter().all(|code| *code == "patch-failed"));
            }
            (found, expected) => prop_assert!(false, "{:?} {:?}", found, expected),
        }
    }

    #[test]
    fn removal_keeps_the_order_of_other_keys(
        before in trees(false),
        removed in proptest::collection::vec(any::<Index>(), 1..4),
    ) {
        let mut expected = object("T", &before);
        let steps = removed.into_iter().map(Step::Remove).collect();
        let change = Change::Json(steps).written(&mut expected);
        let mut again = object("T", &before);
        let is_possible = apply(&mut again, &change).is_some();
        if let Ok(found) = patched(&before, &[(change, [true; CLUSTERS])]) {
            prop_assert!(is_possible);
            let found = &found[0].0;
            prop_assert_eq!(found.get("spec"), expected.get("spec"));
            // The generated trees have sorted keys.
            let sorted: Value = sorted(found.get("spec").unwrap_or(&Value::Null));
            prop_assert_eq!(sorted.to_string(), found["spec"].to_string());
        } else {
            prop_assert!(!is_possible);
        }
    }
}

/// Returns the value with the keys of its mappings sorted.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(entries) => {
            let mut entries: Vec<(String, Value)> = entries
                .iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.into_iter().collect()
        }
        _ => value.clone(),
    }
}

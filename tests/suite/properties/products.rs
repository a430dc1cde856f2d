//! Groups, instances and repetitions: values do not change the identities of objects.

use serde_json::{Value, json};

use super::hostile::HOSTILE;
use super::variables::yaml;
use crate::fleet::FleetFiles;

/// Returns a fleet with a string in each field that a member of a list can set.
fn fleet(text: &str) -> FleetFiles {
    let written = json!({
        "apiVersion": "kubectl-fleet.io/v1alpha1",
        "kind": "Fleet",
        "clusters": [{
            "list": "clusters.yaml",
            "variablesFrom": ["shared.yaml"],
            "labels": {"team": "red"},
        }],
        "groups": [{"label": "team", "list": "teams.yaml"}],
        "templates": [
            {"file": "cluster.yaml"},
            {"file": "team.yaml", "forEach": {"label": "team"}, "with": "people"},
            {"file": "each.yaml", "forEach": "fleet"},
            {"file": "app.yaml", "with": "./apps.yaml", "variables": {"made": "x ${text}"}},
        ],
    });
    let record = json!({"text": text, "more": [text]});
    let cluster = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n\
        data: {text: \"${text}\", shared: ${common}}\n";
    let team = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"${GROUP}-${number}\", namespace: teams}\n\
        data: {team: ${own}, text: ${text}, mixed: \"x${text}y\", ${text}: \"k\"}\n";
    let each = "apiVersion: example.org/v1\nkind: Info\nmetadata: {name: all, namespace: all}\n\
        spec:\n- {$each: CLUSTERS, text: \"${text}\", shared: \"${common}\", \
        list: [{$each: more, plain: ${WITH}, text: \"${WITH}\"}]}\n";
    let app = "apiVersion: example.org/v1\nkind: Info\nmetadata: {name: \"app-${number}\"}\n\
        spec: {whole: ${WITH}, text: ${text}, made: \"${made}\"}\n";
    FleetFiles::new([
        ("fleet.yaml", yaml(&written)),
        ("clusters.yaml", yaml(&json!({"a": record, "b": record}))),
        ("shared.yaml", yaml(&json!({"common": text}))),
        (
            "teams.yaml",
            yaml(
                &json!({"red": {"own": text, "people": [{"number": "1", "text": text}, {"number": "2", "text": text}]}}),
            ),
        ),
        (
            "apps.yaml",
            yaml(&json!([{"number": "1", "text": text}, {"number": "2", "text": text}])),
        ),
        ("cluster.yaml", cluster.to_owned()),
        ("team.yaml", team.to_owned()),
        ("each.yaml", each.to_owned()),
        ("app.yaml", app.to_owned()),
    ])
}

fn identities(objects: &[Value]) -> Vec<Value> {
    let identity = |object: &Value| {
        json!([
            object["apiVersion"],
            object["kind"],
            object["metadata"]["namespace"],
            object["metadata"]["name"]
        ])
    };
    objects.iter().map(identity).collect()
}

#[test]
fn hostile_string_remains_one_string_in_groups_and_instances() {
    let plain = fleet("benign").compile().expect("a fleet").objects();
    let mut printed = 0;
    for text in HOSTILE {
        let Ok(hostile) = fleet(text).compile() else {
            continue;
        };
        printed += 1;
        let hostile = hostile.objects();
        assert_eq!(identities(&hostile), identities(&plain), "{text:?}");
        let of_kind = |kind: &str| -> Vec<Value> {
            let of_kind = hostile.iter().filter(|object| object["kind"] == kind);
            of_kind.cloned().collect()
        };
        for object in of_kind("ConfigMap") {
            let name = object["metadata"]["name"].as_str().unwrap();
            if name == "one" {
                assert_eq!(object["data"]["text"], text, "{object}");
            } else {
                assert_eq!(object["data"]["mixed"], format!("x{text}y"), "{object}");
                assert_eq!(object["data"][text], "k", "{object}");
            }
        }
        for object in of_kind("Info") {
            if let Some(items) = object["spec"].as_array() {
                assert_eq!(items.len(), 2);
                assert!(
                    items
                        .iter()
                        .all(|item| item["text"] == text && item["shared"] == text)
                );
                assert!(items.iter().all(|item| item["list"][0]["text"] == text));
            } else {
                assert_eq!(object["spec"]["made"], format!("x {text}"), "{object}");
                assert_eq!(object["spec"]["whole"]["text"], text, "{object}");
            }
        }
    }
    assert!(printed > 20, "{printed} texts were printed");
}

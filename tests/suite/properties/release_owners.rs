//! The objects that own the releases of a cluster: an edit of a member replaces none of them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::addons::CLUSTER;
use super::cases;
use super::variables::yaml;
use crate::fleet::FleetFiles;

const METHODS: [&str; 4] = ["argocd", "caaph", "flux", "sveltos"];
const TIERS: [&str; 3] = ["gold", "tin", "zinc"];
/// The kinds that own releases.
const OWNERS: [&str; 5] = [
    "Application",
    "ApplicationSet",
    "HelmRelease",
    "HelmChartProxy",
    "ClusterProfile",
];

/// A patch of an add-on: its tier, and whether it sets a value, a version or values that are looked up.
type Patch = (&'static str, u8);

fn tier() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(TIERS.to_vec())
}

fn change(kind: u8, method: &str) -> Value {
    match kind {
        0 => json!({"values": {"a": 1}}),
        1 => json!({"version": "2.0.0"}),
        // Flux has no lookups.
        2 if method != "flux" => json!({"runtimeValues": {"b": ".metadata.annotations.b"}}),
        3 if method != "flux" => json!({"runtimeValues": {}}),
        _ => json!({"values": {"c": "${tier}"}}),
    }
}

fn fleet(method: &str, members: &BTreeMap<String, &str>, patches: &[Vec<Patch>]) -> FleetFiles {
    let addon = |(number, patches): (usize, &Vec<Patch>)| {
        let patches = patches.iter().enumerate().map(|(at, (tier, kind))| {
            json!({
                "name": format!("p{at}"),
                "selector": {"matchLabels": {"tier": tier}},
                "merge": {"helm": change(*kind, method)},
            })
        });
        json!({
            "name": format!("x{number}"),
            // The last add-on is not on all clusters.
            "selector": if number == 2 { json!({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["tin"]}]}) } else { json!("all") },
            "helm": {"repo": "https://example.org/charts", "chart": "x", "version": "1.0.0", "namespace": "x"},
            "patches": patches.collect::<Vec<_>>(),
        })
    };
    let fleet = json!({
        "apiVersion": "kubectl-fleet.io/v1alpha1",
        "kind": "Fleet",
        "clusters": [{"list": "list.yaml", "value": "tier", "labels": {"tier": "${tier}"}}],
        "templates": [{"file": "cluster.yaml"}],
        "addons": patches.iter().enumerate().map(addon).collect::<Vec<_>>(),
        "deliver": method,
        "source": {"name": "fleet", "namespace": "flux-system", "repoURL": "https://example.org/fleet.git"},
    });
    let list: Map<String, Value> = members
        .iter()
        .map(|(name, tier)| (name.clone(), json!(tier)))
        .collect();
    FleetFiles::new([
        ("fleet.yaml", yaml(&fleet)),
        ("list.yaml", yaml(&Value::Object(list))),
        ("cluster.yaml", CLUSTER.to_owned()),
    ])
}

/// Returns the owners of releases: group, kind, namespace and name.
fn owners(fleet: &FleetFiles) -> BTreeSet<[String; 4]> {
    let compiled = fleet.compile();
    let compiled = compiled.unwrap_or_else(|refused| panic!("{}", refused.text));
    let objects = compiled.objects().into_iter();
    let owners = objects.filter(|object| OWNERS.iter().any(|kind| object["kind"] == **kind));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let owner = |object: Value| {
        let group = text(&object["apiVersion"]);
        let group = group.split('/').next().unwrap_or_default().to_owned();
        let metadata = &object["metadata"];
        [
            group,
            text(&object["kind"]),
            text(&metadata["namespace"]),
            text(&metadata["name"]),
        ]
    };
    owners.map(owner).collect()
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn changed_member_keeps_the_owners_of_its_releases(
        members in proptest::collection::btree_map("m[0-9]{1,2}", tier(), 1..5),
        patches in proptest::collection::vec(proptest::collection::vec((tier(), 0_u8..5), 0..4), 3),
        changed in any::<proptest::sample::Index>(),
        new in tier(),
    ) {
        for method in METHODS {
            let before = owners(&fleet(method, &members, &patches));
            let mut edited = members.clone();
            let name = (*changed.get(&members.keys().collect::<Vec<_>>())).clone();
            let old = edited.insert(name.clone(), new);
            let after = owners(&fleet(method, &edited, &patches));
            // Only the last add-on can leave the cluster, or come to it.
            let is_moved = |owner: &&[String; 4]| owner[3] == format!("x2.{name}");
            let stay = |owners: &BTreeSet<[String; 4]>| -> BTreeSet<[String; 4]> {
                let is_selected = old != Some("tin") && new != "tin";
                owners.iter().filter(|owner| is_selected || !is_moved(owner)).cloned().collect()
            };
            prop_assert_eq!(stay(&before), stay(&after), "{}", method);
        }
    }
}

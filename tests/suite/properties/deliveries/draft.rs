//! Fleets with several lists, shared variables, layers, patches and manifests.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::super::addons::CLUSTER;
use super::super::variables::yaml;
use crate::fleet::FleetFiles;

/// Values of fields. Some are equal if they are joined with dots.
const REGIONS: [&str; 4] = ["eu", "us", "a", "a.b"];
const TIERS: [&str; 3] = ["gold", "c", "b.c"];
/// Names of clusters, two of which are values, too.
const NAMES: [&str; 6] = ["eu", "m1", "gold", "m2", "m3", "m4"];

/// Paths of `variablesFrom`; the last has other files for each list.
const SHARED: [&str; 5] = [
    "all.yaml",
    "region/${region}.yaml",
    "tier/${tier}.yaml",
    "${stage}/${region}.yaml",
    "list/${region}.yaml",
];

/// Paths of `layers`.
const LAYERS: [&str; 5] = [
    "${region}.yaml",
    "${ADDON}.yaml",
    "${tier}/${ADDON}.yaml",
    "${region}.${tier}.yaml",
    "${kind:=${ADDON}}.yaml",
];

/// An entry of `clusters`: the fields of its members, and its files.
#[derive(Clone, Debug)]
struct List {
    members: Vec<(&'static str, &'static str)>,
    is_closed: bool,
    has_default: bool,
    stage: &'static str,
    shared: BTreeSet<usize>,
}

/// A fleet, regardless of its delivery method.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    lists: Vec<List>,
    /// The contents of the files of `variablesFrom`, in turn.
    files: Vec<Value>,
    /// The paths of layers in fleet.yaml and in an included file, and the contents of the existing files, in
    /// turn.
    layers: [BTreeSet<usize>; 2],
    layer_files: Vec<Option<Value>>,
    version: &'static str,
    values: Value,
    patches: Vec<(&'static str, Value)>,
    manifests: &'static str,
    patched_manifests: Option<&'static str>,
    needs: BTreeSet<&'static str>,
}

fn list() -> impl Strategy<Value = List> {
    let members = proptest::collection::vec((select(&REGIONS[..]), select(&TIERS[..])), 1..3);
    let shared = proptest::collection::btree_set(0..SHARED.len(), 0..4);
    let parts = (
        members,
        proptest::bool::weighted(0.8),
        any::<bool>(),
        select(vec!["blue", "green"]),
        shared,
    );
    parts.prop_map(|(members, is_closed, has_default, stage, shared)| List {
        members,
        is_closed,
        has_default,
        stage,
        shared,
    })
}

/// Variables of a file. Some files set the variable that selects them.
fn file() -> impl Strategy<Value = Value> {
    let number = || proptest::option::of(0..3_u8);
    let region = proptest::option::weighted(0.1, select(&REGIONS[..]));
    (number(), number(), number(), region).prop_map(|(n, a, b, region)| {
        let mut file = json!({"m": {"a": a, "b": b}});
        if let Some(n) = n {
            file["n"] = json!(n);
        }
        if let Some(region) = region {
            file["region"] = json!(region);
        }
        file
    })
}

/// Values of a chart that contain no variable, variables of files, or variables of the cluster.
fn values() -> impl Strategy<Value = Value> {
    let value = prop_oneof![
        3 => select(vec!["one", "two"]),
        4 => select(vec!["${n:=none}", "${m.a:=none}", "${m.b:=none}", "${ADDON}"]),
        1 => select(vec!["${region:=none}", "${CLUSTER_NAME}"]),
    ];
    let keys = select(vec!["a", "b", "c"]);
    proptest::collection::btree_map(keys, value, 0..3).prop_map(|values| json!(values))
}

pub(super) fn draft() -> impl Strategy<Value = Draft> {
    let layers = || proptest::collection::btree_set(0..LAYERS.len(), 0..3);
    let patch = prop_oneof![
        2 => values().prop_map(|values| json!({"values": values})),
        1 => Just(json!({"version": "2.0.${n:=0}"})),
        1 => Just(json!({"repo": "https://mirror.example.org/charts"})),
    ];
    let manifests = || {
        select(vec![
            "files/*.yaml",
            "files/${region}/*.yaml",
            "files/${region}.${tier}.yaml",
            "files/${CLUSTER_NAME}.yaml",
        ])
    };
    let add_ons = (
        select(vec!["1.0.0", "1.0.${n:=9}", "1.0.${m.a:=9}"]),
        values(),
        proptest::collection::vec((select(&TIERS[..]), patch), 0..3),
        manifests(),
        proptest::option::weighted(0.3, manifests()),
        proptest::collection::btree_set(select(vec!["files", "own"]), 0..3),
    );
    let lists = proptest::collection::vec(list(), 1..4);
    let files = proptest::collection::vec(file(), 1..8);
    let layer_files = proptest::collection::vec(proptest::option::of(values()), 1..8);
    let drafts = (lists, files, [layers(), layers()], layer_files, add_ons);
    drafts.prop_map(|(lists, files, layers, layer_files, add_ons)| {
        let (version, values, patches, manifests, patched_manifests, needs) = add_ons;
        Draft {
            lists,
            files,
            layers,
            layer_files,
            version,
            values,
            patches,
            manifests,
            patched_manifests,
            needs,
        }
    })
}

/// Returns a path with each value of each variable in it.
fn filled(path: &str) -> Vec<String> {
    let variables: [(&str, &[&str]); 6] = [
        ("${region}", &REGIONS),
        ("${tier}", &TIERS),
        ("${stage}", &["blue", "green"]),
        ("${ADDON}", &["x"]),
        ("${kind:=x}", &["x"]),
        ("${CLUSTER_NAME}", &NAMES),
    ];
    let paths = vec![path.to_owned()];
    variables.iter().fold(paths, |paths, (variable, values)| {
        let all = paths.iter().flat_map(|path| {
            let path = path.clone();
            values
                .iter()
                .map(move |value| path.replace(variable, value))
        });
        let all: BTreeSet<String> = all.collect();
        all.into_iter().collect()
    })
}

impl Draft {
    /// Returns the files of the fleet.
    pub(super) fn fleet(&self, deliver: &str) -> FleetFiles {
        let mut files: Vec<(String, Value)> = Vec::new();
        let mut names = NAMES.iter();
        let mut clusters = Vec::new();
        for (number, list) in self.lists.iter().enumerate() {
            let member = |(region, tier): &(&str, &str)| {
                let mut fields = json!({"region": region, "tier": tier});
                if list.has_default && list.is_closed && *region == "eu" {
                    fields.as_object_mut()?.remove("region");
                }
                Some(((*names.next()?).to_owned(), fields))
            };
            let members: Map<String, Value> = list.members.iter().filter_map(member).collect();
            if members.is_empty() {
                continue;
            }
            let of_list = |path: &str| path.replace("list/", &format!("list{number}/"));
            let shared = list.shared.iter().map(|at| of_list(SHARED[*at]));
            let mut entry = json!({
                "list": format!("list{number}.yaml"),
                "variables": {"stage": list.stage},
                "variablesFrom": shared.collect::<Vec<_>>(),
                "labels": {"tier": "${tier}"},
            });
            if list.is_closed {
                let default = if list.has_default {
                    json!({"default": "eu"})
                } else {
                    json!({})
                };
                entry["fields"] = json!({"region": default, "tier": {}});
            }
            clusters.push(entry);
            files.push((format!("list{number}.yaml"), Value::Object(members)));
            let paths = SHARED.iter().flat_map(|path| filled(&of_list(path)));
            for path in paths {
                let contents = &self.files[files.len() % self.files.len()];
                files.push((path, contents.clone()));
            }
        }
        for (dir, layers) in ["layers/", "included/layers/"].iter().zip(&self.layers) {
            let paths = layers.iter().flat_map(|at| filled(LAYERS[*at]));
            for (at, path) in paths.enumerate() {
                if let Some(values) = &self.layer_files[at % self.layer_files.len()] {
                    files.push((format!("{dir}{path}"), values.clone()));
                }
            }
        }
        let paths = [
            "files/common.yaml",
            "files/${region}/f.yaml",
            "files/${region}.${tier}.yaml",
        ];
        let paths = paths.iter().chain(&["files/${CLUSTER_NAME}.yaml"]);
        for path in paths.flat_map(|path| filled(path)) {
            let manifest =
                json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": path}});
            files.push((path, manifest));
        }
        let layers = |at: usize| {
            let paths = self.layers[at]
                .iter()
                .map(|at| format!("layers/{}", LAYERS[*at]));
            paths.collect::<Vec<_>>()
        };
        let head = json!({"apiVersion": "kubectl-fleet.io/v1alpha1", "kind": "Fleet"});
        let mut included = head.clone();
        included["layers"] = json!(layers(1));
        files.push(("included/fleet.yaml".to_owned(), included));
        let mut fleet = head;
        fleet["include"] = json!(["included/fleet.yaml"]);
        fleet["clusters"] = json!(clusters);
        fleet["templates"] = json!([{"file": "cluster.yaml"}]);
        fleet["layers"] = json!(layers(0));
        fleet["deliver"] = json!(deliver);
        fleet["addons"] = self.addons();
        files.push(("fleet.yaml".to_owned(), fleet));
        let mut all = FleetFiles::new([("cluster.yaml", CLUSTER.to_owned())]);
        let files = files.into_iter();
        all.0
            .extend(files.map(|(path, contents)| (path, yaml(&contents).into_bytes())));
        all
    }

    /// Returns the `addons` of the fleet.
    fn addons(&self) -> Value {
        let patches = self
            .patches
            .iter()
            .enumerate()
            .map(|(number, (tier, change))| {
                json!({
                    "name": format!("p{number}"),
                    "selector": {"matchLabels": {"tier": tier}},
                    "merge": {"helm": change},
                })
            });
        let patch = |path: &&str| json!({"name": "p", "selector": {"matchLabels": {"tier": "gold"}}, "merge": {"manifests": path}});
        let chart = |name: &str| json!({"repo": "https://example.org/charts", "chart": name, "version": "1.0.0", "namespace": name});
        let mut x = chart("x");
        x["version"] = json!(self.version);
        x["values"] = self.values.clone();
        json!([
            {
                "name": "x",
                "selector": "all",
                "dependsOn": self.needs,
                "helm": x,
                "patches": patches.collect::<Vec<_>>(),
            },
            {
                "name": "files",
                "selector": "all",
                "onRemove": "leave",
                "manifests": self.manifests,
                "patches": self.patched_manifests.iter().map(patch).collect::<Vec<_>>(),
            },
            {"name": "own", "selector": "all", "deliver": "caaph", "helm": chart("own")},
        ])
    }
}

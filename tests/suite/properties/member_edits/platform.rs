//! Generated files of the platform: `fleet.yaml`, templates, add-ons and shared files.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::choices::Choices;
use super::members::List;
use super::templates;

/// The files of a fleet, without its lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Platform {
    pub(crate) files: BTreeMap<String, String>,
    /// Whether clusters can be spokes.
    pub(crate) has_spokes: bool,
}

/// Parts of the names of clusters.
const NAMES: [&str; 4] = ["${name}", "c-${name}", "${name}-${x}", "${cell}-${name}"];
/// Namespaces of clusters.
const NAMESPACES: [&str; 8] = [
    "${CLUSTER_NAME}",
    "all",
    "n-${CLUSTER_NAME}",
    "fleet",
    "${name}",
    "n-${cell}-${CLUSTER_NAME}",
    "all",
    "n-${x}",
];
const SELECTORS: [&str; 5] = ["all", "gold", "not tin", "grade", "eu"];
const METHODS: [&str; 4] = ["sveltos", "argocd", "flux", "caaph"];
const LAYERS: [&str; 4] = [
    "values/${ADDON}.yaml",
    "values/${tier}/${ADDON}.yaml",
    "values/${x}.yaml",
    "values/clusters/${CLUSTER_NAME}.yaml",
];

impl Platform {
    /// Generates the platform for some lists.
    pub(crate) fn generate(choices: &mut Choices<'_>, lists: &[List]) -> Self {
        let mut platform = Self::default();
        let mut fleet = Map::new();
        let mut set = |key: &str, value: Value| fleet.insert(key.to_owned(), value);
        set("apiVersion", json!("kubectl-fleet.io/v1alpha1"));
        set("kind", json!("Fleet"));
        if choices.is_one_of(3) {
            set("metadata", json!({"name": "edge"}));
        }
        let shared = choices.is();
        if shared {
            for tier in ["gold", "tin", "zinc"] {
                let text = format!("version: 1.0.{}\nring: {tier}\n", tier.len());
                platform.files.insert(format!("shared/{tier}.yaml"), text);
            }
        }
        let has_merged_labels = choices.is_one_of(3);
        let clusters = lists.iter().enumerate();
        let clusters =
            clusters.map(|(number, list)| entry(choices, list, number, shared, has_merged_labels));
        set("clusters", clusters.collect());
        let has_cells = choices.is_one_of(3);
        if has_cells {
            set("cells", json!({"label": "cell"}));
        }
        if choices.is() {
            set(
                "groups",
                json!([{"label": "team", "list": "teams/*.yaml", "variables": {"repoURL": "https://git.example.org/${GROUP}"}}]),
            );
            for (number, team) in ["red", "blue", "green"].iter().enumerate() {
                let people: Vec<&str> = ["ann", "bob", "eve"][..=number].to_vec();
                let text = json!({"people": people}).to_string();
                platform.files.insert(format!("teams/{team}.yaml"), text);
            }
        } else {
            set("groups", json!([{"label": "team", "list": "teams.yaml"}]));
            let text = "red: {people: [ann]}\nblue: {people: []}\ngreen: {people: [ann, bob]}\n";
            platform
                .files
                .insert("teams.yaml".to_owned(), text.to_owned());
        }
        let templates = templates::generate(choices, &mut platform);
        set("templates", templates);
        let addons = addons(choices, &mut platform);
        if !addons.is_empty() {
            set("addons", json!(addons));
        }
        set("deliver", json!(choices.pick(&METHODS)));
        set(
            "source",
            json!({"name": "fleet", "namespace": "flux-system", "repoURL": "https://git.example.org/fleet.git"}),
        );
        set("layers", layers(choices, &mut platform));
        let deletion = choices.pick(&["confirm", "forbid", "allow"]);
        set(
            "safety",
            json!({"allowEmpty": true, "deletion": deletion, "protect": ["ConfigMap"]}),
        );
        if choices.is_one_of(4) {
            platform.profile();
            set("profiles", json!(["profiles/*.yaml"]));
        }
        if choices.is_one_of(16) {
            let lock = lists.iter().flat_map(|list| list.members.keys());
            let cell = if has_cells { " eu" } else { "" };
            let name = lock.min().map_or("a", String::as_str);
            let lock = format!("{name}/{name}{cell}\n");
            platform.files.insert("fleet.lock".to_owned(), lock);
        }
        // A merge key and its variable are not quoted.
        let fleet = Value::Object(fleet).to_string();
        let fleet = fleet.replace("\"<<\":\"${tags}\"", "<<: ${tags}");
        platform.files.insert("fleet.yaml".to_owned(), fleet);
        platform
    }

    fn profile(&mut self) {
        let profile = json!({
            "apiVersion": "config.projectsveltos.io/v1beta1",
            "kind": "ClusterProfile",
            "metadata": {"name": "own"},
            "spec": {"clusterSelector": {"matchLabels": {"tier": "gold"}}},
        });
        self.files
            .insert("profiles/own.yaml".to_owned(), profile.to_string());
    }
}

/// Returns an entry of `clusters`.
fn entry(
    choices: &mut Choices<'_>,
    list: &List,
    number: usize,
    shared: bool,
    merged: bool,
) -> Value {
    let mut entry = json!({
        "list": list.pattern(),
        "variables": {
            "secretManagerSecretName": "fleet/${CLUSTER_NAME}",
            "alias": "c-${CLUSTER_NAME}",
            "home": "h-${cell:=eu}",
            "joined": "${x}-${tier:=none}",
        },
        "labels": {
            "tier": "${tier}",
            "cell": "${cell}",
            "team": "${team}",
            "remote": "${remote}",
        },
    });
    if shared {
        entry["variablesFrom"] = json!(["shared/${tier}.yaml"]);
    } else {
        entry["variables"]["version"] = json!("1.2.3");
    }
    if merged {
        entry["labels"]["<<"] = json!("${tags}");
    }
    if choices.is() {
        // Without `fields`, members set any names, and each label must be set.
        entry["labels"]["grade"] = json!("${size}");
        let text = json!({"type": "string"});
        entry["fields"] = json!({
            "tier": {"enum": ["gold", "tin", "zinc"]}, "cell": {"enum": ["eu", "us"], "default": "eu"},
            "team": {"type": "string", "default": "red"}, "x": text, "text": {"type": "string", "default": ""},
            "remote": {"type": "string", "default": "no"}, "cidr": {"type": "string", "disjoint": choices.is(), "default": "10.9.0.0/16"},
            "pools": {"type": "array", "default": []}, "parts": {"type": "array", "default": []},
            "tags": {"type": "object", "default": {}}, "size": {"type": "integer", "default": null},
        });
    }
    let name = choices.pick(&NAMES);
    if number > 0 && choices.below(4) > 0 {
        entry["name"] = json!(format!("{name}-{number}"));
    } else {
        entry["name"] = json!(name);
    }
    entry["namespace"] = json!(choices.pick(&NAMESPACES));
    entry
}

/// Returns a selector by its name.
pub(crate) fn selector(choices: &mut Choices<'_>) -> Value {
    match choices.pick(&SELECTORS) {
        "gold" => json!({"matchLabels": {"tier": "gold"}}),
        "not tin" => {
            json!({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["tin"]}]})
        }
        "grade" => json!({"matchExpressions": [{"key": "grade", "operator": "Exists"}]}),
        "eu" => json!({"matchLabels": {"cell": "eu", "remote": "no"}}),
        _ => json!("all"),
    }
}

fn addons(choices: &mut Choices<'_>, platform: &mut Platform) -> Vec<Value> {
    let mut addons = Vec::new();
    for number in 0..choices.below(4) {
        let mut addon = json!({"name": format!("x{number}"), "selector": selector(choices)});
        if choices.is_one_of(4) {
            addon["manifests"] =
                json!(choices.pick(&["manifests/*.yaml", "manifests/${tier}/*.yaml"]));
            for dir in ["", "gold/", "tin/", "zinc/"] {
                let path = format!("manifests/{dir}rules.yaml");
                let rules = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rules, namespace: default}\n";
                platform.files.insert(path, rules.to_owned());
            }
        } else {
            let version = choices.pick(&["1.0.0", "${version}"]);
            let namespace = choices.pick(&["x", "x", "y", "x", "x", "${tier}", "${CLUSTER_NAME}"]);
            let value = choices.pick(&["v", "${tier}", "${x}", "${text}", "${CLUSTER_NAME}"]);
            addon["helm"] = json!({
                "repo": "https://example.org/charts", "chart": "x", "version": version, "namespace": namespace,
                "values": {"a": value},
            });
            if choices.is_one_of(5) {
                addon["helm"]["release"] = json!(choices.pick(&["r", "r-${tier}", "${x}"]));
            }
        }
        if choices.is_one_of(3) {
            addon["deliver"] = json!(choices.pick(&METHODS));
        }
        if choices.is_one_of(4) {
            addon["onRemove"] = json!("leave");
        }
        if choices.is_one_of(6) {
            addon["from"] = json!("hub");
            addon["deliver"] = json!("argocd");
        }
        if number > 0 && choices.is_one_of(8) {
            addon["dependsOn"] = json!(["x0"]);
        }
        let patches = (0..choices.below(3)).map(|at| {
            let change = choices.pick(&["values", "version", "lookup"]);
            let change = match change {
                "version" => json!({"version": "2.0.0"}),
                "lookup" => json!({"runtimeValues": {"b": ".metadata.annotations.b"}}),
                _ => json!({"values": {"b": "${x}"}}),
            };
            json!({"name": format!("p{at}"), "selector": selector(choices), "merge": {"helm": change}})
        });
        let patches: Vec<Value> = patches.collect();
        if addon.get("helm").is_some() && !patches.is_empty() {
            addon["patches"] = json!(patches);
        }
        addons.push(addon);
    }
    addons
}

/// Returns `layers`, and adds their files.
fn layers(choices: &mut Choices<'_>, platform: &mut Platform) -> Value {
    let mut layers = Vec::new();
    for layer in LAYERS {
        if choices.is_one_of(4) {
            layers.push(layer);
        }
    }
    for path in ["x0", "gold/x0", "tin/x1", "a", "clusters/a"] {
        let text = format!("layer: {path}\n");
        platform.files.insert(format!("values/{path}.yaml"), text);
    }
    json!(layers)
}

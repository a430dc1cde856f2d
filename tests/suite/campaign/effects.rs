//! What a fleet does to live objects and clusters, read from its output alone.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kubectl_fleet::compile;
use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::files::{Files, Memory};
use kubectl_fleet::request::CompileOptions;
use kubectl_fleet::yaml::print::Format;
use serde_json::Value;

use super::FleetFiles;

/// The spokes of the fleet, whose own outputs are compared, too.
const SPOKES: [&str; 1] = ["pluto"];
/// The kind whose names end with a hash, which changes with the content.
const ROTATED: &str = "DockerMachineTemplate";
/// The minimum length of a hash.
const HASH: usize = 8;
/// The kinds that configure add-ons and install nothing: values, and chart repositories.
const DETAILS: [(&str, &str); 2] = [("ConfigMap", "projectsveltos"), ("HelmRepository", "")];
/// The keys with the name and the namespace of a release.
const RELEASE: [&str; 4] = [
    "releaseName",
    "releaseNamespace",
    "targetNamespace",
    "destination",
];

/// The effects of a fleet.
pub(super) struct Effects {
    /// Objects, and pairs of an object and a cluster that it selects.
    pub(super) items: BTreeSet<String>,
    /// The codes of warnings.
    pub(super) warnings: Vec<&'static str>,
}

impl Effects {
    /// Returns the effects of a fleet, or the codes of its errors.
    pub(super) fn of(fleet: &FleetFiles) -> Result<Self, Vec<&'static str>> {
        let mut effects = Self {
            items: BTreeSet::new(),
            warnings: Vec::new(),
        };
        effects.add(fleet, None)?;
        for spoke in SPOKES {
            // The hub of an edited fleet can have no such spoke; then, everything of it is missing.
            _ = effects.add(fleet, Some(spoke));
        }
        Ok(effects)
    }

    fn add(&mut self, fleet: &FleetFiles, spoke: Option<&str>) -> Result<(), Vec<&'static str>> {
        let add =
            |memory: Memory, (path, text): (&String, &String)| memory.file(path, text.as_bytes());
        let memory = fleet.iter().fold(Memory::default(), add);
        let mut files = Files::new(Rc::new(memory));
        let mut diags = Diagnostics::default();
        let options = CompileOptions {
            spoke: spoke.map(ToOwned::to_owned),
            ..CompileOptions::from(Format::Json)
        };
        let output = compile(&mut files, options, &mut diags);
        let found = diags.into_sorted();
        let codes = found.iter().map(|diagnostic| diagnostic.code.name());
        let Ok(output) = output else {
            let errors = found.iter().filter(|diagnostic| diagnostic.is_error());
            return Err(errors.map(|diagnostic| diagnostic.code.name()).collect());
        };
        self.warnings.extend(codes);
        let mut bytes = Vec::new();
        output.write(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let read = |line| serde_json::from_str(line).expect("an object");
        let objects: Vec<Value> = text.lines().map(read).collect();
        let applier = spoke.map_or(String::new(), |spoke| format!("{spoke} applies "));
        for object in objects.iter().filter(|object| !is_detail(object)) {
            self.items.insert(format!("{applier}{}", identity(object)));
        }
        let is_cluster = |object: &&Value| object["kind"] == "Cluster";
        for cluster in objects.iter().filter(is_cluster) {
            for object in objects.iter().filter(|object| selects(object, cluster)) {
                let mut parts = vec![String::new()];
                // Objects of `profiles` are copied: an edit of their releases is one of the object itself.
                if identity(object).contains("/shop.") {
                    add_releases(&object["spec"], &mut parts);
                }
                for part in parts {
                    let item = [identity(object), part, identity(cluster)].join(" for ");
                    self.items.insert(format!("{applier}{item}"));
                }
            }
        }
        // Objects that clusters share are counted for each cluster above.
        for object in objects
            .iter()
            .filter(|object| object["kind"] != "ClusterProfile")
        {
            let mut parts = Vec::new();
            add_releases(&object["spec"], &mut parts);
            let items = parts
                .iter()
                .map(|part| format!("{applier}{part} for {}", identity(object)));
            self.items.extend(items);
        }
        Ok(())
    }
}

/// Returns the kind, group, namespace and name.
fn identity(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let version = text(&object["apiVersion"]);
    let group = version.rsplit_once('/').map_or("", |(group, _)| group);
    let [kind, namespace, name] = [
        &object["kind"],
        &object["metadata"]["namespace"],
        &object["metadata"]["name"],
    ]
    .map(text);
    let name = match name.rsplit_once('-') {
        Some((written, hash)) if kind == ROTATED && hash.len() >= HASH => written,
        _ => &name,
    };
    format!("{kind}.{group}/{namespace}/{name}")
}

/// Returns `true` if an object configures an add-on and installs nothing.
fn is_detail(object: &Value) -> bool {
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
    let is =
        |(kind, of): &(&str, &str)| object["kind"] == *kind && (of.is_empty() || *of == namespace);
    DETAILS.iter().any(is)
}

/// Adds the names and namespaces of the releases that an object installs.
fn add_releases(value: &Value, found: &mut Vec<String>) {
    let entries = value.as_object().into_iter().flatten();
    for (key, value) in entries {
        if RELEASE.contains(&key.as_str()) {
            found.push(format!("{key} {value}"));
        }
        add_releases(value, found);
    }
    for item in value.as_array().into_iter().flatten() {
        add_releases(item, found);
    }
}

/// Returns `true` if an object of Sveltos or CAAPH installs something on a cluster.
fn selects(object: &Value, cluster: &Value) -> bool {
    let selector = &object["spec"]["clusterSelector"];
    let labels: BTreeMap<&str, &str> = cluster["metadata"]["labels"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
        .collect();
    let required = selector["matchLabels"].as_object().into_iter().flatten();
    let mut required =
        required.map(|(key, value)| labels.get(key.as_str()).copied() == value.as_str());
    let expressions = selector["matchExpressions"]
        .as_array()
        .into_iter()
        .flatten();
    let mut expressions = expressions.map(|expression| {
        let value = labels.get(expression["key"].as_str().unwrap_or_default());
        let mut values = expression["values"].as_array().into_iter().flatten();
        let is_among = value.is_some_and(|value| values.any(|one| one.as_str() == Some(value)));
        match expression["operator"].as_str().unwrap_or_default() {
            "In" => is_among,
            "NotIn" => !is_among,
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            other => panic!("operator {other}"),
        }
    });
    let namespace = &object["metadata"]["namespace"];
    let is_near =
        object["kind"] == "ClusterProfile" || *namespace == cluster["metadata"]["namespace"];
    selector.is_object() && is_near && required.all(|is| is) && expressions.all(|is| is)
}

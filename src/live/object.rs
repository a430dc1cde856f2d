//! Objects as an API server returns them, reduced to what identifies and connects them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::model::CAPI;

/// Label that Cluster API sets on the objects of a cluster.
const CLUSTER_NAME: &str = "cluster.x-k8s.io/cluster-name";
/// Label that Cluster API sets on the objects that it creates for `spec.topology` of a Cluster.
const TOPOLOGY_OWNED: &str = "topology.cluster.x-k8s.io/owned";
/// Annotations of the guards that a fleet sets on the objects that remain.
const GUARDS: [&str; 2] = [
    "argocd.argoproj.io/sync-options",
    "kustomize.toolkit.fluxcd.io/prune",
];

/// Group, kind, namespace (empty if cluster-scoped) and name. Versions are irrelevant.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectKey {
    /// The group; empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// The namespace; empty for cluster-scoped objects.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl ObjectKey {
    /// Returns `true` if the object has this group and kind.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }

    /// Returns `true` for objects that run machines of a cluster, whether or not another object refers to them.
    pub fn is_pool(&self) -> bool {
        let kinds = ["MachineDeployment", "MachinePool", "MachineSet", "Machine"];
        kinds.iter().any(|kind| self.is(CAPI, kind))
    }

    /// Returns `true` for a template that Cluster API copies: its contract requires the suffix `Template`.
    pub fn is_template(&self) -> bool {
        self.kind.ends_with("Template")
    }
}

/// A reference to an object in a `spec`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reference {
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    /// `None` if the reference sets neither `apiGroup` nor `apiVersion`.
    pub(super) group: Option<String>,
}

/// A live or printed object.
#[derive(Clone, Debug, Default)]
pub struct LiveObject {
    /// Its identity.
    pub key: ObjectKey,
    pub(super) labels: BTreeMap<String, String>,
    /// Whether it has an annotation of a guard.
    pub(super) is_guarded: bool,
    pub(super) owners: Vec<Owner>,
    pub(super) references: Vec<Reference>,
    /// `spec.clusterName`.
    pub(super) cluster_name: Option<String>,
    pub(super) is_being_deleted: bool,
    /// The `type` of a Secret.
    pub(super) secret_type: Option<String>,
}

/// An ownerReference.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Owner {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    pub(super) name: String,
}

impl Owner {
    /// Returns `true` if the owner has this kind of Cluster API's core group.
    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind == kind && group_of(&self.api_version) == CAPI
    }

    /// Returns `true` if the owner created the object. Cluster API sets a Cluster or a `ClusterClass` as the owner of
    /// objects that others write. Any other owner created the object, or its deletion deletes the object.
    fn is_creator(&self) -> bool {
        !self.is("Cluster") && !self.is("ClusterClass")
    }
}

impl LiveObject {
    /// Returns `true` if a controller creates such an object, so that no fleet does.
    pub(super) fn is_created_by_controller(&self) -> bool {
        let is_core = self.key.group.is_empty();
        self.labels.contains_key(TOPOLOGY_OWNED)
            || self.owners.iter().any(Owner::is_creator)
            // Cluster API owns only those Secrets and ConfigMaps that it creates, without being their controller.
            || is_core && !self.owners.is_empty()
            || self.secret_type.as_deref() == Some("cluster.x-k8s.io/secret")
    }

    /// Returns the names of the Cluster that the object belongs to.
    pub(super) fn cluster_names(&self) -> impl Iterator<Item = &str> {
        let owners = self.owners.iter().filter(|owner| owner.is("Cluster"));
        let label = self.labels.get(CLUSTER_NAME).map(String::as_str);
        let names = label.into_iter().chain(self.cluster_name.as_deref());
        names.chain(owners.map(|owner| owner.name.as_str()))
    }
}

/// An object, or a list of objects, as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
struct Written {
    #[serde(default)]
    api_version: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    metadata: Option<Metadata>,
    #[serde(default)]
    spec: Json,
    #[serde(default, rename = "type")]
    secret_type: Json,
    #[serde(default)]
    items: Option<Vec<Document>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    labels: Option<BTreeMap<String, String>>,
    #[serde(default)]
    annotations: Option<BTreeMap<String, String>>,
    #[serde(default)]
    owner_references: Option<Vec<Owner>>,
    #[serde(default)]
    deletion_timestamp: Option<String>,
}

/// A document of the input. Each item of a list is reduced before the next one is read.
#[derive(Deserialize)]
#[serde(from = "Written")]
pub(super) enum Document {
    /// An object.
    Object(Box<LiveObject>),
    /// A list.
    List(Vec<Self>),
    /// Data without one of the keys that every object has.
    Missing(String),
}

impl From<Written> for Document {
    fn from(written: Written) -> Self {
        let Some(api_version) = written.api_version else {
            return Self::Missing("apiVersion".to_owned());
        };
        let Some(kind) = written.kind else {
            return Self::Missing("kind".to_owned());
        };
        if let (Some(items), true) = (written.items, kind.ends_with("List")) {
            return Self::List(items);
        }
        let Some((metadata, name)) = written.metadata.and_then(|mut metadata| {
            let name = metadata.name.take()?;
            Some((metadata, name))
        }) else {
            return Self::Missing("metadata.name".to_owned());
        };
        let namespace = metadata.namespace.unwrap_or_default();
        let mut references = Vec::new();
        collect_references(&written.spec, &namespace, &mut references);
        let annotations = metadata.annotations.unwrap_or_default();
        let cluster_name = written.spec.get("clusterName").and_then(Json::as_str);
        Self::Object(Box::new(LiveObject {
            cluster_name: cluster_name.map(ToOwned::to_owned),
            secret_type: written.secret_type.as_str().map(ToOwned::to_owned),
            labels: metadata.labels.unwrap_or_default(),
            is_guarded: GUARDS.iter().any(|key| annotations.contains_key(*key)),
            owners: metadata.owner_references.unwrap_or_default(),
            is_being_deleted: metadata.deletion_timestamp.is_some(),
            references,
            key: ObjectKey {
                group: group_of(&api_version).to_owned(),
                kind,
                namespace,
                name,
            },
        }))
    }
}

/// Adds every mapping with `kind` and `name`. The reader of the JSON limits the depth.
fn collect_references(json: &Json, namespace: &str, references: &mut Vec<Reference>) {
    match json {
        Json::Array(items) => {
            for item in items {
                collect_references(item, namespace, references);
            }
        }
        Json::Object(entries) => {
            let string = |key: &str| entries.get(key).and_then(Json::as_str);
            if let (Some(kind), Some(name)) = (string("kind"), string("name")) {
                let version = string("apiVersion").map(group_of);
                references.push(Reference {
                    kind: kind.to_owned(),
                    namespace: string("namespace").unwrap_or(namespace).to_owned(),
                    name: name.to_owned(),
                    group: string("apiGroup").or(version).map(ToOwned::to_owned),
                });
            }
            for value in entries.values() {
                collect_references(value, namespace, references);
            }
        }
        _ => {}
    }
}

/// Returns the group of an `apiVersion`; it is empty for the core group.
fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

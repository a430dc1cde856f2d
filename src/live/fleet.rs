//! The printed objects of a fleet, and the comparison with live ones.

use std::collections::BTreeSet;

use super::leftover::{Leftover, Reason};
use super::object::{LiveObject, ObjectKey, Reference};
use crate::diagnostic::{Code, Diagnostic, escape_control_chars};
use crate::model::CAPI;
use crate::model::cluster::{CLUSTER_LABEL, FLEET_LABEL};

/// The printed objects of a fleet.
#[derive(Debug, Default)]
pub struct Fleet {
    keys: BTreeSet<ObjectKey>,
    references: BTreeSet<Reference>,
    /// The name of the fleet.
    name: Option<String>,
    /// The Clusters that the fleet lists and does not create.
    existing: BTreeSet<ObjectKey>,
}

/// The result of a comparison.
#[derive(Debug, Default)]
pub struct Found {
    /// The leftovers, sorted.
    pub leftovers: Vec<Leftover>,
    /// Number of live objects that belong to clusters of the fleet.
    pub belonging: usize,
    /// Number of templates that might be in use by `MachineSet` objects, which the input lacks.
    pub unchecked: usize,
}

impl Fleet {
    /// Returns the objects of a fleet.
    pub fn new(printed: impl IntoIterator<Item = LiveObject>, name: Option<String>) -> Self {
        let mut fleet = Self {
            name,
            ..Self::default()
        };
        for object in printed {
            fleet.references.extend(object.references);
            fleet.keys.insert(object.key);
        }
        fleet
    }

    /// Adds a Cluster that the fleet lists and does not create.
    pub fn add_existing(&mut self, namespace: &str, name: &str) {
        self.existing
            .insert(cluster_key("Cluster", namespace, name));
    }

    /// Returns `true` if the fleet prints an object.
    pub fn has_objects(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Returns the live objects that the fleet no longer creates, and that no controller created.
    ///
    /// # Errors
    ///
    /// Returns an error if a leftover has a name that is not a Kubernetes name.
    pub fn find_leftovers(&self, live: &[LiveObject]) -> Result<Found, Diagnostic> {
        let referenced: BTreeSet<&Reference> = live
            .iter()
            .flat_map(|object| &object.references)
            .chain(&self.references)
            .collect();
        let is_referenced = |key: &ObjectKey| {
            let reference = |group| Reference {
                kind: key.kind.clone(),
                namespace: key.namespace.clone(),
                name: key.name.clone(),
                group,
            };
            referenced.contains(&reference(Some(key.group.clone())))
                || referenced.contains(&reference(None))
        };
        let has = |kind| live.iter().any(|object| object.key.is(CAPI, kind));
        let prints_deployments = || {
            self.keys
                .iter()
                .any(|key| key.is(CAPI, "MachineDeployment"))
        };
        // A MachineSet refers to the template of a previous rollout until its machines are replaced.
        let lacks_sets = !has("MachineSet") && (has("MachineDeployment") || prints_deployments());
        let mut found = Found::default();
        let mut leftovers = BTreeSet::new();
        for object in live {
            let key = &object.key;
            let is_cluster = key.is(CAPI, "Cluster");
            let Some(cluster) = self.find_cluster(object) else {
                continue;
            };
            found.belonging += 1;
            if self.keys.contains(key)
                || self.existing.contains(key)
                || object.is_being_deleted
                || object.is_created_by_controller()
                || !is_cluster && !key.is_pool() && is_referenced(key)
            {
                continue;
            }
            if key.is_template() && lacks_sets {
                found.unchecked += 1;
                continue;
            }
            let reason = match object.labels.get(FLEET_LABEL) {
                Some(_) if is_cluster => Reason::Cluster,
                None if is_cluster => Reason::UnnamedCluster,
                _ if key.is_pool() => Reason::Pool,
                _ if key.is_template() => Reason::Template,
                _ => Reason::Object,
            };
            leftovers.insert(Leftover {
                reason,
                key: key.clone(),
                cluster: cluster.to_owned(),
                is_certain: object.is_guarded && !is_cluster,
            });
        }
        found.leftovers = leftovers.into_iter().collect();
        let mut values = found.leftovers.iter().filter_map(Leftover::unsafe_value);
        if let Some(value) = values.next() {
            let value = escape_control_chars(value);
            let message = format!("expected a Kubernetes name, found `{value}`");
            let help = "pass the unchanged output of `kubectl get --output json`";
            let error = Diagnostic::without_location(Code::InvalidLiveObjects, message);
            return Err(error.help(help));
        }
        Ok(found)
    }

    /// Returns the name of the cluster of this fleet that a live object belongs to; empty for an object of a
    /// printed `ClusterClass`.
    fn find_cluster<'a>(&self, object: &'a LiveObject) -> Option<&'a str> {
        let key = &object.key;
        let is_printed =
            |kind: &str, name: &str| self.keys.contains(&cluster_key(kind, &key.namespace, name));
        if key.is(CAPI, "Cluster") {
            let is_own = object.labels.contains_key(CLUSTER_LABEL)
                && object.labels.get(FLEET_LABEL) == self.name.as_ref();
            let is_known = self.keys.contains(key) || self.existing.contains(key);
            return (is_own || is_known).then_some(&key.name);
        }
        let cluster = object
            .cluster_names()
            .find(|name| is_printed("Cluster", name));
        cluster.or_else(|| {
            let mut owners = object.owners.iter();
            let is_class = |owner: &&super::object::Owner| {
                owner.is("ClusterClass") && is_printed("ClusterClass", &owner.name)
            };
            owners.find(is_class).map(|_| "")
        })
    }
}

fn cluster_key(kind: &str, namespace: &str, name: &str) -> ObjectKey {
    ObjectKey {
        group: CAPI.to_owned(),
        kind: kind.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    }
}

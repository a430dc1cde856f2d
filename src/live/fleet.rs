//! The printed objects of a fleet, and the comparison with live ones.

use std::collections::BTreeSet;

use super::leftover::{Leftover, Reason};
use super::object::{LiveObject, ObjectKey, Reference};
use crate::diagnostic::{Code, Diagnostic, escape_control_chars};
use crate::model::CAPI;
use crate::model::cluster::CLUSTER_LABEL;

/// Label of Clusters with the name of their fleet.
const FLEET_LABEL: &str = "kubectl-fleet.io/fleet";

/// The printed objects of a fleet.
#[derive(Debug, Default)]
pub struct Fleet {
    keys: BTreeSet<ObjectKey>,
    references: BTreeSet<Reference>,
    /// Names of the fleet in the labels of its Clusters; `None` for Clusters without one.
    names: BTreeSet<Option<String>>,
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

impl FromIterator<LiveObject> for Fleet {
    fn from_iter<T: IntoIterator<Item = LiveObject>>(printed: T) -> Self {
        let mut fleet = Self::default();
        for object in printed {
            if object.key.is(CAPI, "Cluster") {
                fleet.names.insert(object.labels.get(FLEET_LABEL).cloned());
            }
            fleet.references.extend(object.references);
            fleet.keys.insert(object.key);
        }
        if fleet.names.is_empty() {
            fleet.names.insert(None);
        }
        fleet
    }
}

impl Fleet {
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
        let is_printed = |kind: &str, name: &str| {
            self.keys.contains(&ObjectKey {
                group: CAPI.to_owned(),
                kind: kind.to_owned(),
                namespace: key.namespace.clone(),
                name: name.to_owned(),
            })
        };
        if key.is(CAPI, "Cluster") {
            let name = object.labels.get(FLEET_LABEL).cloned();
            let is_own = object.labels.contains_key(CLUSTER_LABEL) && self.names.contains(&name);
            return (is_own || self.keys.contains(key)).then_some(&key.name);
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

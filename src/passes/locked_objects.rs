//! Checks that the objects of the clusters in `fleet.lock` are created. A member alone does not keep a cluster: without
//! its object, Argo CD would delete it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::read::Written;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::lock::{Entry, Key, Locked, line};
use crate::input::safety::Safety;
use crate::model::{CAPI, Cell, Cluster, DnsLabel};
use crate::plan::{Instance, Object, Plan, Template, With};
use crate::template::fill;

/// The objects that represent clusters: Clusters of Cluster API, and the kinds of `safety.protect`.
pub struct ClusterObjects {
    /// The identities of all of them, as `Kind.group/namespace/name`.
    all: BTreeSet<Rc<str>>,
    /// The first of each cluster, by the cluster's index; a Cluster before other kinds.
    by_cluster: BTreeMap<usize, (bool, Rc<str>)>,
}

impl ClusterObjects {
    /// Finds the objects that the hub applies. Returns `None` if a name cannot be substituted, which is reported when
    /// the object is filled.
    pub fn new(plan: &Plan, safety: &Safety) -> Option<Self> {
        let mut found = Self {
            all: BTreeSet::new(),
            by_cluster: BTreeMap::new(),
        };
        let is_protected = |object: &Object| {
            let mut kinds = safety.protect.iter();
            kinds.any(|kind| kind.value == object.qualified_kind())
        };
        let from_hub = plan.templates.iter();
        for template in from_hub.filter(|template| !template.is_from_spoke) {
            for object in &template.objects {
                let is_other = !object.is_cluster();
                if is_other && !is_protected(object) {
                    continue;
                }
                for instance in &template.instances {
                    let identity = identity(plan, template, object, instance)?;
                    if let Some(cluster) = cluster_of(instance) {
                        let entry = (is_other, Rc::clone(&identity));
                        let known = found.by_cluster.entry(cluster).or_insert(entry);
                        if known.0 && !is_other {
                            *known = (is_other, Rc::clone(&identity));
                        }
                    }
                    found.all.insert(identity);
                }
            }
        }
        Some(found)
    }

    /// Returns what a new line of the lock protects for a cluster.
    pub fn locked(&self, index: usize, cluster: &Cluster) -> Locked {
        if self.all.contains(&*cluster_identity(&key(cluster))) {
            return Locked::Cluster;
        }
        let object = self.by_cluster.get(&index);
        object.map_or(Locked::Member, |(_, object)| {
            Locked::Object(Rc::clone(object))
        })
    }
}

/// Reports the clusters of the lock whose objects no template creates.
pub fn check_locked_objects(written: &Written, plan: &Plan, diags: &mut Diagnostics) {
    let Some(lock) = &written.lock else {
        return;
    };
    let Some(objects) = ClusterObjects::new(plan, &written.fleet.safety) else {
        return;
    };
    for (index, cluster) in plan.clusters.iter().enumerate() {
        let key = key(cluster);
        let Some(entry) = lock.entries.get(&key) else {
            continue;
        };
        let expected = match &entry.locked {
            Locked::Cluster => cluster_identity(&key),
            Locked::Object(object) => Rc::clone(object),
            Locked::Member => continue,
        };
        if !objects.all.contains(&expected) {
            let instead = objects.locked(index, cluster);
            report((&key, entry), cluster, &expected, &instead, diags);
        }
    }
}

fn report(
    (key, entry): (&Key, &Entry),
    cluster: &Cluster,
    expected: &str,
    instead: &Locked,
    diags: &mut Diagnostics,
) {
    let (namespace, name) = key;
    let object = match &entry.locked {
        Locked::Object(_) => format!("`{expected}`"),
        _ => "its Cluster".to_owned(),
    };
    let message = format!(
        "cluster `{namespace}/{name}` is in fleet.lock but no template creates {object}; Argo CD would delete it"
    );
    let cell = cluster.cell.clone().map(Cell::Named);
    let line = line((namespace, name), cell.as_ref(), instead);
    let line = line.trim_end();
    let help = match instead {
        Locked::Member => format!(
            "restore the template and its selector; if the fleet creates no object for this cluster, write `{line}` to lock only its member"
        ),
        _ => format!(
            "restore the template, its selector and the name of the object, or write `{line}` to lock the object that represents the cluster now"
        ),
    };
    diags.push(
        Diagnostic::new(Code::LockedCluster, entry.span, message)
            .related(cluster.span, "the cluster")
            .help(help),
    );
}

fn key(cluster: &Cluster) -> Key {
    let [namespace, name] = [&cluster.namespace, &cluster.name].map(DnsLabel::as_rc);
    (Rc::clone(namespace), Rc::clone(name))
}

fn cluster_identity((namespace, name): &Key) -> Rc<str> {
    format!("Cluster.{CAPI}/{namespace}/{name}").into()
}

/// Returns the cluster that an instance creates objects for.
fn cluster_of(instance: &Instance) -> Option<usize> {
    match (instance.subject, &instance.with) {
        (_, With::Cluster(index)) => Some(*index as usize),
        (subject, _) => subject.cluster_index(),
    }
}

fn identity(
    plan: &Plan,
    template: &Template,
    object: &Object,
    instance: &Instance,
) -> Option<Rc<str>> {
    let scope = plan.scope(template, instance);
    let mut errors = Vec::new();
    let mut identity = object.qualified_kind();
    for text in object
        .written_namespace()
        .into_iter()
        .chain([&object.name.value])
    {
        identity.push('/');
        identity.push_str(&fill::text(text, &scope, &mut errors));
    }
    errors.is_empty().then(|| identity.into())
}

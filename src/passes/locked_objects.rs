//! Checks that the objects of the clusters in `fleet.lock` are created. A member alone does not keep a cluster: without
//! its object, Argo CD would delete it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::cells::identifying_variables;
use super::read::Written;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, pluralize};
use crate::input::fleet::Fleet;
use crate::input::lock::{Entry, Key, Locked, line};
use crate::model::{CAPI, Cell, Cluster, DnsLabel};
use crate::plan::{Instance, Object, ObjectRef, Plan, Template};
use crate::render::cells::Cells;
use crate::template::fill;
use crate::yaml::print::Format;

/// The objects that represent clusters: Clusters of Cluster API, and the kinds of `safety.protect`.
pub struct ClusterObjects {
    /// The identities of all of them, as `Kind.group/namespace/name`.
    all: BTreeSet<Rc<str>>,
    /// The first of each cluster, by the cluster's index; a Cluster before other kinds.
    by_cluster: BTreeMap<usize, (bool, Rc<str>)>,
    /// The identities of those that do not belong to the cell of their cluster, each with its cell.
    elsewhere: BTreeMap<Rc<str>, Cell>,
}

impl ClusterObjects {
    /// Finds the objects that the hub applies. Returns `None` if a name cannot be substituted, which is reported when
    /// the object is filled.
    pub fn new(plan: &Plan, fleet: &Fleet) -> Option<Self> {
        let safety = &fleet.safety;
        let mut found = Self {
            all: BTreeSet::new(),
            by_cluster: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
        };
        let templates: Vec<&Template> = plan.templates.iter().collect();
        let identifying = identifying_variables(fleet);
        let cells = Cells::new(plan, &templates, &identifying, &Format::Json.into());
        let is_protected = |object: &Object| {
            let mut kinds = safety.protect.iter();
            kinds.any(|kind| kind.value == object.qualified_kind())
        };
        let from_hub = plan.templates.iter().enumerate();
        for (section, template) in from_hub.filter(|(_, template)| !template.is_from_spoke) {
            for (number, object) in template.objects.iter().enumerate() {
                let is_other = !object.is_cluster();
                if is_other && !is_protected(object) {
                    continue;
                }
                for (position, instance) in template.instances.iter().enumerate() {
                    let identity = identity(plan, template, object, instance)?;
                    if let Some(cluster) = instance.cluster_index() {
                        let at = ObjectRef::new(section + 1, position, number);
                        let cell = cells.cell(at, instance.subject);
                        let own = plan.clusters[cluster].cell.as_ref();
                        let other = cell.filter(|cell| Some(cell) != named(own).as_ref());
                        if let Some(other) = other {
                            found.elsewhere.insert(Rc::clone(&identity), other);
                        }
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
        let is_own = |object: &str| !self.elsewhere.contains_key(object);
        let identity = cluster_identity(&key(cluster));
        if self.all.contains(&identity) && is_own(&identity) {
            return Locked::Cluster;
        }
        let object = self.by_cluster.get(&index);
        let object = object.filter(|(_, object)| is_own(object));
        object.map_or(Locked::Member, |(_, object)| {
            Locked::Object(Rc::clone(object))
        })
    }
}

/// Reports the clusters of the lock whose objects no template creates, and fewer objects than `safety.minClusters`.
pub fn check_locked_objects(written: &Written, plan: &Plan, diags: &mut Diagnostics) {
    let minimum = written.fleet.safety.min_clusters.as_ref();
    if written.lock.is_none() && minimum.is_none() {
        return;
    }
    let Some(objects) = ClusterObjects::new(plan, &written.fleet) else {
        return;
    };
    let number = objects.by_cluster.len();
    if let Some(minimum) = minimum.filter(|minimum| number < minimum.value) {
        let message = format!(
            "templates create the objects of {}, fewer than `minClusters`",
            pluralize(number, "cluster")
        );
        let help = "restore the templates and their selectors, or name the kind that represents a cluster in `safety.protect`";
        diags.push(Diagnostic::new(Code::TooFewClusters, minimum.span, message).help(help));
    }
    let Some(lock) = &written.lock else {
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
        } else if let Some(cell) = objects.elsewhere.get(&expected) {
            report_cell((&key, entry), cluster, &expected, cell, diags);
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
    let object = object_name(entry, expected);
    let message = format!(
        "cluster `{namespace}/{name}` is in fleet.lock but no template creates {object}; Argo CD would delete it"
    );
    let cell = named(cluster.cell.as_ref());
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

/// Reports an object that belongs to another cell than its cluster.
fn report_cell(
    (key, entry): (&Key, &Entry),
    cluster: &Cluster,
    expected: &str,
    cell: &Cell,
    diags: &mut Diagnostics,
) {
    let (namespace, name) = key;
    let object = object_name(entry, expected);
    let own = named(cluster.cell.as_ref());
    let line = line((namespace, name), own.as_ref(), &Locked::Member);
    let message = format!(
        "cluster `{namespace}/{name}` is in cell `{}` but {object} moved to cell `{cell}`; its previous Application would delete it",
        own.unwrap_or(Cell::Fleet)
    );
    let help = format!(
        "create the object for each cluster, without `forEach`, and use `${{CLUSTER_NAME}}` in its name; if it belonged to cell `{cell}` before, write `{}` to lock only the member",
        line.trim_end()
    );
    diags.push(
        Diagnostic::new(Code::LockedCell, entry.span, message)
            .related(cluster.span, "the cluster")
            .help(help),
    );
}

/// Returns the object of a line in the wording of a message.
fn object_name(entry: &Entry, expected: &str) -> String {
    match &entry.locked {
        Locked::Object(_) => format!("`{expected}`"),
        Locked::Cluster | Locked::Member => "its Cluster".to_owned(),
    }
}

fn named(cell: Option<&Rc<str>>) -> Option<Cell> {
    cell.map(|cell| Cell::Named(Rc::clone(cell)))
}

fn key(cluster: &Cluster) -> Key {
    let [namespace, name] = [&cluster.namespace, &cluster.name].map(DnsLabel::as_rc);
    (Rc::clone(namespace), Rc::clone(name))
}

fn cluster_identity((namespace, name): &Key) -> Rc<str> {
    format!("Cluster.{CAPI}/{namespace}/{name}").into()
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

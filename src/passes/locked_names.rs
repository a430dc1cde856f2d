//! Compares the objects of clusters and of the fleet with those that `fleet.lock` records: add-ons, pools, and everything
//! else that an edit could withdraw without naming it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::inventory::Inventory;
use super::read::Written;
use super::spokes::find_spokes;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported, join_and, pluralize};
use crate::input::lock::{Lock, SET_MARK};
use crate::model::{Cluster, DnsLabel};
use crate::plan::Plan;
use crate::source::Span;

/// Maximum number of clusters that a message names.
const MAX_SHOWN: usize = 5;

/// Reports objects of the lock that nothing creates any more, and objects that the lock does not record.
///
/// # Errors
///
/// Returns an error if an error was pushed.
pub fn check_locked_names(
    written: &Written,
    plan: &Plan,
    diags: &mut Diagnostics,
) -> Result<(), ErrorsReported> {
    if let Some(lock) = &written.lock {
        let inventory = Inventory::new(plan);
        let unrecorded = compare(lock, plan, &inventory, diags);
        report_fleet_objects(lock, &inventory, diags);
        report_unrecorded(lock, &unrecorded, &inventory, diags);
    } else if let Some((cluster, addon)) = find_spokes(plan) {
        let message = format!(
            "cluster `{}` is a spoke, and fleet.lock does not record it: if it was none before, the hub uninstalls add-ons such as `{addon}` before the spoke installs them",
            cluster.name
        );
        let help = "run `kubectl fleet lock` if it is a spoke already; to make a live cluster a spoke, set `onRemove: leave` on its add-ons and sync first";
        diags.push(Diagnostic::new(Code::NotLocked, cluster.span, message).help(help));
    }
    diags.checkpoint()
}

/// Clusters for which something is reported.
#[derive(Default)]
struct Affected<'a> {
    count: usize,
    first: Vec<&'a Cluster>,
}

impl<'a> Affected<'a> {
    fn add(&mut self, clusters: &[&'a Cluster]) {
        let room = MAX_SHOWN.saturating_sub(self.first.len());
        self.first.extend(clusters.iter().take(room));
        self.count += clusters.len();
    }

    fn names(&self) -> String {
        let names = self.first.iter();
        let names: Vec<String> = names
            .map(|cluster| format!("{}/{}", cluster.namespace, cluster.name))
            .collect();
        let shown = join_and(names.iter().map(String::as_str));
        match self.count {
            1 => format!("cluster {shown}"),
            count if count == names.len() => format!("clusters {shown}"),
            count => format!("{}, such as {shown}", pluralize(count, "cluster")),
        }
    }
}

/// What the lock does not record.
#[derive(Default)]
struct Unrecorded<'a> {
    clusters: Affected<'a>,
    example: Option<Rc<str>>,
}

/// Compares clusters with their sets. Clusters with the same set and the same objects are compared once.
fn compare<'a>(
    lock: &Lock,
    plan: &'a Plan,
    inventory: &Inventory,
    diags: &mut Diagnostics,
) -> Unrecorded<'a> {
    type Alike<'a> = BTreeMap<(Option<&'a str>, &'a [u32]), Vec<usize>>;
    let mut alike = Alike::new();
    for (index, cluster) in plan.clusters.iter().enumerate() {
        let [namespace, name] = [&cluster.namespace, &cluster.name].map(DnsLabel::as_rc);
        if let Some(entry) = lock.entries.get(&(Rc::clone(namespace), Rc::clone(name))) {
            let key = (entry.set.as_deref(), inventory.numbers(index));
            alike.entry(key).or_default().push(index);
        }
    }
    let mut missing: BTreeMap<Rc<str>, (BTreeSet<&str>, Affected<'a>)> = BTreeMap::new();
    let mut unrecorded = Unrecorded::default();
    for ((set, numbers), indices) in alike {
        let clusters: Vec<&Cluster> = indices.iter().map(|index| &plan.clusters[*index]).collect();
        let names = inventory.named(numbers);
        let recorded = set.and_then(|set| Some((set, lock.sets.get(set)?)));
        for (name, number) in recorded.iter().flat_map(|(_, recorded)| &recorded.names) {
            if names.get(name).copied().unwrap_or_default() < *number {
                let (sets, affected) = missing.entry(Rc::clone(name)).or_default();
                sets.extend(set);
                affected.add(&clusters);
            }
        }
        let known = |name: &Rc<str>| {
            let (_, set) = recorded?;
            set.names.get(name).copied()
        };
        let mut new = names
            .iter()
            .filter(|(name, number)| known(name).unwrap_or_default() < **number);
        if let Some((name, _)) = new.next() {
            unrecorded.clusters.add(&clusters);
            unrecorded.example.get_or_insert_with(|| Rc::clone(name));
        }
    }
    for (name, (sets, affected)) in missing {
        let mut spans = sets.iter().filter_map(|id| Some(lock.sets.get(*id)?.span));
        if let Some(span) = spans.next() {
            report_missing((&name, span), &sets, &affected, diags);
        }
    }
    unrecorded
}

fn report_missing(
    (name, span): (&str, Span),
    sets: &BTreeSet<&str>,
    affected: &Affected<'_>,
    diags: &mut Diagnostics,
) {
    let marked: Vec<String> = sets.iter().map(|id| format!("{SET_MARK}{id}")).collect();
    let marked = join_and(marked.iter().map(String::as_str));
    let message = format!(
        "`{name}` is in fleet.lock for {}, but no longer created there: it would be deleted or uninstalled",
        affected.names(),
    );
    let help = format!(
        "restore it; or, to allow this, delete `{name}` from the definition of {marked}, or the set from the line of a single cluster, and run `kubectl fleet lock`"
    );
    let cluster = affected.first.first().map(|cluster| cluster.span);
    diags.push(
        Diagnostic::new(Code::LockedObject, span, message)
            .related(cluster, "the cluster")
            .help(help),
    );
}

/// Reports the objects of groups and of the fleet that nothing creates any more.
fn report_fleet_objects(lock: &Lock, inventory: &Inventory, diags: &mut Diagnostics) {
    for (object, span) in &lock.objects {
        if !inventory.fleet.contains(object) {
            let message = format!(
                "`{object}` is in fleet.lock but no longer created; Argo CD would delete it"
            );
            let help = "restore it, or delete this line to allow the deletion";
            diags.push(Diagnostic::new(Code::LockedObject, *span, message).help(help));
        }
    }
}

fn report_unrecorded(
    lock: &Lock,
    unrecorded: &Unrecorded<'_>,
    inventory: &Inventory,
    diags: &mut Diagnostics,
) {
    let objects = inventory.fleet.iter();
    let mut new = objects.filter(|object| !lock.objects.contains_key(*object));
    let (span, message): (Span, String) = if let Some(cluster) = unrecorded.clusters.first.first() {
        let name = unrecorded.example.as_deref().unwrap_or_default();
        let message = format!(
            "fleet.lock does not record all objects of {}: for example, `{name}`",
            unrecorded.clusters.names()
        );
        (cluster.span, message)
    } else if let Some(object) = new.next() {
        (lock.span, format!("fleet.lock does not record `{object}`"))
    } else {
        return;
    };
    let help = "run `kubectl fleet lock`, so that an edit cannot remove them unnoticed";
    diags.push(Diagnostic::new(Code::NotLocked, span, message).help(help));
}

//! Checks `fleet.lock`, which protects clusters from deletion.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::cells::check_cell_exists;
use super::read::Written;
use super::resolve::ResolvedFleet;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_and, pluralize};
use crate::input::lock::{Entry, Lock, Locked};
use crate::model::{Cell, Cluster, DnsLabel};
use crate::request::CompileOptions;

/// Checks the requested cell and `fleet.lock`.
pub fn check_lock(
    written: &Written,
    resolved: &ResolvedFleet,
    options: &CompileOptions,
    diags: &mut Diagnostics,
) {
    let clusters = &resolved.clusters;
    check_cell_exists(&written.fleet, clusters, options.cell.as_ref(), diags);
    compare_with_lock(written.lock.as_ref(), clusters, options.locked, diags);
}

/// Compares the clusters with the lock.
fn compare_with_lock(
    lock: Option<&Lock>,
    clusters: &[Cluster],
    is_required: bool,
    diags: &mut Diagnostics,
) {
    let Some(lock) = lock else {
        if is_required {
            let message = "fleet.lock does not exist, but every cluster must be in it";
            let help = "create it with `kubectl fleet lock`";
            diags.push(Diagnostic::without_location(Code::Unlocked, message).help(help));
        }
        return;
    };
    let key = |cluster: &Cluster| {
        let [namespace, name] = [&cluster.namespace, &cluster.name].map(DnsLabel::as_rc);
        (Rc::clone(namespace), Rc::clone(name))
    };
    let by_key: BTreeMap<_, &Cluster> = clusters
        .iter()
        .map(|cluster| (key(cluster), cluster))
        .collect();
    let new: Vec<&Cluster> = clusters
        .iter()
        .filter(|cluster| !lock.entries.contains_key(&key(cluster)))
        .collect();
    let mut moved = Vec::new();
    for (key, entry) in &lock.entries {
        match by_key.get(key) {
            None => report_missing_cluster(key, entry, &new, diags),
            Some(cluster) if is_moved(cluster, entry) => moved.push((*cluster, entry)),
            Some(_) => {}
        }
    }
    report_cell_changes(&moved, diags);
    let Some(first) = new.first() else {
        return;
    };
    let names = join_and(new.iter().map(|cluster| &**cluster.name.as_rc()));
    let message = format!(
        "{} not in fleet.lock: {names}",
        match new.len() {
            1 => "1 cluster is".to_owned(),
            more => format!("{} are", pluralize(more, "cluster")),
        }
    );
    let code = if is_required {
        Code::Unlocked
    } else {
        Code::NotLocked
    };
    let help = "run `kubectl fleet lock` to add new clusters";
    diags.push(Diagnostic::new(code, first.span, message).help(help));
}

fn report_missing_cluster(
    (namespace, name): &(Rc<str>, Rc<str>),
    entry: &Entry,
    new: &[&Cluster],
    diags: &mut Diagnostics,
) {
    let consequence = match &entry.locked {
        Locked::Cluster => "Argo CD would delete it".to_owned(),
        Locked::Object(object) => format!("Argo CD would delete `{object}`"),
        Locked::Member => "its add-ons and other objects of the fleet would be deleted".to_owned(),
    };
    let message = format!(
        "cluster `{namespace}/{name}` is in fleet.lock but no list contains it; {consequence}"
    );
    let names = || new.iter().map(|cluster| &**cluster.name.as_rc());
    let similar = diags.suggestions.closest(name, names);
    let similar = similar.and_then(|similar| names().position(|name| name == similar));
    let similar = similar.map(|at| new[at]);
    let label = match similar {
        Some(similar) if **similar.name.as_rc() == **name => {
            format!(
                "a cluster with this name is in the namespace `{}`",
                similar.namespace
            )
        }
        Some(similar) => format!("the new cluster `{}` has a similar name", similar.name),
        None => String::new(),
    };
    let help = format!(
        "restore the list entry; to allow the deletion, remove this line with `kubectl fleet remove {namespace}/{name}`"
    );
    diags.push(
        Diagnostic::new(Code::LockedCluster, entry.span, message)
            .related(similar.map(|similar| similar.span), label)
            .help(help),
    );
}

fn is_moved(cluster: &Cluster, entry: &Entry) -> bool {
    cluster.cell.clone().map(Cell::Named) != entry.cell
}

/// Reports all clusters in another cell than in the lock. A new configuration of cells moves all of them.
fn report_cell_changes(moved: &[(&Cluster, &Entry)], diags: &mut Diagnostics) {
    let [(cluster, entry), more @ ..] = moved else {
        return;
    };
    let cell = cluster.cell.clone().map(Cell::Named);
    let describe = |cell: &Option<Cell>| match cell {
        Some(cell) => format!("cell `{cell}`"),
        None => "no cell".to_owned(),
    };
    let (from, to) = (describe(&entry.cell), describe(&cell));
    let (message, help) = if more.is_empty() {
        (
            format!(
                "cluster `{}` moved from {from} to {to}; its previous Application would delete it",
                cluster.name
            ),
            "restore the cell label, or disable pruning on the old Application before you edit this line",
        )
    } else {
        let names = moved.iter().map(|(cluster, _)| &**cluster.name.as_rc());
        (
            format!(
                "{} moved to another cell, the first from {from} to {to}: {}; their previous Applications would delete them",
                pluralize(moved.len(), "cluster"),
                join_and(names)
            ),
            "restore the cells, or disable pruning on the old Applications before you edit these lines",
        )
    };
    diags.push(
        Diagnostic::new(Code::LockedCell, entry.span, message)
            .related(cluster.span, "the cluster")
            .help(help),
    );
}

//! Checks `fleet.lock`, which protects clusters from deletion.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::cells::check_cell_exists;
use super::read::Written;
use super::resolve::ResolvedFleet;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_and, pluralize};
use crate::input::lock::{Entry, Lock};
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
    for (key, entry) in &lock.entries {
        match by_key.get(key) {
            None => report_missing_cluster(key, entry, &new, diags),
            Some(cluster) => report_cell_change(cluster, entry, diags),
        }
    }
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
    let message = format!(
        "cluster `{namespace}/{name}` is in fleet.lock but no list creates it; Argo CD would delete it"
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
    let help = "restore the list entry, or delete this line to allow the deletion (`kubectl fleet remove` removes both)";
    diags.push(
        Diagnostic::new(Code::LockedCluster, entry.span, message)
            .related(similar.map(|similar| similar.span), label)
            .help(help),
    );
}

fn report_cell_change(cluster: &Cluster, entry: &Entry, diags: &mut Diagnostics) {
    let cell = cluster.cell.clone().map(Cell::Named);
    if cell == entry.cell {
        return;
    }
    let describe = |cell: &Option<Cell>| match cell {
        Some(cell) => format!("cell `{cell}`"),
        None => "no cell".to_owned(),
    };
    let message = format!(
        "cluster `{}` moved from {} to {}; its previous Application would delete it",
        cluster.name,
        describe(&entry.cell),
        describe(&cell)
    );
    let help = "restore the cell label, or disable pruning on the old Application before you edit this line";
    diags.push(
        Diagnostic::new(Code::LockedCell, entry.span, message)
            .related(cluster.span, "the cluster")
            .help(help),
    );
}

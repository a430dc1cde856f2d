//! The lock and cells: clusters that may not vanish, and the Application that each belongs to.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::read::Written;
use super::resolve::Settled;
use crate::diagnostic::{
    Code, Diagnostic, Diagnostics, closest_match, did_you_mean, join_and, pluralize,
};
use crate::input::fleet::Fleet;
use crate::input::lock::{Entry, Lock};
use crate::model::{Cell, Cluster, DnsLabel};
use crate::request::CompileOptions;

/// Checks the requested cell and `fleet.lock`.
pub fn check_lock(
    written: &Written,
    resolved: &Settled,
    options: &CompileOptions,
    diags: &mut Diagnostics,
) {
    let clusters = &resolved.clusters;
    asked(&written.fleet, clusters, options.cell.as_ref(), diags);
    locked(written.lock.as_ref(), clusters, options.locked, diags);
}

/// Reports that no cell is asked for of a fleet that has cells, where one has to be.
pub(super) fn needed(fleet: &Fleet, options: &CompileOptions, diags: &mut Diagnostics) {
    if options.require_cell
        && options.cell.is_none()
        && options.spoke.is_none()
        && fleet.cells.is_some()
    {
        let message = "the fleet has cells, and no parameter `cell` says which to print";
        let help = "set the parameter `cell` of the Application's plugin: a cell, or @fleet";
        diags.push(Diagnostic::without_location(Code::MissingParameter, message).help(help));
    }
}

/// Reports a cell that has no cluster: all that it had would be deleted.
fn asked(fleet: &Fleet, clusters: &[Cluster], cell: Option<&Cell>, diags: &mut Diagnostics) {
    let Some(cell) = cell else {
        return;
    };
    let names: BTreeSet<&str> = clusters
        .iter()
        .filter_map(|cluster| cluster.cell.as_deref())
        .collect();
    let is_known = match cell {
        Cell::Fleet => fleet.cells.is_some(),
        Cell::Named(name) => names.contains(&**name),
    };
    if is_known {
        return;
    }
    let (message, help) = match &fleet.cells {
        None => (
            format!("there is no cell `{cell}`: fleet.yaml has no `cells`"),
            "write `cells: {label: …}`, or do not ask for a cell".to_owned(),
        ),
        Some(_) => (
            format!("no cluster is in the cell `{cell}`: everything in it would be deleted"),
            if names.is_empty() {
                "list a cluster".to_owned()
            } else {
                did_you_mean(&cell.to_string(), names.iter().copied())
            },
        ),
    };
    diags.push(Diagnostic::without_location(Code::EmptyCell, message).help(help));
}

/// Compares the clusters with the lock.
fn locked(lock: Option<&Lock>, clusters: &[Cluster], must: bool, diags: &mut Diagnostics) {
    let Some(lock) = lock else {
        if must {
            let message = "there is no fleet.lock, and every cluster has to be in it";
            let help = "make it: kubectl fleet lock";
            diags.push(Diagnostic::without_location(Code::Unlocked, message).help(help));
        }
        return;
    };
    let key = |cluster: &Cluster| {
        let [namespace, name] = [&cluster.namespace, &cluster.name].map(DnsLabel::as_rc);
        (Rc::clone(namespace), Rc::clone(name))
    };
    let known: BTreeMap<_, &Cluster> = clusters
        .iter()
        .map(|cluster| (key(cluster), cluster))
        .collect();
    let new: Vec<&Cluster> = clusters
        .iter()
        .filter(|cluster| !lock.entries.contains_key(&key(cluster)))
        .collect();
    for (key, entry) in &lock.entries {
        match known.get(key) {
            None => refuse_missing(key, entry, &new, diags),
            Some(cluster) => refuse_moved(cluster, entry, diags),
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
    let code = if must {
        Code::Unlocked
    } else {
        Code::NotLocked
    };
    let help = "add what is new: kubectl fleet lock";
    diags.push(Diagnostic::new(code, first.span, message).help(help));
}

fn refuse_missing(
    (namespace, name): &(Rc<str>, Rc<str>),
    entry: &Entry,
    new: &[&Cluster],
    diags: &mut Diagnostics,
) {
    let message = format!(
        "the cluster `{name}` in the namespace `{namespace}` is locked, and no member makes it: it would be deleted"
    );
    let near = closest_match(name, new.iter().map(|cluster| &**cluster.name.as_rc()));
    let near = new
        .iter()
        .find(|cluster| Some(&**cluster.name.as_rc()) == near);
    let label = match near {
        Some(near) if **near.name.as_rc() == **name => {
            format!("it is in the namespace `{}` now: moved?", near.namespace)
        }
        Some(near) => format!("`{}` is new: renamed?", near.name),
        None => String::new(),
    };
    let help = "restore the member; if the cluster is to be deleted, remove this line, too: kubectl fleet remove";
    diags.push(
        Diagnostic::new(Code::LockedCluster, entry.span, message)
            .related(near.map(|near| near.span), label)
            .help(help),
    );
}

fn refuse_moved(cluster: &Cluster, entry: &Entry, diags: &mut Diagnostics) {
    let cell = cluster.cell.clone().map(Cell::Named);
    if cell == entry.cell {
        return;
    }
    let said = |cell: &Option<Cell>| match cell {
        Some(cell) => format!("the cell `{cell}`"),
        None => "no cell".to_owned(),
    };
    let message = format!(
        "the cluster `{}` is locked in {}, and would be in {}: another Application would take it over, and this one delete it",
        cluster.name,
        said(&entry.cell),
        said(&cell)
    );
    let help = "restore its cell; to move it, see what Argo CD does first, then change this line";
    diags.push(
        Diagnostic::new(Code::LockedCell, entry.span, message)
            .related(cluster.span, "this member")
            .help(help),
    );
}

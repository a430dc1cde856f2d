//! Marks what differs between the matrices of two revisions.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::changes::Changes;
use super::table::{Cell, Column, Mark, Matrix, Row};
use crate::plan::{AddOn, Plan, Software, Variant};

/// Adds the removed clusters and add-ons of the base to the head, and marks what differs.
pub fn compare(
    (base, base_plan): (&Matrix, &Plan),
    (head, head_plan): (&mut Matrix, &Plan),
    changes: &Changes,
) {
    let columns = join_columns(base, head);
    let index: BTreeMap<(&str, &str), &Row> = base
        .clusters
        .iter()
        .map(|row| ((&*row.namespace, &*row.name), row))
        .collect();
    let mut same = Same {
        plans: [base_plan, head_plan],
        known: BTreeMap::new(),
    };
    let mut kept = BTreeSet::new();
    for row in &mut head.clusters {
        let old = index.get(&(&*row.namespace, &*row.name)).copied();
        kept.extend(old.map(|old| (&*old.namespace, &*old.name)));
        row.changes = changes.find(&row.namespace, &row.name, None);
        row.mark = match (old, row.changes) {
            (None, _) => Mark::Added,
            (Some(_), Some(_)) => Mark::Changed,
            (Some(_), None) => Mark::Same,
        };
        for (column, cell) in columns.iter().zip(&mut row.cells) {
            let old = column.base.and_then(|at| Some(&old?.cells[at]));
            cell.changes = changes.find(&row.namespace, &row.name, Some(&column.name));
            mark(cell, old, column, &mut same);
        }
    }
    for row in &base.clusters {
        if kept.contains(&(&*row.namespace, &*row.name)) {
            continue;
        }
        let cells = columns
            .iter()
            .map(|column| removed(column.base.map(|at| &row.cells[at])));
        let own = changes.find(&row.namespace, &row.name, None);
        head.clusters.push(Row {
            cells: cells.collect(),
            mark: Mark::Removed,
            changes: own,
            ..row.clone()
        });
    }
    head.clusters
        .sort_by(|one, other| (&one.namespace, &one.name).cmp(&(&other.namespace, &other.name)));
}

/// A column of both matrices, with its index in each plan.
struct Joined {
    name: Rc<str>,
    base: Option<usize>,
    head: Option<usize>,
}

/// Adds the removed add-ons of the base to the columns and rows of the head.
fn join_columns(base: &Matrix, head: &mut Matrix) -> Vec<Joined> {
    let position =
        |columns: &[Column], name: &str| columns.iter().position(|one| *one.name == *name);
    let old = base.addons.clone();
    let mut joined = Vec::new();
    for (at, column) in head.addons.iter_mut().enumerate() {
        let found = position(&old, &column.name);
        column.mark = match found.map(|at| &old[at]) {
            None => Mark::Added,
            Some(old) if old.deliver != column.deliver || old.software != column.software => {
                Mark::Changed
            }
            Some(_) => Mark::Same,
        };
        joined.push(Joined {
            name: Rc::clone(&column.name),
            base: found,
            head: Some(at),
        });
    }
    for (at, column) in old.into_iter().enumerate() {
        if position(&head.addons, &column.name).is_some() {
            continue;
        }
        joined.push(Joined {
            name: Rc::clone(&column.name),
            base: Some(at),
            head: None,
        });
        head.addons.push(Column {
            mark: Mark::Removed,
            ..column
        });
        for row in &mut head.clusters {
            row.cells.push(Cell::default());
        }
    }
    joined
}

fn removed(old: Option<&Cell>) -> Cell {
    let installed = old.and_then(|old| old.installed.clone());
    let mark = if installed.is_some() {
        Mark::Removed
    } else {
        Mark::Same
    };
    Cell {
        installed,
        mark,
        ..Cell::default()
    }
}

fn mark(cell: &mut Cell, old: Option<&Cell>, column: &Joined, same: &mut Same<'_>) {
    let before = old.and_then(|old| old.installed.as_ref());
    cell.mark = match (before, &cell.installed) {
        (None, None) => Mark::Same,
        (None, Some(_)) => Mark::Added,
        (Some(_), None) => {
            cell.installed = before.cloned();
            Mark::Removed
        }
        (Some(old), Some(new)) if old.version != new.version => {
            Mark::Version(Rc::clone(&old.version))
        }
        (Some(old), Some(new)) => {
            let indices = [column.base, column.head];
            let is_same = same.is_same(indices, [old.index, new.index]);
            if is_same && cell.changes.is_none() {
                Mark::Same
            } else {
                Mark::Changed
            }
        }
    };
}

/// Whether the variants of add-ons have the same configuration in both plans.
struct Same<'a> {
    plans: [&'a Plan; 2],
    known: BTreeMap<([usize; 2], [usize; 2]), bool>,
}

impl Same<'_> {
    fn is_same(&mut self, addons: [Option<usize>; 2], variants: [usize; 2]) -> bool {
        let [Some(base), Some(head)] = addons else {
            return false;
        };
        let [old, new] = [(0, base), (1, head)].map(|(plan, at)| &self.plans[plan].addons[at]);
        let known = self.known.entry(([base, head], variants));
        *known.or_insert_with(|| {
            old.delivery.name == new.delivery.name
                && is_same_variant(variant(old, variants[0]), variant(new, variants[1]))
        })
    }
}

fn variant(addon: &AddOn, index: usize) -> &Variant {
    &addon.variants[index]
}

fn is_same_variant(old: &Variant, new: &Variant) -> bool {
    let files = |variant: &Variant| match &variant.software {
        Software::Helm(_) => Vec::new(),
        Software::Manifests(manifests) => {
            let files = manifests.files.iter();
            files
                .map(|file| (Rc::clone(&file.name), Rc::clone(&file.text)))
                .collect()
        }
    };
    let tree = |variant: &Variant| variant.stack.fold(&mut |_, _| {});
    tree(old) == tree(new) && files(old) == files(new)
}

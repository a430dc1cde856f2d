//! The sets of objects that clusters have, and their identifiers.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::input::lock::{Lock, Names};
use crate::passes::inventory::Inventory;

/// The sets of a lock.
pub(super) struct Sets {
    /// The objects of each set, by its identifier.
    pub(super) sets: BTreeMap<Rc<str>, Names>,
    /// The identifier of each cluster's set; `None` for a cluster without objects.
    pub(super) of_clusters: Vec<Option<Rc<str>>>,
}

/// Returns the sets of clusters. A set keeps its identifier if it is the same, or if all of its clusters get the same new
/// objects, so that few lines change. `old` are the identifiers that the lock has for the clusters.
pub(super) fn sets(lock: Option<&Lock>, inventory: &Inventory, old: &[Option<Rc<str>>]) -> Sets {
    let mut successors: BTreeMap<&str, Option<&[u32]>> = BTreeMap::new();
    let mut alike: BTreeMap<&[u32], Vec<usize>> = BTreeMap::new();
    for (index, old) in old.iter().enumerate() {
        let numbers = inventory.numbers(index);
        alike.entry(numbers).or_default().push(index);
        if let Some(old) = old {
            let only = successors.entry(old).or_insert(Some(numbers));
            *only = only.filter(|only| *only == numbers);
        }
    }
    let known = || lock.into_iter().flat_map(|lock| &lock.sets);
    let same: BTreeMap<&Names, &Rc<str>> = known().map(|(id, set)| (&set.names, id)).collect();
    let mut taken: BTreeSet<Rc<str>> = known().map(|(id, _)| Rc::clone(id)).collect();
    let mut found = Sets {
        sets: BTreeMap::new(),
        of_clusters: vec![None; old.len()],
    };
    let mut last = 0_usize;
    // In the order of the clusters, so that the first clusters have the first identifiers.
    let mut groups: Vec<(&[u32], Vec<usize>)> = alike.into_iter().collect();
    groups.sort_by_key(|(_, indices)| indices.first().copied());
    for (numbers, indices) in groups {
        if numbers.is_empty() {
            continue;
        }
        let names = inventory.named(numbers);
        let mut candidates = indices.iter().filter_map(|index| old[*index].as_ref());
        let is_successor = |id: &&Rc<str>| successors.get(&***id) == Some(&Some(numbers));
        let kept = same.get(&names).copied().or(candidates.find(is_successor));
        let id = kept.map_or_else(|| next(&mut last, &mut taken), Rc::clone);
        for index in indices {
            found.of_clusters[index] = Some(Rc::clone(&id));
        }
        found.sets.insert(id, names);
    }
    found
}

/// Returns the next identifier that is not taken.
fn next(last: &mut usize, taken: &mut BTreeSet<Rc<str>>) -> Rc<str> {
    loop {
        *last += 1;
        let id: Rc<str> = last.to_string().into();
        if taken.insert(Rc::clone(&id)) {
            return id;
        }
    }
}

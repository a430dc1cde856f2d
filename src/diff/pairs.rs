//! The objects that differ between two outputs, paired by identity.

use std::collections::BTreeMap;

use crate::plan::ObjectRef;
use crate::render::Output;

/// An object of the base, and the object of the head with the same identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) base: Option<ObjectRef>,
    pub(super) head: Option<ObjectRef>,
}

/// Returns the objects whose bytes or cells differ, and those that only one output has. The objects that a spoke applies
/// to itself are compared with those of the same spoke.
///
/// Both outputs must have kept their identities.
pub(super) fn pairs(base: &Output, head: &Output) -> Vec<Pair> {
    let mut found = Vec::new();
    compare_all(
        (base, &base.identities),
        (head, &head.identities),
        &mut found,
    );
    let mut spokes: BTreeMap<(&str, &str), [Identities<'_>; 2]> = BTreeMap::new();
    for (side, output) in [base, head].into_iter().enumerate() {
        for (spoke, identities) in &output.spokes {
            if let Some(cluster) = output.plan.subject(*spoke).cluster() {
                let key = (&**cluster.namespace.as_rc(), &**cluster.name.as_rc());
                spokes.entry(key).or_default()[side] = identities;
            }
        }
    }
    for [old, new] in spokes.into_values() {
        compare_all((base, old), (head, new), &mut found);
    }
    found
}

fn compare_all(
    (base, mut old): (&Output, Identities<'_>),
    (head, mut new): (&Output, Identities<'_>),
    found: &mut Vec<Pair>,
) {
    while let Some(hash) = lowest(old, new) {
        let (run, rest) = split(old, hash);
        old = rest;
        let (other, rest) = split(new, hash);
        new = rest;
        compare((base, run), (head, other), found);
    }
}

type Identities<'a> = &'a [(u64, ObjectRef)];

fn lowest(old: Identities<'_>, new: Identities<'_>) -> Option<u64> {
    let hash = |all: Identities<'_>| all.first().map(|(hash, _)| *hash);
    match (hash(old), hash(new)) {
        (Some(old), Some(new)) => Some(old.min(new)),
        (one, other) => one.or(other),
    }
}

fn split(all: Identities<'_>, hash: u64) -> (Identities<'_>, Identities<'_>) {
    all.split_at(all.iter().take_while(|(found, _)| *found == hash).count())
}

/// Compares the objects of one hash: almost always one object of each side.
fn compare(
    (base, old): (&Output, Identities<'_>),
    (head, new): (&Output, Identities<'_>),
    found: &mut Vec<Pair>,
) {
    let included = |output: &Output, all: Identities<'_>| -> Vec<ObjectRef> {
        let all = all.iter().map(|(_, at)| *at);
        all.filter(|at| output.is_included(*at)).collect()
    };
    let mut new = included(head, new);
    for old in included(base, old) {
        let one = base.object(old);
        let is_equal = |at: &ObjectRef| {
            let other = head.object(*at);
            one.cell() == other.cell() && is_same(one.pieces(), other.pieces())
        };
        if let Some(at) = new.iter().position(is_equal) {
            new.swap_remove(at);
            continue;
        }
        let identity = one.identity();
        let same = new
            .iter()
            .position(|at| head.object(*at).identity() == identity);
        found.push(Pair {
            base: Some(old),
            head: same.map(|at| new.swap_remove(at)),
        });
    }
    found.extend(new.into_iter().map(|at| Pair {
        base: None,
        head: Some(at),
    }));
}

/// Returns `true` if the concatenated pieces are equal.
fn is_same<'a>(
    mut one: impl Iterator<Item = &'a [u8]>,
    mut other: impl Iterator<Item = &'a [u8]>,
) -> bool {
    let (mut left, mut right): (&[u8], &[u8]) = (&[], &[]);
    loop {
        if left.is_empty() {
            match one.next() {
                Some(piece) => left = piece,
                None => return right.is_empty() && other.all(<[u8]>::is_empty),
            }
        } else if right.is_empty() {
            match other.next() {
                Some(piece) => right = piece,
                None => return false,
            }
        } else {
            let length = left.len().min(right.len());
            if left[..length] != right[..length] {
                return false;
            }
            (left, right) = (&left[length..], &right[length..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn pieces_are_compared_as_one_string() {
        for (one, other, expected) in [
            (&["ab", "c"][..], &["a", "bc"][..], true),
            (&["", "a", ""], &["a"], true),
            (&[], &["", ""], true),
            (&["a"], &[], false),
            (&[], &["a"], false),
            (&["ab"], &["ac"], false),
            (&["a", ""], &["a", "b"], false),
        ] {
            let bytes = |pieces: &'static [&str]| pieces.iter().map(|piece| piece.as_bytes());
            assert_eq!(
                is_same(bytes(one), bytes(other)),
                expected,
                "{one:?} {other:?}"
            );
        }
    }
}

//! The written names of rotated objects: which strings can be one, and which are one for a subject.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Bound;
use std::rc::Rc;

use crate::plan::rotated::rotated_index;
use crate::plan::{Plan, SubjectId, SubjectScope, With};
use crate::template::fill;
use crate::tree::{Part, Text};

/// The written names of the rotated objects of a plan.
pub(super) struct WrittenNames<'a> {
    plan: &'a Plan,
    /// The literal beginnings of the names.
    starts: BTreeSet<String>,
    /// The literal ends of the names, backwards.
    ends: BTreeSet<String>,
    /// The hash of the name of each object for each subject, with the object's index, ascending; determined when it is
    /// first needed. Names that depend on an entry of `with` are not included.
    by_subject: OnceCell<Vec<(SubjectId, u64, usize)>>,
}

impl<'a> WrittenNames<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let mut names = Self {
            plan,
            starts: BTreeSet::new(),
            ends: BTreeSet::new(),
            by_subject: OnceCell::new(),
        };
        for rotated in &plan.rotated {
            let [start, end] = ends(&rotated.object.name.value);
            names.starts.insert(start.to_string());
            names.ends.insert(reversed(&end));
        }
        names
    }

    /// Returns `true` if values of variables could make a string equal to a name: their literal beginnings and ends agree.
    pub(super) fn can_include(&self, text: &Text) -> bool {
        let [start, end] = ends(text);
        rotated_index(text).is_none()
            && agrees(&self.starts, &start)
            && agrees(&self.ends, &reversed(&end))
    }

    /// Returns the indices of the objects of a subject with a name.
    pub(super) fn indices(&self, id: SubjectId, name: &str) -> Vec<usize> {
        let by_subject = self.by_subject.get_or_init(|| self.hashes());
        let start = (id, hash(name));
        let first = by_subject.partition_point(|(id, hash, _)| (*id, *hash) < start);
        let alike = by_subject[first..].iter();
        let alike = alike.take_while(|(id, hash, _)| (*id, *hash) == start);
        let is_it = |index: &usize| self.name(id, *index).is_some_and(|own| *own == *name);
        alike.map(|(.., index)| *index).filter(is_it).collect()
    }

    fn hashes(&self) -> Vec<(SubjectId, u64, usize)> {
        let mut hashes = Vec::new();
        for (index, rotated) in self.plan.rotated.iter().enumerate() {
            for id in rotated.variants.iter().flat_map(|one| &one.subjects) {
                let name = self.name(*id, index);
                hashes.extend(name.map(|name| (*id, hash(&name), index)));
            }
        }
        hashes.sort_unstable();
        hashes
    }

    /// Returns the written name of an object for a subject. Returns `None` if it needs an entry of `with`.
    fn name(&self, id: SubjectId, index: usize) -> Option<Rc<str>> {
        let rotated = &self.plan.rotated[index];
        let subject = self.plan.subject(id);
        let scope = SubjectScope {
            selected: rotated.selected.as_deref(),
            with: &With::None,
            ..SubjectScope::new(self.plan.subjects(), subject, &rotated.variables)
        };
        let mut errors = Vec::new();
        let name = fill::text(&rotated.object.name.value, &scope, &mut errors);
        errors.is_empty().then_some(name)
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// Returns the literal beginning and the literal end of a string.
fn ends(text: &Text) -> [Rc<str>; 2] {
    let literal = |part: Option<&Part>| match part {
        Some(Part::Literal(text)) => Rc::clone(text),
        _ => Rc::from(""),
    };
    match text {
        Text::Literal(text) => [Rc::clone(text), Rc::clone(text)],
        Text::Parts(parts) => [literal(parts.first()), literal(parts.last())],
    }
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

/// Returns `true` if one of the known strings begins with a string, or the other way around.
fn agrees(known: &BTreeSet<String>, text: &str) -> bool {
    let from = (Bound::Included(text), Bound::Unbounded);
    let mut next = known.range::<str, _>(from);
    let is_longer = next.next().is_some_and(|next| next.starts_with(text));
    let mut beginnings = text.char_indices().map(|(at, _)| &text[..at]);
    is_longer || beginnings.any(|beginning| known.contains(beginning))
}

//! Finds rotated objects by what is written, without comparing all of them.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::plan::SubjectId;
use crate::plan::rotated::RotatedObject;

/// The numbers of rotated objects by a key.
pub(super) struct Index<K> {
    /// The objects of each template use.
    of_use: BTreeMap<(usize, K), usize>,
    alike: BTreeMap<K, Alike>,
}

/// Rotated objects with the same key.
#[derive(Default)]
struct Alike {
    numbers: Vec<usize>,
    /// The first object of each subject, if there are several objects; determined when it is first needed.
    by_subject: OnceCell<BTreeMap<SubjectId, usize>>,
}

impl<K: Clone + Ord> Index<K> {
    pub(super) fn new() -> Self {
        Self {
            of_use: BTreeMap::new(),
            alike: BTreeMap::new(),
        }
    }

    /// Adds an object of a template use. Other uses find it only if it `is_shared`.
    pub(super) fn add(&mut self, used: usize, key: K, number: usize, is_shared: bool) {
        if is_shared {
            let alike = self.alike.entry(key.clone()).or_default();
            alike.numbers.push(number);
        }
        self.of_use.entry((used, key)).or_insert(number);
    }

    /// Returns the object of a template use.
    pub(super) fn of_use(&self, used: usize, key: &K) -> Option<usize> {
        self.of_use.get(&(used, key.clone())).copied()
    }

    /// Returns the first object that is created for one of the subjects.
    pub(super) fn of_subjects<'a>(
        &self,
        key: &K,
        mut subjects: impl Iterator<Item = SubjectId>,
        rotated: &impl Fn(usize) -> &'a RotatedObject,
    ) -> Option<usize> {
        let alike = self.alike.get(key)?;
        if let [only] = *alike.numbers {
            let mut subjects = subjects.filter(|id| rotated(only).content(*id).is_some());
            return subjects.next().map(|_| only);
        }
        let by_subject = alike.by_subject.get_or_init(|| {
            let mut by_subject = BTreeMap::new();
            for number in &alike.numbers {
                let variants = rotated(*number).variants.iter();
                for id in variants.flat_map(|variant| &variant.subjects) {
                    by_subject.entry(*id).or_insert(*number);
                }
            }
            by_subject
        });
        subjects.find_map(|id| by_subject.get(&id).copied())
    }
}

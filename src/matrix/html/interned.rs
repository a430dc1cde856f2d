//! Strings and values of the data, each written once.

use std::collections::BTreeMap;

use super::text::shown;

/// Values with their indices, in the order of their first use.
#[derive(Debug)]
pub(super) struct Interned<T> {
    known: BTreeMap<T, usize>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self {
            known: BTreeMap::new(),
        }
    }
}

impl<T: Ord> Interned<T> {
    /// Returns the index of a value.
    pub(super) fn index(&mut self, value: T) -> usize {
        let next = self.known.len();
        *self.known.entry(value).or_insert(next)
    }

    /// Returns the values in the order of their indices.
    pub(super) fn into_values(self) -> Vec<T> {
        let mut all: Vec<(usize, T)> = self
            .known
            .into_iter()
            .map(|(value, index)| (index, value))
            .collect();
        all.sort_unstable_by_key(|(index, _)| *index);
        all.into_iter().map(|(_, value)| value).collect()
    }
}

impl Interned<String> {
    /// Returns the index of a string as shown: without control characters.
    pub(super) fn text(&mut self, text: &str) -> usize {
        match self.known.get(text) {
            // A string that is known is already shown.
            Some(index) => *index,
            None => self.index(shown(text)),
        }
    }

    /// Returns the index of an optional string; 0 is the empty string, which stands for none.
    pub(super) fn optional(&mut self, text: Option<&str>) -> usize {
        self.text(text.unwrap_or_default())
    }
}

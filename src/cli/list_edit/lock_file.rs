//! The lock, and its lines of the clusters that a command names.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use crate::diagnostic::Diagnostics;
use crate::edit;
use crate::files::{Edits, Files, names};
use crate::input::lock::{self, Key, Lock};
use crate::source::Span;

/// The lock as it is on the disk.
pub(crate) struct LockFile {
    lock: Lock,
    text: Rc<str>,
}

impl LockFile {
    /// Reads the lock if it exists.
    pub(crate) fn read(files: &mut Files, diags: &mut Diagnostics) -> Option<Self> {
        let lock = lock::read(files, diags)?;
        let text = files.sources.text(lock.span.file);
        Some(Self { lock, text })
    }

    /// Returns the locked clusters.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.lock.entries.keys()
    }

    /// Returns the lock with empty lines in place of those whose cluster has one of these names. All other lines keep
    /// their numbers.
    pub(crate) fn without(&self, removed: &[String]) -> String {
        let names: BTreeSet<&str> = removed.iter().map(String::as_str).collect();
        let is_named = |(namespace, name): &Key| {
            names.contains(&**name) || names.contains(&*format!("{namespace}/{name}"))
        };
        let entries = self.lock.entries.iter();
        let found = entries.filter(|(key, _)| is_named(key));
        let spans = found.map(|(_, entry)| entry.span);
        let mut left = String::with_capacity(self.text.len());
        let mut from = 0;
        for range in self.ranges(spans) {
            left += &self.text[from..range.start];
            left.push('\n');
            from = range.end;
        }
        left + &self.text[from..]
    }

    /// Removes lines: those of clusters, and those of objects that belong to no cluster and are not kept.
    pub(crate) fn remove(
        &self,
        edits: &mut Edits,
        keys: impl Iterator<Item = Key>,
        is_kept: &dyn Fn(&str) -> bool,
    ) {
        let entries = keys.filter_map(|key| self.lock.entries.get(&key));
        let objects = self.lock.objects.iter();
        let objects = objects.filter(|(object, _)| !is_kept(object));
        let spans = entries.map(|entry| entry.span);
        let ranges = self.ranges(spans.chain(objects.map(|(_, span)| *span)));
        if let Ok(before) = edits.original(names::LOCK)
            && !ranges.is_empty()
        {
            edits.edit(names::LOCK, Some(edit::cut(&before, &ranges)));
        }
    }

    /// Returns the ranges of lines, in their order in the file.
    fn ranges(&self, spans: impl Iterator<Item = Span>) -> Vec<Range<usize>> {
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_unstable();
        let ranges = spans.iter();
        ranges
            .map(|span| edit::line_range(&self.text, *span))
            .collect()
    }
}

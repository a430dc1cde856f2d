//! The objects that a removal changes in addition to those of the removed clusters.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostic::pluralize;
use crate::plan::SubjectId;
use crate::render::{Output, Rendered};

/// Maximum number of changes that are listed.
const MAX_LISTED: usize = 20;

/// The change of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Added,
    Changed,
    Removed,
}

/// An object that changes.
#[derive(Debug)]
pub(super) struct ChangedObject {
    change: Change,
    object: String,
}

/// Returns the objects that differ between two outputs, except those of removed clusters.
pub(super) fn find_changes(
    before: &Output,
    is_removed: impl Fn(SubjectId) -> bool,
    after: &Output,
) -> Vec<ChangedObject> {
    let known = index(before);
    let mut found = Vec::new();
    let mut rest = index(after);
    for (object, old) in known {
        let change = match rest.remove(&object) {
            None if is_removed(old.subject()) => continue,
            None => Change::Removed,
            Some(new) if is_equal(&old, &new) => continue,
            Some(_) => Change::Changed,
        };
        found.push(ChangedObject { change, object });
    }
    let added = rest.into_keys().map(|object| ChangedObject {
        change: Change::Added,
        object,
    });
    found.extend(added);
    found
}

/// Returns the changes as lines of text.
pub(super) fn list(changes: &[ChangedObject]) -> String {
    let mut text = "other objects that change:\n".to_owned();
    for ChangedObject { change, object } in changes.iter().take(MAX_LISTED) {
        let change = match change {
            Change::Added => "added",
            Change::Changed => "changed",
            Change::Removed => "removed",
        };
        let _ = writeln!(text, "  {change}: {object}");
    }
    if let Some(more) = changes.len().checked_sub(MAX_LISTED + 1) {
        let _ = writeln!(text, "  and {}", pluralize(more + 1, "more object"));
    }
    text
}

/// Returns the objects of an output by their identity.
fn index(output: &Output) -> BTreeMap<String, Rendered<'_>> {
    let objects = output.objects();
    objects
        .map(|object| (object.identity().to_string(), object))
        .collect()
}

/// Returns `true` if two objects have the same bytes and the same cell. An object that moves to another cell could be
/// pruned by the Application of its old cell.
fn is_equal(old: &Rendered<'_>, new: &Rendered<'_>) -> bool {
    old.cell() == new.cell() && old.pieces().flatten().eq(new.pieces().flatten())
}

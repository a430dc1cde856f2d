//! The objects that an edit of lists changes in addition to those of the clusters that it adds or removes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostic::{Code, Diagnostic, pluralize};
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
pub(crate) struct ChangedObject {
    change: Change,
    object: String,
}

/// An output, and whether the edit adds or removes a subject.
type Side<'a> = (&'a Output, &'a dyn Fn(SubjectId) -> bool);

/// Returns the objects that differ between two outputs, except those of clusters that the edit adds or removes.
pub(crate) fn find_changes(
    (before, is_removed): Side<'_>,
    (after, is_added): Side<'_>,
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
    let others = rest.into_iter();
    let others = others.filter(|(_, new)| !is_added(new.subject()));
    let added = others.map(|(object, _)| ChangedObject {
        change: Change::Added,
        object,
    });
    found.extend(added);
    found
}

/// Returns the error about changes that the user did not allow. `changes` and `owners` are parts of its sentence.
pub(crate) fn not_allowed(count: usize, changes: &str, owners: &str) -> Diagnostic {
    let count = pluralize(count, "object");
    let message = format!("{changes} {count} that {owners}");
    Diagnostic::without_location(Code::OtherChanges, message)
        .help("check the list above; to allow these changes, add `--allow-changes`")
}

/// Returns the changes as lines of text.
pub(crate) fn list(changes: &[ChangedObject]) -> String {
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

//! Edits of the lists and the lock that remove clusters.

use crate::cli::list_edit::{list_files, normalize};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::edit;
use crate::files::{Edits, Files, is_pattern};
use crate::input::fleet::Fleet;
use crate::source::{FileId, Span};
use crate::yaml::{self, NoMask};

/// Removes members from a list file. A file of which no member is kept, `is_whole`, is removed if it is a single member.
pub(super) fn remove_members(
    files: &mut Files,
    edits: &mut Edits,
    fleet: &Fleet,
    (file, is_whole): (FileId, bool),
    mut spans: Vec<Span>,
    diags: &mut Diagnostics,
) {
    let path = files.sources.path(file).to_owned();
    let is_single = fleet.clusters.iter().any(|entry| {
        let members = &entry.members;
        let is_single = is_pattern(&members.list.value) || members.at.is_some();
        is_single && list_files(files, members).contains(&path)
    });
    let is_assignments = path
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ending == "env");
    let text = match edits.original(&path) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("cannot read `{path}`: {error}");
            diags.push(Diagnostic::without_location(Code::Io, message));
            return;
        }
    };
    let normalized = normalize(&path, &text);
    let documents = yaml::parse(file, &normalized, &NoMask, &mut Diagnostics::default());
    let documents = documents.unwrap_or_default();
    let is_member = is_assignments
        || is_single
            && is_whole
            && matches!(documents.as_slice(), [only] if only.entries().is_some() && only.get("data").is_none());
    if is_member {
        edits.edit(&path, None);
        return;
    }
    spans.sort_unstable();
    spans.dedup();
    match edit::member_ranges(&normalized, &documents, &spans) {
        Ok(ranges) => edits.edit(&path, Some(edit::cut(&text, &ranges))),
        Err(span) => {
            let message = format!("cannot remove the member from `{path}`");
            let help = "remove the member by hand; then run the command again, to remove its line from fleet.lock";
            diags.push(Diagnostic::new(Code::CannotEdit, span, message).help(help));
        }
    }
}

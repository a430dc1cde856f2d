//! Edits of lists by `add` and `remove`: what both compile, compare and write.

pub(super) mod compare;
pub(super) mod lock_file;

use std::collections::BTreeSet;
use std::rc::Rc;

use super::terminal::{CommandResult, EXIT_ENVIRONMENT, print_stderr, print_stdout};
use crate::diagnostic::{
    Code, Diagnostic, Diagnostics, ErrorsReported, escape_control_chars, join_or,
};
use crate::files::{Edits, Files, names_file};
use crate::input::clusters::Clusters;
use crate::input::fleet::Fleet;
use crate::input::members::Members;
use crate::passes;
use crate::plan;
use crate::render::Output;
use crate::report::SafeLines;
use crate::request::CompileOptions;
use crate::source::Sources;
use crate::yaml::print::Format;

/// Compiles the whole fleet.
pub(super) fn compile(
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Result<(Fleet, Output), ErrorsReported> {
    let options = CompileOptions::from(Format::Json);
    let (fleet, plan) = plan(files, &options, diags)?;
    let output = passes::fill(&fleet, plan, &options, diags)?;
    Ok((fleet, output))
}

/// Writes edits, or prints them as a diff without secrets.
pub(super) fn finish(edits: &Edits, is_dry_run: bool, notes: &str) -> CommandResult {
    if is_dry_run {
        print_stderr(notes);
        let diff = edits.diff(redact);
        return print_stdout(|out| out.write_all(diff.as_bytes()));
    }
    match edits.write() {
        Ok(paths) => {
            print_stderr(&format!("changed {}\n{notes}", paths.join(" and ")));
            Ok(())
        }
        Err(error) => {
            print_stderr(&format!("error: cannot write: {error}\n"));
            Err(EXIT_ENVIRONMENT)
        }
    }
}

/// Replaces the secrets of a file with asterisks.
fn redact(text: &str) -> String {
    let lines = SafeLines::new(text.into());
    let shown = (0..lines.len()).filter_map(|line| lines.redacted(line));
    let mut shown = shown.collect::<Vec<_>>().join("\n");
    if text.ends_with('\n') {
        shown.push('\n');
    }
    shown
}

/// Returns the paths of the files of a list.
pub(super) fn list_files(files: &mut Files, members: &Members) -> BTreeSet<String> {
    let list = &members.list;
    let pattern = files.relative(&list.value, list.span);
    let matched = files.glob_with_captures(&pattern, list.span);
    let paths = matched.into_iter().flatten().map(|(path, _)| path);
    paths.collect()
}

/// Returns the contents of a file as it is parsed.
pub(super) fn normalize(path: &str, text: &str) -> Rc<str> {
    let mut sources = Sources::default();
    let file = sources.add(path, text.to_owned());
    sources.text(file)
}

/// Returns the entry of `clusters` that reads a file.
pub(super) fn find_list<'f>(
    path: &str,
    fleet: &'f Fleet,
    files: &Files,
) -> Result<&'f Clusters, Diagnostic> {
    let pattern = |entry: &Clusters| {
        let list = &entry.members.list;
        files.relative(&list.value, list.span)
    };
    let found: Vec<&Clusters> = fleet
        .clusters
        .iter()
        .filter(|entry| names_file(&pattern(entry), path))
        .collect();
    let shown = escape_control_chars(path);
    match found.as_slice() {
        [entry] if entry.existing => {
            let message = format!("`{shown}` contains manifests of existing clusters");
            Err(
                Diagnostic::new(Code::CannotEdit, entry.members.list.span, message)
                    .help("add the manifest of the Cluster to the file"),
            )
        }
        [entry] => Ok(entry),
        [] => {
            let lists: Vec<String> = fleet.clusters.iter().map(pattern).collect();
            let message = format!("no list in `clusters` contains the file `{shown}`");
            let lists = join_or(lists.iter().map(String::as_str));
            Err(Diagnostic::without_location(Code::UnknownName, message)
                .help(format!("pass a file of {lists}")))
        }
        [first, second, ..] => {
            let message = format!("two lists in `clusters` contain the file `{shown}`");
            Err(
                Diagnostic::new(Code::CannotEdit, first.members.list.span, message)
                    .related(second.members.list.span, "the other list")
                    .help("edit the list by hand"),
            )
        }
    }
}

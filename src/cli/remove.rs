//! `kubectl fleet remove`

mod effects;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use clap::Args;

use super::session::Session;
use super::terminal::{CommandResult, EXIT_ENVIRONMENT, print_stderr, print_stdout};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported};
use crate::edit;
use crate::files::{Edits, Files, is_pattern, names};
use crate::input::fleet::Fleet;
use crate::input::lock;
use crate::model::Cluster;
use crate::plan;
use crate::plan::Plan;
use crate::request::CompileOptions;
use crate::source::{FileId, Span};
use crate::yaml::print::Format;
use crate::yaml::{self, NoMask};
use effects::effects;

/// Remove clusters from their lists and from fleet.lock.
///
/// Comments and order of other entries remain. The command compiles the fleet without the clusters
/// first, and writes no file unless exactly these clusters are removed. Argo CD deletes their objects
/// after you merge the change and confirm the deletion.
#[derive(Args)]
#[command(after_help = "Examples:
  # Show the change
  kubectl fleet remove capi-eks-user1 --dry-run

  # Remove two clusters
  kubectl fleet remove capi-eks-user1 capi-eks-user2")]
pub(super) struct Remove {
    /// Names of the clusters
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// Print the change as a diff, and write no file
    #[arg(long)]
    dry_run: bool,
}

impl Remove {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut session = Session::open(chdir, Path::new("."))?;
        let Ok((edits, notes)) = self.edit(&mut session) else {
            return Err(session.finish().reject("no file was changed"));
        };
        if self.dry_run {
            print_stderr(&notes);
            let diff = edits.diff();
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

    /// Edits the files in memory, and compiles the edited fleet to verify the change. Also returns what happens to
    /// the add-ons of the clusters.
    fn edit(&self, session: &mut Session) -> Result<(Rc<Edits>, String), ErrorsReported> {
        let options = CompileOptions::from(Format::Json);
        let (fleet, before) = session.plan()?;
        let Session { disk, files, diags } = session;
        let mut edits = Edits::new(Rc::clone(disk));
        let removed = self.find_clusters(&before, diags);
        diags.checkpoint()?;
        let mut spans: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
        for cluster in &removed {
            spans
                .entry(cluster.span.file)
                .or_default()
                .push(cluster.span);
        }
        for (file, spans) in spans {
            remove_members(files, &mut edits, &fleet, file, spans, diags);
        }
        remove_lock_lines(files, &mut edits, &removed, diags);
        diags.checkpoint()?;
        let removed: BTreeSet<&str> = removed
            .iter()
            .map(|cluster| &**cluster.name.as_rc())
            .collect();
        let edits = Rc::new(edits);
        let mut edited = Files::new(Rc::<Edits>::clone(&edits));
        let mut errors = Diagnostics::default();
        let Ok((_, after)) = plan(&mut edited, &options, &mut errors) else {
            // The locations of these errors refer to the edited files.
            *diags = errors;
            files.sources = edited.sources;
            return Err(ErrorsReported);
        };
        let is_kept = |cluster: &&Cluster| !removed.contains(&**cluster.name.as_rc());
        let kept: Vec<&Cluster> = before.clusters.iter().filter(is_kept).collect();
        let mut pairs = kept.iter().zip(&after.clusters);
        let is_exact = kept.len() == after.clusters.len();
        if !is_exact || !pairs.all(|(before, after)| before.is_same(after)) {
            let message = "cannot remove exactly these clusters from their lists";
            diags.push(
                Diagnostic::without_location(Code::CannotEdit, message)
                    .help("edit the lists and fleet.lock by hand"),
            );
        }
        diags.checkpoint()?;
        let clusters = before.clusters.iter().enumerate();
        let removed = clusters.filter(|(_, cluster)| removed.contains(&**cluster.name.as_rc()));
        let removed: Vec<usize> = removed.map(|(index, _)| index).collect();
        let notes = effects(&before, fleet.safety.deletion, &removed);
        Ok((edits, notes))
    }

    fn find_clusters<'a>(&self, plan: &'a Plan, diags: &mut Diagnostics) -> Vec<&'a Cluster> {
        let names = || plan.clusters.iter().map(|cluster| &**cluster.name.as_rc());
        let find = |name: &String| {
            let cluster = plan
                .clusters
                .iter()
                .find(|cluster| **cluster.name.as_rc() == **name);
            if cluster.is_none() {
                let message = format!("there is no cluster `{name}`");
                let help = diags.suggestions.did_you_mean(name, names);
                diags.push(Diagnostic::without_location(Code::UnknownCluster, message).help(help));
            }
            cluster
        };
        self.names.iter().filter_map(find).collect()
    }
}

/// Removes members from a list file, or the whole file if it contains a single member.
fn remove_members(
    files: &mut Files,
    edits: &mut Edits,
    fleet: &Fleet,
    file: FileId,
    mut spans: Vec<Span>,
    diags: &mut Diagnostics,
) {
    let path = files.sources.path(file).to_owned();
    let mut text = files.sources.text(file).to_string();
    let is_single = fleet.clusters.iter().any(|entry| {
        let list = &entry.members.list;
        let pattern = files.relative(&list.value, list.span);
        let matched = files.glob_with_captures(&pattern, list.span);
        let is_matched = matched.is_ok_and(|files| files.iter().any(|(file, _)| *file == path));
        is_matched && (is_pattern(&pattern) || entry.members.at.is_some())
    });
    // From the last to the first, because a removal moves all spans after it.
    spans.sort_unstable_by(|a, b| b.cmp(a));
    for span in spans {
        let documents = yaml::parse(file, &text, &NoMask, &mut Diagnostics::default());
        let documents = documents.unwrap_or_default();
        let is_assignments = path
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ending == "env");
        let is_whole = is_assignments
            || is_single
                && matches!(documents.as_slice(), [only] if only.entries().is_some() && only.get("data").is_none());
        if is_whole {
            edits.edit(&path, None);
            return;
        }
        let Some(edited) = edit::remove_member(&text, &documents, span) else {
            let message = format!("cannot remove the member from `{path}`");
            diags.push(
                Diagnostic::new(Code::CannotEdit, span, message).help("remove the member by hand"),
            );
            return;
        };
        text = edited;
    }
    edits.edit(&path, Some(text));
}

/// Removes the lines of clusters from the lock.
fn remove_lock_lines(
    files: &mut Files,
    edits: &mut Edits,
    clusters: &[&Cluster],
    diags: &mut Diagnostics,
) {
    let Some(lock) = lock::read(files, diags) else {
        return;
    };
    let key = |cluster: &&Cluster| {
        let (namespace, name) = (cluster.namespace.as_rc(), cluster.name.as_rc());
        (Rc::clone(namespace), Rc::clone(name))
    };
    let lines = clusters
        .iter()
        .filter_map(|cluster| lock.entries.get(&key(cluster)));
    let mut spans: Vec<Span> = lines.map(|entry| entry.span).collect();
    spans.sort_unstable_by(|a, b| b.cmp(a));
    let before = files.sources.text(lock.span.file).to_string();
    let after = spans
        .iter()
        .fold(before.clone(), |text, span| edit::remove_line(&text, *span));
    if after != before {
        edits.edit(names::LOCK, Some(after));
    }
}

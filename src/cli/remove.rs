//! `kubectl fleet remove`

mod edits;
mod effects;
mod find;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use clap::Args;

use super::list_edit::lock_file::LockFile;
use super::list_edit::{self, compare, compile};
use super::session::Session;
use super::terminal::{CommandResult, print_stderr};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported};
use crate::files::{Edits, Files, names};
use crate::model::Cluster;
use crate::passes::inventory::Inventory;
use crate::plan::SubjectId;
use crate::render::Output;
use crate::source::{FileId, Span};
use effects::effects;
use find::Found;

/// Remove clusters from their lists and from fleet.lock.
///
/// Comments and order of other entries remain. If the entry of a cluster is removed already, its line in
/// fleet.lock is removed. The command compiles the fleet without the clusters
/// first, and writes no file if another cluster changes. Changes of objects that do not belong to the
/// removed clusters alone are listed, and must be allowed. Argo CD deletes the objects of the clusters
/// after you merge the change and confirm the deletion.
#[derive(Args)]
#[command(after_help = "Examples:
  # Show the change
  kubectl fleet remove capi-eks-user1 --dry-run

  # Remove two clusters
  kubectl fleet remove capi-eks-user1 capi-eks-user2

  # Remove the last cluster of a group, and so the objects of the group
  kubectl fleet remove capi-eks-user3 --allow-changes")]
pub(super) struct Remove {
    /// Names of the clusters, as NAME or NAMESPACE/NAME, or keys of their members
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// Print the change as a diff without secrets, and write no file
    #[arg(long)]
    dry_run: bool,
    /// Allow changes of objects that do not belong to the removed clusters alone
    #[arg(long)]
    allow_changes: bool,
}

impl Remove {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut session = Session::open(chdir, Path::new("."))?;
        let Ok((edits, notes)) = self.edit(&mut session) else {
            return Err(session.finish().reject("no file was changed"));
        };
        list_edit::finish(&edits, self.dry_run, &notes)
    }

    /// Edits the files in memory, and compiles the edited fleet to verify the change. Also returns what happens to
    /// the add-ons of the clusters.
    fn edit(&self, session: &mut Session) -> Result<(Rc<Edits>, String), ErrorsReported> {
        let Session { disk, files, diags } = session;
        let lock = LockFile::read(files, diags);
        diags.checkpoint()?;
        if let Some(lock) = &lock {
            // A list entry might be removed already, so that only its line in the lock remains.
            let mut without = Edits::new(Rc::clone(disk));
            without.edit(names::LOCK, Some(lock.without(&self.names)));
            *files = Files::new(Rc::new(without));
        }
        let (fleet, before) = compile(files, diags)?;
        let clusters = &before.plan.clusters;
        let entries = lock.iter().flat_map(LockFile::keys);
        let Found { removed, lines } =
            find::find_clusters(&self.names, files, &fleet, clusters, entries, diags);
        diags.checkpoint()?;
        let is_kept = |index: &usize| !removed.contains(index);
        let kept: Vec<&Cluster> = (0..clusters.len())
            .filter(is_kept)
            .map(|index| &clusters[index])
            .collect();
        let mut edit = |is_kept: &dyn Fn(&str) -> bool, diags: &mut Diagnostics| {
            let mut edits = Edits::new(Rc::clone(disk));
            if let Some(lock) = &lock {
                let of_clusters = removed.iter().map(|at| find::lock_key(&clusters[*at]));
                let keys = of_clusters.chain(lines.iter().cloned());
                lock.remove(&mut edits, keys, is_kept);
            }
            let mut members: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
            for index in &removed {
                let span = clusters[*index].span;
                members.entry(span.file).or_default().push(span);
            }
            for (file, spans) in members {
                let is_whole = kept.iter().all(|cluster| cluster.span.file != file);
                edits::remove_members(files, &mut edits, &fleet, (file, is_whole), spans, diags);
            }
            diags.checkpoint().map(|()| Rc::new(edits))
        };
        // Objects of groups can disappear with their last cluster: they are compared below.
        let edits = edit(&|_| false, diags)?;
        let mut edited = Files::new(Rc::<Edits>::clone(&edits));
        let mut errors = Diagnostics::default();
        let Ok((_, after)) = compile(&mut edited, &mut errors) else {
            // The locations of these errors refer to the edited files.
            *diags = errors;
            files.sources = edited.sources;
            return Err(ErrorsReported);
        };
        let mut pairs = kept.iter().zip(&after.plan.clusters);
        let is_exact = kept.len() == after.plan.clusters.len();
        if !is_exact || !pairs.all(|(before, after)| before.is_same(after)) {
            let message = "cannot remove exactly these clusters from their lists";
            diags.push(
                Diagnostic::without_location(Code::CannotEdit, message)
                    .help("edit the lists and fleet.lock by hand"),
            );
        }
        diags.checkpoint()?;
        self.check_changes(&before, &removed, &after, diags)?;
        let removed: Vec<usize> = removed.iter().copied().collect();
        let objects = Inventory::new(&after.plan).fleet;
        let edits = edit(&|object| objects.contains(object), diags)?;
        let notes = effects(&before.plan, fleet.safety.deletion, &removed);
        Ok((edits, notes))
    }

    /// Lists changes of objects that are not those of the removed clusters.
    fn check_changes(
        &self,
        before: &Output,
        removed: &BTreeSet<usize>,
        after: &Output,
        diags: &mut Diagnostics,
    ) -> Result<(), ErrorsReported> {
        let is_removed = |subject: SubjectId| {
            let index = subject.cluster_index();
            index.is_some_and(|index| removed.contains(&index))
        };
        let changes = compare::find_changes((before, &is_removed), (after, &|_| false));
        if changes.is_empty() {
            return Ok(());
        }
        print_stderr(&compare::list(&changes));
        if !self.allow_changes && !self.dry_run {
            diags.push(compare::not_allowed(
                changes.len(),
                "the removal also changes",
                "the removed clusters do not own",
            ));
        }
        diags.checkpoint()
    }
}

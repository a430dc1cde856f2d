//! `kubectl fleet remove`

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use clap::Args;

use super::session::Session;
use super::terminal::{CommandResult, EXIT_ENVIRONMENT, print_stderr, print_stdout};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported, did_you_mean};
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
use crate::yaml::{self, Unmasked};

/// Remove clusters from their lists and from fleet.lock, together.
///
/// Only their entries go: comments and order stay. The fleet is compiled without them first, and
/// nothing is written unless exactly these clusters are gone. Their objects are deleted once the
/// change is merged and Argo CD has been told to confirm.
#[derive(Args)]
#[command(after_help = "Examples:
  # See what would change
  kubectl fleet remove capi-eks-user1 --dry-run

  # Remove two clusters
  kubectl fleet remove capi-eks-user1 capi-eks-user2")]
pub(super) struct Remove {
    /// The clusters' names
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// Print the change as a diff, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Remove {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut session = Session::open(chdir, Path::new("."))?;
        let Ok(edits) = self.edit(&mut session) else {
            return Err(session.finish().reject("nothing was changed"));
        };
        if self.dry_run {
            let diff = edits.diff();
            return print_stdout(|out| out.write_all(diff.as_bytes()));
        }
        match edits.write() {
            Ok(paths) => {
                print_stderr(&format!("changed {}\n", paths.join(" and ")));
                Ok(())
            }
            Err(error) => {
                print_stderr(&format!("error: cannot write: {error}\n"));
                Err(EXIT_ENVIRONMENT)
            }
        }
    }

    /// Edits the files in memory, and compiles the fleet that they make.
    fn edit(&self, session: &mut Session) -> Result<Rc<Edits>, ErrorsReported> {
        let options = CompileOptions::from(Format::Json);
        let (fleet, before) = session.plan()?;
        let Session { disk, files, diags } = session;
        let mut edits = Edits::new(Rc::clone(disk));
        let wanted = self.find_clusters(&before, diags);
        diags.checkpoint()?;
        let mut places: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
        for cluster in &wanted {
            places
                .entry(cluster.span.file)
                .or_default()
                .push(cluster.span);
        }
        for (file, places) in places {
            remove_members(files, &mut edits, &fleet, file, places, diags);
        }
        remove_lock_lines(files, &mut edits, &wanted, diags);
        diags.checkpoint()?;
        let gone: BTreeSet<&str> = wanted
            .iter()
            .map(|cluster| &**cluster.name.as_rc())
            .collect();
        let edits = Rc::new(edits);
        let mut edited = Files::new(Rc::<Edits>::clone(&edits));
        let mut found = Diagnostics::default();
        let Ok((_, after)) = plan(&mut edited, &options, &mut found) else {
            // The mistakes are of the edited texts, and so are their places.
            *diags = found;
            files.sources = edited.sources;
            return Err(ErrorsReported);
        };
        let stays = |one: &&Cluster| !gone.contains(&**one.name.as_rc());
        let kept: Vec<&Cluster> = before.clusters.iter().filter(stays).collect();
        let mut pairs = kept.iter().zip(&after.clusters);
        let is_exact = kept.len() == after.clusters.len();
        if !is_exact || !pairs.all(|(one, left)| one.is_same(left)) {
            let message = "the lists cannot be edited so that exactly these clusters are gone";
            diags.push(
                Diagnostic::without_location(Code::CannotEdit, message).help("edit them by hand"),
            );
        }
        diags.checkpoint()?;
        Ok(edits)
    }

    fn find_clusters<'a>(&self, plan: &'a Plan, diags: &mut Diagnostics) -> Vec<&'a Cluster> {
        let names = || plan.clusters.iter().map(|cluster| &**cluster.name.as_rc());
        let find = |name: &String| {
            let found = plan
                .clusters
                .iter()
                .find(|cluster| **cluster.name.as_rc() == **name);
            if found.is_none() {
                let message = format!("there is no cluster `{name}`");
                let help = did_you_mean(name, names().collect::<Vec<_>>());
                diags.push(Diagnostic::without_location(Code::UnknownCluster, message).help(help));
            }
            found
        };
        self.names.iter().filter_map(find).collect()
    }
}

/// Cuts members out of a list; a file that is one member goes as a whole.
fn remove_members(
    files: &mut Files,
    edits: &mut Edits,
    fleet: &Fleet,
    file: FileId,
    mut places: Vec<Span>,
    diags: &mut Diagnostics,
) {
    let path = files.sources.path(file).to_owned();
    let mut text = files.sources.text(file).to_string();
    let is_single = fleet.clusters.iter().any(|entry| {
        let list = &entry.members.list;
        let pattern = files.relative(&list.value, list.span);
        let matched = files.glob_with_captures(&pattern, list.span);
        let is_of_it = matched.is_ok_and(|found| found.iter().any(|(found, _)| *found == path));
        is_of_it && (is_pattern(&pattern) || entry.members.at.is_some())
    });
    // From the last to the first: what stands before a cut keeps its place.
    places.sort_unstable_by(|a, b| b.cmp(a));
    for place in places {
        let documents = yaml::parse(file, &text, &Unmasked, &mut Diagnostics::default());
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
        let Some(edited) = edit::without_member(&text, &documents, place) else {
            let message = format!("the member cannot be cut out of `{path}`");
            diags.push(Diagnostic::new(Code::CannotEdit, place, message).help("edit it by hand"));
            return;
        };
        text = edited;
    }
    edits.edit(&path, Some(text));
}

/// Cuts the clusters' lines out of the lock.
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
    let mut places: Vec<Span> = lines.map(|entry| entry.span).collect();
    places.sort_unstable_by(|a, b| b.cmp(a));
    let before = files.sources.text(lock.span.file).to_string();
    let after = places.iter().fold(before.clone(), |text, place| {
        edit::without_line(&text, *place)
    });
    if after != before {
        edits.edit(names::LOCK, Some(after));
    }
}

//! `kubectl fleet add`

mod assignments;
mod field;
mod place;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::rc::Rc;

use clap::Args;

use super::list_edit::lock_file::LockFile;
use super::list_edit::{self, compare, compile, find_list, normalize};
use super::session::Session;
use super::terminal::{CommandResult, EXIT_USAGE, print_stderr};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported, escape_control_chars};
use crate::edit;
use crate::files::{Disk, Edits, Files, names, normalize as normalize_path};
use crate::input::fleet::Fleet;
use crate::input::lock::Key;
use crate::model::Cluster;
use crate::plan::SubjectId;
use crate::render::Output;
use field::FieldValue;
use place::Placed;

/// Add a cluster to its list.
///
/// Comments and order of other entries remain. The command compiles the fleet with the cluster first, and writes no
/// file if there is an error, or if another cluster changes. Changes of objects that do not belong to the new cluster
/// alone are listed, and must be allowed. fleet.lock remains as it is: run `kubectl fleet lock` to add the cluster.
///
/// A VALUE has the type that `fields` declares. Without a declared type, it is read as YAML in a list: a number, `true`,
/// `null`, a string in quotes, or a sequence or mapping such as `[a, b]`. Any other VALUE is a string.
#[derive(Args)]
#[command(after_help = "Examples:
  # Show the change
  kubectl fleet add capi-eks-user9 --list users.yaml type=staging --dry-run

  # Add a cluster with two fields
  kubectl fleet add capi-eks-user9 --list users.yaml type=staging size=3

  # Add a file, for a list with a wildcard
  kubectl fleet add capi-eks-user9 --list clusters/capi-eks-user9.yaml")]
pub(super) struct Add {
    /// Name of the member
    #[arg(value_name = "NAME")]
    name: String,
    /// Fields of the member
    #[arg(value_name = "FIELD=VALUE", value_parser = field::parse)]
    fields: Vec<(String, String)>,
    /// File of a list in `clusters`; created if the list has a wildcard that matches it
    #[arg(long, value_name = "FILE")]
    list: String,
    /// Print the change as a diff without secrets, and write no file
    #[arg(long)]
    dry_run: bool,
    /// Allow changes of objects that do not belong to the new cluster alone
    #[arg(long)]
    allow_changes: bool,
}

impl Add {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut known = BTreeSet::new();
        if let Some((twice, _)) = self.fields.iter().find(|(name, _)| !known.insert(name)) {
            let name = escape_control_chars(twice);
            print_stderr(&format!("error: the field `{name}` is set twice\n"));
            return Err(EXIT_USAGE);
        }
        let mut session = Session::open(chdir, Path::new("."))?;
        let Ok((edits, notes)) = self.edit(&mut session) else {
            return Err(session.finish().reject("no file was changed"));
        };
        list_edit::finish(&edits, self.dry_run, &notes)
    }

    /// Edits the list in memory, and compiles the edited fleet to verify the change. Also returns what remains to be
    /// done.
    fn edit(&self, session: &mut Session) -> Result<(Rc<Edits>, String), ErrorsReported> {
        let Session { disk, files, diags } = session;
        let lock = LockFile::read(files, diags);
        diags.checkpoint()?;
        if let Some(lock) = &lock {
            // The entry might have been removed by accident, so that its line in the lock remains.
            let mut without = Edits::new(Rc::clone(disk));
            let name = std::slice::from_ref(&self.name);
            without.edit(names::LOCK, Some(lock.without(name)));
            *files = Files::new(Rc::new(without));
        }
        let (fleet, before) = compile(files, diags)?;
        let path = normalize_path(&self.list, None).map_err(|error| report(diags, error))?;
        let entry = find_list(&path, &fleet, files).map_err(|error| report(diags, error))?;
        if self
            .fields
            .iter()
            .any(|(name, _)| *name == entry.members.key.value)
        {
            let key = &entry.members.key.value;
            let message = format!("`{key}` is the key of the list, which NAME sets");
            let help = format!("remove the argument `{key}=…`");
            return Err(report(
                diags,
                Diagnostic::without_location(Code::InvalidValue, message).help(help),
            ));
        }
        let fields = field::typed(&self.fields, &entry.members, fleet.span.file);
        let placed = Placed {
            members: &entry.members,
            path: &path,
            name: &self.name,
            fields: &fields,
        };
        let edits = insert(disk, &fleet, &placed).map_err(|error| report(diags, error))?;
        let mut edited = Files::new(Rc::<Edits>::clone(&edits));
        let mut errors = Diagnostics::default();
        let Ok((_, after)) = compile(&mut edited, &mut errors) else {
            // The locations of these errors refer to the edited files.
            *diags = errors;
            files.sources = edited.sources;
            return Err(ErrorsReported);
        };
        let Some(added) = find_added(&before.plan.clusters, &after.plan.clusters) else {
            let message = format!("cannot add exactly one cluster to `{path}`");
            return Err(report(
                diags,
                Diagnostic::without_location(Code::CannotEdit, message)
                    .help("edit the list by hand"),
            ));
        };
        let cluster = &after.plan.clusters[added];
        check_fields(cluster, &placed).map_err(|error| report(diags, error))?;
        self.check_changes(&before, (&after, added), diags)?;
        Ok((edits, note(cluster, lock.as_ref())))
    }

    /// Lists changes of objects that are not those of the new cluster.
    fn check_changes(
        &self,
        before: &Output,
        (after, added): (&Output, usize),
        diags: &mut Diagnostics,
    ) -> Result<(), ErrorsReported> {
        let is_added = |subject: SubjectId| subject.cluster_index() == Some(added);
        let changes = compare::find_changes((before, &|_| false), (after, &is_added));
        if changes.is_empty() {
            return Ok(());
        }
        print_stderr(&compare::list(&changes));
        if !self.allow_changes && !self.dry_run {
            diags.push(compare::not_allowed(
                changes.len(),
                "the new cluster also changes",
                "it does not own",
            ));
        }
        diags.checkpoint()
    }
}

fn report(diags: &mut Diagnostics, error: Diagnostic) -> ErrorsReported {
    diags.push(error);
    ErrorsReported
}

/// Inserts the member into its file, which is created if it does not exist.
fn insert(disk: &Rc<Disk>, fleet: &Fleet, placed: &Placed<'_>) -> Result<Rc<Edits>, Diagnostic> {
    let mut edits = Edits::new(Rc::clone(disk));
    let path = placed.path;
    let text = match edits.original(path) {
        Ok(text) => {
            let normalized = normalize(path, &text);
            let insertions = placed.insertions(fleet.span.file, &normalized)?;
            edit::splice(&text, &insertions)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => placed.new_file()?,
        Err(error) => {
            let message = format!("cannot read `{path}`: {error}");
            return Err(Diagnostic::without_location(Code::Io, message));
        }
    };
    edits.edit(path, Some(text));
    Ok(Rc::new(edits))
}

/// Returns the index of the only new cluster, or `None` if another cluster differs.
fn find_added(before: &[Cluster], after: &[Cluster]) -> Option<usize> {
    let is_same = |(before, after): &(&Cluster, &Cluster)| before.is_same(after);
    let added = before.iter().zip(after).take_while(is_same).count();
    let rest = before[added..].iter();
    let is_rest =
        after.len() == before.len() + 1 && rest.zip(&after[added + 1..]).all(|pair| is_same(&pair));
    is_rest.then_some(added)
}

/// Checks that the cluster has the name and the fields that were passed.
fn check_fields(cluster: &Cluster, placed: &Placed<'_>) -> Result<(), Diagnostic> {
    let read = |name: &str| cluster.variables.get(name);
    let key = &*placed.members.key.value;
    let is_read = |field: &&FieldValue| match read(&field.name) {
        // A format with only strings converts them to declared types.
        Some(found) => {
            *found == field.node || found.text() == field.node.text().or(Some(&field.text))
        }
        None => field.node.is_null(),
    };
    let wrong = if read(key).and_then(|found| found.text()) == Some(placed.name) {
        let mut fields = placed.fields.iter();
        fields
            .find(|field| !is_read(field))
            .map(|field| &*field.name)
    } else {
        Some(key)
    };
    let Some(wrong) = wrong else {
        return Ok(());
    };
    let message = format!(
        "the format of `{}` cannot contain the value of `{wrong}`",
        placed.path
    );
    Err(Diagnostic::without_location(Code::CannotEdit, message).help("choose another value"))
}

/// Returns what remains to be done.
fn note(cluster: &Cluster, lock: Option<&LockFile>) -> String {
    let is_locked = |(namespace, name): &Key| {
        **namespace == **cluster.namespace.as_rc() && **name == **cluster.name.as_rc()
    };
    match lock {
        Some(lock) if !lock.keys().any(is_locked) => {
            "note: run `kubectl fleet lock` to add the cluster to fleet.lock\n".to_owned()
        }
        _ => String::new(),
    }
}

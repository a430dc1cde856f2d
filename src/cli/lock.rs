//! `kubectl fleet lock`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;

use super::session::Session;
use super::terminal::{CommandResult, EXIT_ENVIRONMENT, print_stderr};
use crate::compile;
use crate::diagnostic::{Diagnostics, pluralize};
use crate::files::Edits;
use crate::files::names::LOCK;
use crate::input::lock;
use crate::model::Cell;
use crate::passes::locked_objects::ClusterObjects;
use crate::yaml::print::Format;

/// Add new clusters to fleet.lock.
///
/// A cluster in fleet.lock can neither be deleted nor move to another cell. To delete a cluster, you
/// must also remove its line. This command adds lines, and never removes one.
#[derive(Args)]
#[command(after_help = "Examples:
  # Lock every cluster of the fleet in this directory
  kubectl fleet lock")]
pub(super) struct Lock {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

impl Lock {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut session = Session::open(chdir, &self.dir)?;
        let Ok((fleet, plan)) = session.plan() else {
            return Err(session.finish().reject("no cluster was locked"));
        };
        let Some(objects) = ClusterObjects::new(&plan, &fleet) else {
            // A name cannot be substituted, which the whole compilation reports.
            session.diags = Diagnostics::default();
            _ = compile(&mut session.files, Format::Json, &mut session.diags);
            return Err(session.finish().reject("no cluster was locked"));
        };
        let files = &mut session.files;
        let before = match files.read(LOCK, None) {
            Ok(file) => files.sources.text(file),
            Err(_) => Rc::default(),
        };
        let lines = plan.clusters.iter().enumerate().map(|(index, cluster)| {
            let cell = cluster.cell.clone().map(Cell::Named);
            let name = (&**cluster.namespace.as_rc(), &**cluster.name.as_rc());
            lock::line(name, cell.as_ref(), &objects.locked(index, cluster))
        });
        let (after, added) = merge_lines(&before, lines);
        let mut edits = Edits::new(session.disk);
        if added > 0 {
            edits.edit(LOCK, Some(after));
        }
        if let Err(error) = edits.write() {
            print_stderr(&format!("error: cannot write {LOCK}: {error}\n"));
            return Err(EXIT_ENVIRONMENT);
        }
        print_stderr(&format!("{LOCK}: {} added\n", pluralize(added, "line")));
        Ok(())
    }
}

/// Adds lines to a lock, sorts them, and returns the number of new lines.
///
/// Each comment remains above its line.
fn merge_lines(before: &str, lines: impl Iterator<Item = String>) -> (String, usize) {
    let mut blocks: BTreeMap<String, String> = BTreeMap::new();
    let mut comments = String::new();
    for line in before.lines() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            comments.push_str(line);
            comments.push('\n');
        } else {
            let key = line.split_whitespace().next().unwrap_or_default();
            let block = format!("{}{}\n", std::mem::take(&mut comments), line.trim());
            blocks.insert(key.to_owned(), block);
        }
    }
    let known = blocks.len();
    for line in lines {
        let key = line.split_whitespace().next().unwrap_or_default();
        blocks.entry(key.to_owned()).or_insert(line);
    }
    let added = blocks.len() - known;
    let text: String = blocks.into_values().chain([comments]).collect();
    (text, added)
}

#[cfg(test)]
mod tests {
    use super::merge_lines;

    #[test]
    fn new_lines_are_sorted_and_comments_remain() {
        let before = "# the first\na/a eu\n\n# the last\nz/z eu\n# end\n";
        let lines = ["m/m eu\n", "a/a eu\n"].map(ToOwned::to_owned);
        let (after, added) = merge_lines(before, lines.into_iter());
        assert_eq!(
            after,
            "# the first\na/a eu\nm/m eu\n\n# the last\nz/z eu\n# end\n"
        );
        assert_eq!(added, 1);
    }
}

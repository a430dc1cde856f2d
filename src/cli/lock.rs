//! `kubectl fleet lock`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;

use super::session::Session;
use super::terminal::{CommandResult, EXIT_ENVIRONMENT, print_stderr};
use crate::diagnostic::pluralize;
use crate::files::Edits;
use crate::files::names::LOCK;
use crate::input::lock;
use crate::model::Cell;

/// Add the clusters that are new to fleet.lock.
///
/// A cluster that is in fleet.lock cannot vanish, nor change its cell: to delete it, its line has to
/// be removed, too. Lines are added and never removed here.
#[derive(Args)]
#[command(after_help = "Examples:
  # Lock every cluster of the fleet in this folder
  kubectl fleet lock")]
pub(super) struct Lock {
    /// The folder that holds fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

impl Lock {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut session = Session::open(chdir, &self.dir)?;
        let Ok((_, plan)) = session.plan() else {
            return Err(session.finish().reject("nothing was locked"));
        };
        let files = &mut session.files;
        let before = match files.read(LOCK, None) {
            Ok(file) => files.sources.text(file),
            Err(_) => Rc::default(),
        };
        let lines = plan.clusters.iter().map(|cluster| {
            let cell = cluster.cell.clone().map(Cell::Named);
            lock::line(
                cluster.namespace.as_rc(),
                cluster.name.as_rc(),
                cell.as_ref(),
            )
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

/// A lock with lines added, sorted. Comments stay above the line that they stood above.
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
    fn lines_are_added_where_they_belong_and_comments_stay() {
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

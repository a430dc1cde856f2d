//! `kubectl fleet schema`

use std::path::Path;

use clap::Args;

use super::list_edit::find_list;
use super::session::Session;
use super::terminal::{CommandResult, print_stdout};
use crate::diagnostic::ErrorsReported;
use crate::files::normalize;
use crate::input::fleet::Fleet;
use crate::input::read_fleet;
use crate::schema;

/// Print a JSON Schema of fleet.yaml or of a list, for editors and portals.
///
/// An editor with the YAML language server checks a file that begins with `# yaml-language-server: $schema=FILE`.
#[derive(Args)]
#[command(after_help = "Examples:
  # Update the schema that the first line of fleet.yaml names
  kubectl fleet schema > fleet.schema.json

  # Print the schema of a list, from its `fields`
  kubectl fleet schema --list users.yaml -C examples/eks

  # Print the schema of one member, for a form
  kubectl fleet schema --list users.yaml --member -C examples/eks")]
pub(super) struct Schema {
    /// Print the schema of this file of a list in `clusters`
    #[arg(long, value_name = "FILE")]
    list: Option<String>,
    /// Print the schema of one member of the list, with its name
    #[arg(long, requires = "list")]
    member: bool,
}

impl Schema {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let Some(list) = &self.list else {
            let schema = schema::fleet();
            return print_stdout(|out| writeln!(out, "{schema:#}"));
        };
        let mut session = Session::open(chdir, Path::new("."))?;
        let Ok(fleet) = self.read(list, &mut session) else {
            return Err(session.finish().report());
        };
        print_stdout(|out| writeln!(out, "{fleet:#}"))
    }

    /// Reads fleet.yaml, and returns the schema of a list.
    fn read(&self, list: &str, session: &mut Session) -> Result<serde_json::Value, ErrorsReported> {
        let Session { files, diags, .. } = session;
        let fleet: Fleet = read_fleet(files, diags)?;
        let path = normalize(list, None).map_err(|error| diags.push(error));
        let path = path.map_err(|()| ErrorsReported)?;
        let entry = find_list(&path, &fleet, files).map_err(|error| diags.push(error));
        let members = &entry.map_err(|()| ErrorsReported)?.members;
        Ok(if self.member {
            schema::member(members)
        } else {
            schema::list(members)
        })
    }
}

//! `kubectl fleet validate`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::output_selection::OutputSelection;
use super::session::{Compiled, compile_dir, fleet_dir};
use super::terminal::{CommandResult, EXIT_VALIDATION_FAILED, print_stderr, print_stdout};
use crate::diagnostic::{and_more, pluralize};
use crate::passes::check::MAX_OBJECT_BYTES;
use crate::plan::{Creator, SubjectId};
use crate::render::{Output, Rendered};
use crate::report;
use crate::yaml::print::Format;

/// Report all errors of a fleet, and warnings about likely errors.
///
/// Reports every error that would make `generate` fail. The exit code is 1 if there is an error of any
/// kind, and 0 if there are only warnings.
#[derive(Args)]
#[command(after_help = "Examples:
  # Validate the fleet in this directory
  kubectl fleet validate

  # List all errors of another directory as JSON
  kubectl fleet validate examples/eks -o json")]
pub(super) struct Validate {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Format of the messages
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = MessageFormat::Text)]
    output: MessageFormat,
    #[command(flatten)]
    selection: OutputSelection,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum MessageFormat {
    /// Messages with their source lines, on stderr
    Text,
    /// One JSON object with all messages, on stdout
    Json,
}

impl Validate {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let Compiled { output, findings } =
            compile_in_both_formats(&fleet_dir(chdir, &self.dir), &self.selection);
        let notes: Vec<String> = output
            .as_ref()
            .and_then(shared_objects)
            .into_iter()
            .collect();
        if self.output == MessageFormat::Json {
            let json = report::render_json(&findings.diagnostics, &notes, &findings.sources);
            print_stdout(|out| out.write_all(json.as_bytes()))?;
        } else {
            findings.report();
            let objects = output
                .as_ref()
                .map(|output| format!("{}, ", pluralize(output.count, "object")));
            let summary = report::summarize(&findings.diagnostics);
            let notes: String = notes
                .iter()
                .flat_map(|note| ["note: ", note, "\n"])
                .collect();
            print_stderr(&format!(
                "{notes}{}{summary}\n",
                objects.unwrap_or_default()
            ));
        }
        output.map(|_| ()).ok_or(EXIT_VALIDATION_FAILED)
    }
}

/// Returns a note with the add-on objects that another fleet on the same management cluster could also create. The names
/// of a fleet with a name contain it.
fn shared_objects(output: &Output) -> Option<String> {
    if output.plan.name.is_some() {
        return None;
    }
    let is_shared = |object: &Rendered<'_>| {
        matches!(object.creator(), Creator::AddOn(_)) && object.subject() == SubjectId::Shared
    };
    let mut shared = output.objects().filter(is_shared);
    let first = shared.next()?.identity().to_string();
    let all = and_more(&first, shared.count());
    Some(format!(
        "another fleet on the same management cluster could also create {all}; to separate the fleets, set `metadata.name` in fleet.yaml"
    ))
}

/// Compiles to YAML and JSON, and returns a format that has an error.
///
/// Only the sizes of objects and of the output differ between the formats.
fn compile_in_both_formats(dir: &Path, selection: &OutputSelection) -> Compiled {
    // JSON escapes a character with one more, so it is at most twice as long as YAML.
    const SMALL_BYTES: usize = MAX_OBJECT_BYTES / 2;
    let yaml = compile_dir(dir, &selection.options(Format::Yaml));
    if yaml
        .output
        .as_ref()
        .is_none_or(|output| output.bytes < SMALL_BYTES)
    {
        return yaml;
    }
    let json = compile_dir(dir, &selection.options(Format::Json));
    if json.output.is_none() { json } else { yaml }
}

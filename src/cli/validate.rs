//! `kubectl fleet validate`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::output_selection::OutputSelection;
use super::session::{Compiled, compile_dir, fleet_dir};
use super::terminal::{CommandResult, EXIT_VALIDATION_FAILED, print_stderr, print_stdout};
use crate::diagnostic::pluralize;
use crate::passes::check::OBJECT_BYTES;
use crate::report;
use crate::yaml::print::Format;

/// Find every mistake of a fleet, and warn of what looks like one.
///
/// Whatever `generate` would refuse is found here. The exit code is 1 if there is an error, of
/// whatever kind, and 0 if there are warnings only.
#[derive(Args)]
#[command(after_help = "Examples:
  # Check the fleet in this folder
  kubectl fleet validate

  # List all mistakes of another folder for a program
  kubectl fleet validate examples/eks -o json")]
pub(super) struct Validate {
    /// The folder that holds fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// The form of the messages
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = MessageFormat::Text)]
    output: MessageFormat,
    #[command(flatten)]
    selection: OutputSelection,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum MessageFormat {
    /// Messages with their source lines, on stderr
    Text,
    /// All messages as a JSON object, on stdout
    Json,
}

impl Validate {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let Compiled { output, findings } =
            compile_in_both_formats(&fleet_dir(chdir, &self.dir), &self.selection);
        if self.output == MessageFormat::Json {
            let json = report::render_json(&findings.diagnostics, &findings.sources);
            print_stdout(|out| out.write_all(json.as_bytes()))?;
        } else {
            findings.report();
            let objects = output
                .as_ref()
                .map(|output| format!("{}, ", pluralize(output.count, "object")));
            let summary = report::summarize(&findings.diagnostics);
            print_stderr(&format!("{}{summary}\n", objects.unwrap_or_default()));
        }
        output.map(|_| ()).ok_or(EXIT_VALIDATION_FAILED)
    }
}

/// Compiles to the form that is refused, if one is. Only sizes differ between the two.
fn compile_in_both_formats(dir: &Path, selection: &OutputSelection) -> Compiled {
    // An escaped character is two of JSON's, so JSON is at most twice as long as YAML.
    const SMALL: usize = OBJECT_BYTES / 2;
    let yaml = compile_dir(dir, &selection.options(Format::Yaml));
    if yaml
        .output
        .as_ref()
        .is_none_or(|output| output.bytes < SMALL)
    {
        return yaml;
    }
    let json = compile_dir(dir, &selection.options(Format::Json));
    if json.output.is_none() { json } else { yaml }
}

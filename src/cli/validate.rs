//! `kubectl fleet validate`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::choice::Choice;
use super::{Compiled, PROBLEMS, compiled, folder, print, say};
use crate::diagnostic::count;
use crate::passes::check::OBJECT_BYTES;
use crate::{emit, report};

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
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = Form::Text)]
    output: Form,
    #[command(flatten)]
    choice: Choice,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Form {
    /// Messages with their source lines, on stderr
    Text,
    /// All messages as a JSON object, on stdout
    Json,
}

impl Validate {
    pub(super) fn run(self, chdir: &Path) -> u8 {
        let compiled = both_forms(&folder(chdir, &self.dir), &self.choice);
        let code = if compiled.output.is_some() {
            0
        } else {
            PROBLEMS
        };
        if self.output == Form::Json {
            let printed = print(|out| {
                out.write_all(report::json(&compiled.found, &compiled.sources).as_bytes())
            });
            return if printed == 0 { code } else { printed };
        }
        say(&report::text(&compiled.found, &compiled.sources));
        let objects = compiled
            .output
            .map(|output| format!("{}, ", count(output.objects, "object")));
        say(&format!(
            "{}{}\n",
            objects.unwrap_or_default(),
            report::summary(&compiled.found)
        ));
        code
    }
}

/// Compiles to the form that is refused, if one is. Only sizes differ between the two.
fn both_forms(folder: &Path, choice: &Choice) -> Compiled {
    // An escaped character is two of JSON's, so JSON is at most twice as long as YAML.
    const SMALL: usize = OBJECT_BYTES / 2;
    let yaml = compiled(folder, &choice.options(emit::Format::Yaml));
    if yaml
        .output
        .as_ref()
        .is_none_or(|output| output.bytes < SMALL)
    {
        return yaml;
    }
    let json = compiled(folder, &choice.options(emit::Format::Json));
    if json.output.is_none() { json } else { yaml }
}

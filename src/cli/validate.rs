//! `kubectl fleet validate`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{PROBLEMS, compiled, folder, print, say};
use crate::diagnostic::count;
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
        let compiled = compiled(&folder(chdir, &self.dir), emit::Format::Yaml);
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

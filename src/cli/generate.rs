//! `kubectl fleet generate`

use std::path::{Path, PathBuf};

use clap::Args;

use super::output_selection::OutputSelection;
use super::plugin;
use super::session::{compile_dir, fleet_dir};
use super::terminal::{CommandResult, EXIT_ENVIRONMENT, print_stderr, print_stdout};
use crate::diagnostic::{escape_control_chars, pluralize};
use crate::files::output_dir;
use crate::model::Cell;
use crate::render::Output;
use crate::yaml::print::Format;

/// Print the manifests of a fleet.
///
/// Validates the whole fleet first; if there is an error, writes no output.
#[derive(Args)]
#[command(after_help = "Examples:
  # Print the manifests of the fleet in this directory
  kubectl fleet generate

  # Print one JSON object per line for the fleet in another directory
  kubectl fleet generate examples/eks -o json

  # Apply the manifests
  kubectl fleet generate examples/eks | kubectl apply -f -")]
pub(super) struct Generate {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Output format
    ///
    /// yaml: YAML documents. json: one compact object per line. dir=PATH: one file for each cluster in
    /// that directory, in a subdirectory for each cell; other generated files there are deleted.
    #[arg(short, long, value_name = "FORMAT", value_parser = parse_output_target, default_value = "yaml")]
    output: OutputTarget,
    #[command(flatten)]
    selection: OutputSelection,
    /// Run as an Argo CD plugin: read the Application's parameters and write one JSON object per line
    #[arg(long, conflicts_with_all = ["output", "cell", "spoke", "locked"])]
    argocd: bool,
}

#[derive(Clone)]
enum OutputTarget {
    Stream(Format),
    Dir(PathBuf),
}

fn parse_output_target(text: &str) -> Result<OutputTarget, String> {
    match text {
        "yaml" => Ok(OutputTarget::Stream(Format::Yaml)),
        "json" => Ok(OutputTarget::Stream(Format::Json)),
        _ => match text.strip_prefix("dir=") {
            Some(path) if !path.is_empty() => Ok(OutputTarget::Dir(path.into())),
            _ => Err("expected yaml, json or dir=PATH".to_owned()),
        },
    }
}

impl Generate {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        if self.argocd {
            return plugin::generate(&fleet_dir(chdir, &self.dir));
        }
        let format = match &self.output {
            OutputTarget::Stream(format) => *format,
            OutputTarget::Dir(_) => Format::Yaml,
        };
        let options = self.selection.options(format);
        let compiled = compile_dir(&fleet_dir(chdir, &self.dir), &options);
        let Some(output) = compiled.output else {
            return Err(compiled.findings.reject("no output was written"));
        };
        compiled.findings.report();
        match &self.output {
            OutputTarget::Stream(_) => print_stdout(|out| output.write(out)),
            OutputTarget::Dir(path) => write_dir(&chdir.join(path), &output, options.cell.as_ref()),
        }
    }
}

/// Writes a directory of manifests.
fn write_dir(dir: &Path, output: &Output, cell: Option<&Cell>) -> CommandResult {
    match output_dir::write(dir, &output.files(), cell.map(Cell::to_string).as_deref()) {
        Ok(changes) => {
            print_stderr(&format!(
                "{} written, {} removed\n",
                pluralize(changes.written, "file"),
                changes.removed
            ));
            Ok(())
        }
        Err(error) => {
            let dir = escape_control_chars(&dir.to_string_lossy());
            print_stderr(&format!("error: cannot write to `{dir}`: {error}\n"));
            Err(EXIT_ENVIRONMENT)
        }
    }
}

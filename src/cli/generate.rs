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
/// Every mistake is found before the first byte is printed: of a fleet that is refused nothing is
/// printed.
#[derive(Args)]
#[command(after_help = "Examples:
  # Print the manifests of the fleet in this folder
  kubectl fleet generate

  # Print those of another folder, one JSON object per line
  kubectl fleet generate examples/eks -o json

  # Apply them
  kubectl fleet generate examples/eks | kubectl apply -f -")]
pub(super) struct Generate {
    /// The folder that holds fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// The form of the output
    ///
    /// yaml: documents for people. json: one compact object per line. dir=PATH: a file for each
    /// cluster in that folder, in a folder for each cell; files of before that nothing prints are
    /// removed.
    #[arg(short, long, value_name = "FORM", value_parser = parse_output_target, default_value = "yaml")]
    output: OutputTarget,
    #[command(flatten)]
    selection: OutputSelection,
    /// Run as Argo CD's plugin: its parameters, one JSON object per line, nothing said of success
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
            _ => Err("use yaml, json or dir=PATH".to_owned()),
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
            return Err(compiled.findings.reject("nothing was printed"));
        };
        compiled.findings.report();
        match &self.output {
            OutputTarget::Stream(_) => print_stdout(|out| output.write(out)),
            OutputTarget::Dir(path) => write(&chdir.join(path), &output, options.cell.as_ref()),
        }
    }
}

/// Writes a folder of manifests.
fn write(folder: &Path, output: &Output, cell: Option<&Cell>) -> CommandResult {
    match output_dir::write(
        folder,
        &output.files(),
        cell.map(Cell::to_string).as_deref(),
    ) {
        Ok(changes) => {
            print_stderr(&format!(
                "{} written, {} removed\n",
                pluralize(changes.written, "file"),
                changes.removed
            ));
            Ok(())
        }
        Err(error) => {
            let folder = escape_control_chars(&folder.to_string_lossy());
            print_stderr(&format!("error: cannot write into `{folder}`: {error}\n"));
            Err(EXIT_ENVIRONMENT)
        }
    }
}

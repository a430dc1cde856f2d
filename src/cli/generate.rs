//! `kubectl fleet generate`

use std::path::{Path, PathBuf};

use clap::Args;

use super::choice::Choice;
use super::{ENVIRONMENT, compiled, exit_code, folder, plugin, print, say};
use crate::diagnostic::count;
use crate::emit::Output;
use crate::files::rendered;
use crate::model::Cell;
use crate::{emit, report};

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
    #[arg(short, long, value_name = "FORM", value_parser = form, default_value = "yaml")]
    output: Form,
    #[command(flatten)]
    choice: Choice,
    /// Run as Argo CD's plugin: its parameters, one JSON object per line, nothing said of success
    #[arg(long, conflicts_with_all = ["output", "cell", "spoke", "locked"])]
    argocd: bool,
}

#[derive(Clone)]
enum Form {
    Stream(emit::Format),
    Folder(PathBuf),
}

fn form(text: &str) -> Result<Form, String> {
    match text {
        "yaml" => Ok(Form::Stream(emit::Format::Yaml)),
        "json" => Ok(Form::Stream(emit::Format::Json)),
        _ => match text.strip_prefix("dir=") {
            Some(path) if !path.is_empty() => Ok(Form::Folder(path.into())),
            _ => Err("use yaml, json or dir=PATH".to_owned()),
        },
    }
}

impl Generate {
    pub(super) fn run(self, chdir: &Path) -> u8 {
        if self.argocd {
            return plugin::generate(&folder(chdir, &self.dir));
        }
        let format = match &self.output {
            Form::Stream(format) => *format,
            Form::Folder(_) => emit::Format::Yaml,
        };
        let options = self.choice.options(format);
        let compiled = compiled(&folder(chdir, &self.dir), &options);
        say(&report::text(&compiled.found, &compiled.sources));
        if let Some(output) = compiled.output {
            match &self.output {
                Form::Stream(_) => print(|out| output.write(out)),
                Form::Folder(path) => write(&chdir.join(path), &output, options.cell.as_ref()),
            }
        } else {
            say(&format!(
                "{}; nothing was printed\n",
                report::summary(&compiled.found)
            ));
            exit_code(&compiled.found)
        }
    }
}

/// Writes a folder of manifests.
fn write(folder: &Path, output: &Output, cell: Option<&Cell>) -> u8 {
    match rendered::write(folder, &output.files(), cell) {
        Ok(changes) => {
            say(&format!(
                "{} written, {} removed\n",
                count(changes.written, "file"),
                changes.removed
            ));
            0
        }
        Err(error) => {
            let folder = report::printable(&folder.to_string_lossy());
            say(&format!("error: cannot write into `{folder}`: {error}\n"));
            ENVIRONMENT
        }
    }
}

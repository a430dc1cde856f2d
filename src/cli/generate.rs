//! `kubectl fleet generate`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::choice::Choice;
use super::{compiled, exit_code, folder, plugin, print, say};
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
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = Form::Yaml)]
    output: Form,
    #[command(flatten)]
    choice: Choice,
    /// Run as Argo CD's plugin: parameters from ARGOCD_APP_PARAMETERS, one JSON object per line
    #[arg(long, conflicts_with_all = ["output", "cell", "locked"])]
    argocd: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// YAML documents
    Yaml,
    /// One compact JSON object per line
    Json,
}

impl Generate {
    pub(super) fn run(self, chdir: &Path) -> u8 {
        let format = match self.output {
            Form::Yaml => emit::Format::Yaml,
            Form::Json => emit::Format::Json,
        };
        if self.argocd {
            return plugin::generate(&folder(chdir, &self.dir));
        }
        let request = self.choice.request(format);
        let compiled = compiled(&folder(chdir, &self.dir), &request);
        say(&report::text(&compiled.found, &compiled.sources));
        if let Some(output) = compiled.output {
            print(|out| output.write(out))
        } else {
            say(&format!(
                "{}; nothing was printed\n",
                report::summary(&compiled.found)
            ));
            exit_code(&compiled.found)
        }
    }
}

//! `kubectl fleet argocd install`

use clap::{Args, ValueEnum};

use crate::argocd::install::{self, image, is_image};
use crate::cli::terminal::{CommandResult, print_stdout};

/// Print what adds the plugin to an Argo CD: a sidecar of its repo-server, and health checks.
///
/// Argo CD keeps what a plugin printed for a commit until there is another commit, whatever the
/// plugin's version. With --versioned the plugin's name has the version: an Application renders anew
/// once it names that one, and fails, with nothing changed, while it names another.
#[derive(Args)]
#[command(after_help = "Examples:
  # A component for the kustomization that has Argo CD's own manifests
  kubectl fleet argocd install > kubectl-fleet/kustomization.yaml

  # Values for the community's chart argo-cd
  kubectl fleet argocd install -o helm --image registry.example.org/kubectl-fleet:v1 > values.yaml")]
pub(super) struct Install {
    /// What is printed
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = InstallFormat::Kustomize)]
    output: InstallFormat,
    /// The image that has the program
    #[arg(long, value_name = "IMAGE", default_value_t = image(), hide_default_value = true, value_parser = checked)]
    image: String,
    /// Let the plugin's name end with the program's version
    #[arg(long)]
    versioned: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum InstallFormat {
    /// A component of kustomize
    Kustomize,
    /// Values of the chart argo-cd
    Helm,
}

fn checked(text: &str) -> Result<String, String> {
    if is_image(text) {
        Ok(text.to_owned())
    } else {
        Err("this is no name of an image".to_owned())
    }
}

impl Install {
    pub(super) fn run(self) -> CommandResult {
        let install = install::Install {
            image: self.image,
            versioned: self.versioned,
        };
        let text = match self.output {
            InstallFormat::Kustomize => install.component(),
            InstallFormat::Helm => install.values(),
        };
        print_stdout(|out| out.write_all(text.as_bytes()))
    }
}

//! `kubectl fleet argocd install`

use clap::{Args, ValueEnum};

use crate::argocd::install::{self, default_image, is_valid_image};
use crate::cli::terminal::{CommandResult, EXIT_USAGE, print_stderr, print_stdout};

/// Print the configuration that adds the plugin to Argo CD: a sidecar of its repo-server, and health checks.
///
/// Argo CD caches the output of a plugin for each commit, regardless of the plugin's version. With
/// --versioned, the plugin's name contains the version: an Application renders again when you change
/// it to the new name. Until then it reports an error and keeps its objects.
#[derive(Args)]
#[command(after_help = "Examples:
  # Print a component for the kustomization with the manifests of Argo CD
  kubectl fleet argocd install > kubectl-fleet/kustomization.yaml

  # Print values of the community chart argo-cd
  kubectl fleet argocd install -o helm --image registry.example.org/kubectl-fleet:v1 > values.yaml

  # Reject deletions of Clusters that were not confirmed, from Argo CD, Flux and kubectl
  kubectl fleet argocd install -o policy | kubectl apply --server-side -f -")]
pub(super) struct Install {
    /// Output format
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = InstallFormat::Kustomize)]
    output: InstallFormat,
    /// Image with kubectl-fleet
    #[arg(long, value_name = "IMAGE", value_parser = parse_image)]
    image: Option<String>,
    /// Append the version of kubectl-fleet to the plugin's name
    #[arg(long)]
    versioned: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum InstallFormat {
    /// Kustomize component
    Kustomize,
    /// Values of the Helm chart argo-cd
    Helm,
    /// Policy of the management cluster that rejects deletions of Clusters that were not confirmed
    Policy,
}

fn parse_image(text: &str) -> Result<String, String> {
    if is_valid_image(text) {
        Ok(text.to_owned())
    } else {
        Err("invalid image reference".to_owned())
    }
}

impl Install {
    pub(super) fn run(self) -> CommandResult {
        let is_set = [
            ("--image", self.image.is_some()),
            ("--versioned", self.versioned),
        ];
        if let InstallFormat::Policy = self.output
            && let Some((option, _)) = is_set.into_iter().find(|(_, is_set)| *is_set)
        {
            return Err(unread_option(option));
        }
        let install = install::Install {
            image: self.image.unwrap_or_else(default_image),
            versioned: self.versioned,
        };
        let text = match self.output {
            InstallFormat::Kustomize => install.render_component(),
            InstallFormat::Helm => install.render_values(),
            InstallFormat::Policy => install::POLICY.to_owned(),
        };
        print_stdout(|out| out.write_all(text.as_bytes()))
    }
}

/// Reports an option that the policy does not use, and returns the exit code.
fn unread_option(option: &str) -> u8 {
    print_stderr(&format!(
        "error: the argument '{option}' cannot be used with '--output policy'\n\nFor more information, try '--help'.\n"
    ));
    EXIT_USAGE
}

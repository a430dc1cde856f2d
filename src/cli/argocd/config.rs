//! `kubectl fleet argocd config`

use clap::{Args, ValueEnum};

use crate::argocd::config::{render_config_map, render_values};
use crate::cli::terminal::{CommandResult, print_stdout};

/// Print health checks for kinds of Cluster API, its providers and Sveltos that Argo CD has no check for.
///
/// The output of `install` includes these health checks.
#[derive(Args)]
#[command(after_help = "Examples:
  # Merge the entries into argocd-cm; other entries remain
  kubectl fleet argocd config | kubectl apply --server-side -n argocd -f -

  # Print values of the community chart argo-cd
  kubectl fleet argocd config -o helm")]
pub(super) struct Config {
    /// Output format
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = ConfigFormat::Configmap)]
    output: ConfigFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum ConfigFormat {
    /// Entries of `argocd-cm`
    Configmap,
    /// Values of the Helm chart argo-cd
    Helm,
}

impl Config {
    pub(super) fn run(self) -> CommandResult {
        let text = match self.output {
            ConfigFormat::Configmap => render_config_map(),
            ConfigFormat::Helm => render_values(),
        };
        print_stdout(|out| out.write_all(text.as_bytes()))
    }
}

//! `kubectl fleet argocd config`

use clap::{Args, ValueEnum};

use crate::argocd::config::{config_map, values};
use crate::cli::terminal::{CommandResult, print_stdout};

/// Print health checks for kinds of Cluster API, its providers and Sveltos that Argo CD has none for.
///
/// What `install` prints has them already.
#[derive(Args)]
#[command(after_help = "Examples:
  # Entries of argocd-cm; what else it has stays
  kubectl fleet argocd config | kubectl apply --server-side -n argocd -f -

  # Values for the community's chart argo-cd
  kubectl fleet argocd config -o helm")]
pub(super) struct Config {
    /// What is printed
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = ConfigFormat::Configmap)]
    output: ConfigFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum ConfigFormat {
    /// Entries of `argocd-cm`
    Configmap,
    /// Values of the chart argo-cd
    Helm,
}

impl Config {
    pub(super) fn run(self) -> CommandResult {
        let text = match self.output {
            ConfigFormat::Configmap => config_map(),
            ConfigFormat::Helm => values(),
        };
        print_stdout(|out| out.write_all(text.as_bytes()))
    }
}

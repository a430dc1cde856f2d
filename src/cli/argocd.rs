//! `kubectl fleet argocd`: what an Argo CD needs to run the program as its plugin.

mod apps;
mod check;
mod config;
mod install;
mod parameters;

use std::path::Path;

use clap::{Args, Subcommand};

use super::terminal::{CommandResult, print_stdout};
use crate::argocd::plugin;

/// Set up Argo CD to run this program as its plugin.
#[derive(Args)]
pub(super) struct ArgoCd {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Install(install::Install),
    Apps(apps::Apps),
    Check(check::Check),
    Config(config::Config),
    Parameters(parameters::Parameters),
    Plugin(Plugin),
}

/// Print plugin.yaml, the plugin as Argo CD's plugin server knows it.
///
/// Argo CD keeps what a plugin printed for a commit until there is another commit, whatever the
/// plugin's version. A plugin whose name has its version renders anew when that changes.
#[derive(Args)]
#[command(after_help = "Examples:
  # A plugin that Applications name kubectl-fleet
  kubectl fleet argocd plugin

  # One whose name changes with the version
  kubectl fleet argocd plugin --versioned")]
struct Plugin {
    /// Let the plugin's name end with the program's version
    #[arg(long)]
    versioned: bool,
}

impl ArgoCd {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        match self.command {
            Command::Install(command) => command.run(),
            Command::Apps(command) => command.run(chdir),
            Command::Check(command) => command.run(chdir),
            Command::Config(command) => command.run(),
            Command::Parameters(command) => command.run(chdir),
            Command::Plugin(Plugin { versioned }) => {
                print_stdout(|out| out.write_all(plugin::config(versioned).as_bytes()))
            }
        }
    }
}

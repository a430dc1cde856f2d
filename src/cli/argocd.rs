//! `kubectl fleet argocd`: setup of the Argo CD plugin.

mod apps;
mod check;
mod config;
mod install;
mod parameters;

use std::path::Path;

use clap::{Args, Subcommand};

use super::terminal::{CommandResult, print_stdout};
use crate::argocd::plugin;

/// Set up Argo CD to run kubectl-fleet as a plugin.
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

/// Print plugin.yaml, the configuration of the Argo CD plugin.
///
/// Argo CD caches the output of a plugin for each commit, regardless of the plugin's version. With
/// --versioned, another version has another name, and Argo CD renders the Applications again.
#[derive(Args)]
#[command(after_help = "Examples:
  # Print the plugin with the name kubectl-fleet
  kubectl fleet argocd plugin

  # Print a plugin whose name contains the version
  kubectl fleet argocd plugin --versioned")]
struct Plugin {
    /// Append the version of kubectl-fleet to the plugin's name
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
                print_stdout(|out| out.write_all(plugin::render_config(versioned).as_bytes()))
            }
        }
    }
}

//! `kubectl fleet completion`

use clap::{Args, ValueEnum};

use super::terminal::{CommandResult, print_stdout};

/// Print a script that completes commands, options and names.
///
/// The names of clusters, groups, add-ons and cells are those of the fleet in the current directory, or in the directory of
/// `-C`.
///
/// kubectl completes `kubectl fleet` if its own completion is installed, and if an executable file `kubectl_complete-fleet`
/// is in a directory of PATH. The other scripts complete `kubectl-fleet`.
#[derive(Args)]
#[command(after_help = "Examples:
  # Complete `kubectl fleet`, in a shell with the completion of kubectl
  kubectl fleet completion kubectl > ~/.local/bin/kubectl_complete-fleet
  chmod +x ~/.local/bin/kubectl_complete-fleet

  # Complete `kubectl-fleet` in bash
  source <(kubectl-fleet completion bash)")]
pub(super) struct Completion {
    /// Shell, or kubectl
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// The reader of a script.
#[derive(Clone, Copy, ValueEnum)]
enum Shell {
    /// Script for ~/.bashrc
    Bash,
    /// Script for ~/.zshrc, after compinit
    Zsh,
    /// Script for ~/.config/fish/completions/kubectl-fleet.fish
    Fish,
    /// Executable file kubectl_complete-fleet
    Kubectl,
}

impl Completion {
    pub(super) fn run(self) -> CommandResult {
        let script = match self.shell {
            Shell::Bash => include_str!("completion/script.bash"),
            Shell::Zsh => include_str!("completion/script.zsh"),
            Shell::Fish => include_str!("completion/script.fish"),
            Shell::Kubectl => include_str!("completion/kubectl.sh"),
        };
        print_stdout(|out| out.write_all(script.as_bytes()))
    }
}

//! Entry point of the `kubectl-fleet` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    kubectl_fleet::cli::main()
}

//! Rings the bell.

use std::process::ExitCode;

fn main() -> ExitCode {
    kubectl_fleet::cli::main()
}

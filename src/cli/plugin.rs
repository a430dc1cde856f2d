//! `kubectl fleet generate --argocd`, which Argo CD's plugin server runs.

use std::path::Path;

use super::session::{Findings, compile_dir};
use super::terminal::{CommandResult, EXIT_USAGE, print_stdout};
use crate::argocd::parameters::{self, Parameters};
use crate::argocd::{MESSAGE_BYTES, PARAMETERS_ENV};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Cell;
use crate::request::CompileOptions;
use crate::yaml::print::Format;

/// Prints a fleet for Argo CD.
///
/// Argo CD shows stderr only if the command fails. The log of the plugin server contains it in any case, so warnings
/// are printed, too.
pub(super) fn generate(dir: &Path) -> CommandResult {
    let parameters = read_parameters().map_err(|diagnostic| fail(&diagnostic.into()))?;
    let options = CompileOptions {
        format: Format::Json,
        cell: parameters.cell.as_deref().map(Cell::new),
        require_cell: true,
        spoke: parameters.spoke,
        locked: parameters.locked,
        keep_identities: false,
    };
    let compiled = compile_dir(dir, &options);
    match &compiled.output {
        Some(output) => {
            compiled.findings.report_warnings();
            print_stdout(|out| output.write(out))
        }
        None => Err(fail(&compiled.findings)),
    }
}

/// Returns the Application's parameters.
#[expect(
    clippy::disallowed_methods,
    reason = "Argo CD passes the parameters in the environment, and no other variable is read"
)]
fn read_parameters() -> Result<Parameters, Diagnostic> {
    let wrong = |message: String, help: &str| {
        Diagnostic::without_location(Code::InvalidParameter, message).help(help)
    };
    match std::env::var(PARAMETERS_ENV) {
        Ok(text) => parameters::read(&text).map_err(|message| {
            let help = "write each parameter of the Application as `{name: NAME, string: VALUE}`";
            wrong(message, help)
        }),
        Err(std::env::VarError::NotPresent) => Ok(Parameters::default()),
        Err(std::env::VarError::NotUnicode(_)) => {
            let message = format!("{PARAMETERS_ENV} is not UTF-8");
            Err(wrong(
                message,
                "use only UTF-8 in the parameters of the Application",
            ))
        }
    }
}

/// Reports the errors, and returns the exit code.
fn fail(findings: &Findings) -> u8 {
    let code = findings.report_truncated(MESSAGE_BYTES);
    // An Application's parameters are the command line of the plugin.
    let first = findings
        .diagnostics
        .iter()
        .find(|diagnostic| diagnostic.is_error());
    match first {
        Some(first) if first.code == Code::MissingParameter => EXIT_USAGE,
        _ => code,
    }
}

//! `kubectl fleet generate --argocd`: as Argo CD's plugin server runs it.

use std::path::Path;

use super::session::{Findings, compile_dir};
use super::terminal::{CommandResult, EXIT_USAGE, print_stdout};
use crate::argocd::parameters::{self, Parameters};
use crate::argocd::{MESSAGE_BYTES, PARAMETERS};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Cell;
use crate::request::CompileOptions;
use crate::yaml::print::Format;

/// Prints a fleet for Argo CD. Success says nothing; of a failure the first line is the whole story.
pub(super) fn generate(dir: &Path) -> CommandResult {
    let parameters = read_parameters().map_err(|diagnostic| fail(&diagnostic.into()))?;
    let options = CompileOptions {
        format: Format::Json,
        cell: parameters.cell.as_deref().map(Cell::new),
        require_cell: true,
        spoke: parameters.spoke,
        locked: parameters.locked,
    };
    let compiled = compile_dir(dir, &options);
    match &compiled.output {
        Some(output) => print_stdout(|out| output.write(out)),
        None => Err(fail(&compiled.findings)),
    }
}

/// Returns the Application's parameters.
#[expect(
    clippy::disallowed_methods,
    reason = "Argo CD hands the parameters over in the environment, and nothing else is read there"
)]
fn read_parameters() -> Result<Parameters, Diagnostic> {
    let wrong = |message| Diagnostic::without_location(Code::InvalidParameter, message);
    match std::env::var(PARAMETERS) {
        Ok(text) => parameters::read(&text).map_err(wrong),
        Err(std::env::VarError::NotPresent) => Ok(Parameters::default()),
        Err(std::env::VarError::NotUnicode(_)) => Err(wrong(format!("{PARAMETERS} is not UTF-8"))),
    }
}

/// Reports the errors; returns the exit code.
fn fail(findings: &Findings) -> u8 {
    let code = findings.report_truncated(MESSAGE_BYTES);
    // To the plugin an Application's parameters are its command line.
    let first = findings.diagnostics.iter().find(|one| one.is_error());
    match first {
        Some(first) if first.code == Code::MissingParameter => EXIT_USAGE,
        _ => code,
    }
}

//! `kubectl fleet generate --argocd`: as Argo CD's plugin server runs it.

use std::path::Path;

use super::{Compiled, compiled, exit_code, print, say};
use crate::argocd::parameters::{self, Parameters};
use crate::argocd::{MESSAGE_BYTES, PARAMETERS};
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::Format;
use crate::model::Cell;
use crate::report;
use crate::request::CompileOptions;

/// Exit code: a parameter that the fleet needs is absent.
const USAGE: u8 = 2;

/// Prints a fleet for Argo CD. Success says nothing; of a failure the first line is the whole story.
pub(super) fn generate(folder: &Path) -> u8 {
    let parameters = match given() {
        Ok(parameters) => parameters,
        Err(diagnostic) => return fail(&refused(diagnostic)),
    };
    let options = CompileOptions {
        format: Format::Json,
        cell: parameters.cell.as_deref().map(Cell::new),
        require_cell: true,
        spoke: parameters.spoke,
        locked: parameters.locked,
    };
    let compiled = compiled(folder, &options);
    match &compiled.output {
        Some(output) => print(|out| output.write(out)),
        None => fail(&compiled),
    }
}

/// The Application's parameters.
#[expect(
    clippy::disallowed_methods,
    reason = "Argo CD hands the parameters over in the environment, and nothing else is read there"
)]
fn given() -> Result<Parameters, Diagnostic> {
    let wrong = |message| Diagnostic::without_place(Code::InvalidParameter, message);
    match std::env::var(PARAMETERS) {
        Ok(text) => parameters::read(&text).map_err(wrong),
        Err(std::env::VarError::NotPresent) => Ok(Parameters::default()),
        Err(std::env::VarError::NotUnicode(_)) => Err(wrong(format!("{PARAMETERS} is not UTF-8"))),
    }
}

fn refused(diagnostic: Diagnostic) -> Compiled {
    Compiled {
        output: None,
        found: vec![diagnostic],
        sources: crate::source::Sources::default(),
    }
}

fn fail(compiled: &Compiled) -> u8 {
    let found = &compiled.found;
    say(&report::brief(found, &compiled.sources, MESSAGE_BYTES));
    // To the plugin an Application's parameters are its command line.
    match found.iter().find(|one| one.is_error()) {
        Some(first) if first.code == Code::MissingParameter => USAGE,
        _ => exit_code(found),
    }
}

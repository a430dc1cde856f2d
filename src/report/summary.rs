//! The summary of a run.

use crate::diagnostic::{Diagnostic, pluralize};

/// Returns the numbers of errors and warnings: "2 errors, 1 warning".
pub fn summarize(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .count();
    let warnings = diagnostics.len() - errors;
    match (errors, warnings) {
        (0, _) => pluralize(warnings, "warning"),
        (_, 0) => pluralize(errors, "error"),
        _ => format!(
            "{}, {}",
            pluralize(errors, "error"),
            pluralize(warnings, "warning")
        ),
    }
}

//! The error about a list or a file without contents.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Creates the error about a shared file without contents: its clusters would lose variables or values.
pub fn lost(referenced_at: Span, fact: &str, what: &str, help: &str) -> Diagnostic {
    let message = format!("{fact}, so the {what} of its clusters would be lost");
    Diagnostic::new(Code::EmptyList, referenced_at, message).help(help)
}

/// Creates the error about a list or a file without contents. `fact` states what is missing.
pub(super) fn empty(referenced_at: Span, fact: &str) -> Diagnostic {
    let message = format!("{fact}, so everything created from it would be deleted");
    let help = "restore its contents, or set `safety.allowEmpty: true` if it can be empty";
    Diagnostic::new(Code::EmptyList, referenced_at, message).help(help)
}

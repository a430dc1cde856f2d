//! The error of a patch that cannot be applied.

use crate::source::Span;

/// An error of a patch, and the location of the part that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchError {
    /// The part of the patch.
    pub span: Span,
    /// The message, without the name of the patch.
    pub message: String,
    /// The help.
    pub help: &'static str,
    /// Whether a limit is exceeded.
    pub is_too_large: bool,
}

//! The error of a patch that cannot be applied.

use crate::source::Span;

/// Why a patch cannot be applied, and the location of the failing part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchError {
    /// The part of the patch.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// Whether a limit is exceeded.
    pub is_too_large: bool,
}

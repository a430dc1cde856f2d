//! The contents of a page.

use crate::diagnostic::Diagnostic;
use crate::diff::difference::Difference;
use crate::matrix::changes::Changes;
use crate::matrix::table::Matrix;
use crate::source::Sources;

/// The contents of a page.
#[derive(Debug)]
pub struct Contents<'a> {
    /// The matrix.
    pub matrix: &'a Matrix,
    /// The change, if two revisions are compared.
    pub change: Option<Change<'a>>,
    /// The warnings.
    pub diagnostics: &'a [Diagnostic],
    /// The sources that warnings and explanations point to.
    pub sources: &'a Sources,
}

/// The change between two revisions.
#[derive(Debug)]
pub struct Change<'a> {
    /// The names of the sides.
    pub names: [&'a str; 2],
    /// What differs.
    pub difference: &'a Difference,
    /// What differs in each cell.
    pub changes: &'a Changes,
}

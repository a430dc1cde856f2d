//! The options of a compilation.

use crate::model::Cell;
use crate::yaml::print::Format;

/// The options of a compilation.
#[derive(Clone, Debug)]
pub struct CompileOptions {
    /// The format of the output.
    pub format: Format,
    /// The cell to generate, or `None` for all cells.
    pub cell: Option<Cell>,
    /// Whether a fleet with cells is rejected if `cell` is not set.
    pub require_cell: bool,
    /// The spoke whose objects are generated: only those that it applies to itself. `None` generates the objects
    /// of the hub.
    pub spoke: Option<String>,
    /// Whether every cluster must be in `fleet.lock`.
    pub locked: bool,
    /// Whether the output keeps the identities of its objects, for a comparison with another output, and the objects
    /// that spokes apply to themselves.
    pub keep_identities: bool,
}

impl From<Format> for CompileOptions {
    fn from(format: Format) -> Self {
        Self {
            format,
            cell: None,
            require_cell: false,
            spoke: None,
            locked: false,
            keep_identities: false,
        }
    }
}

//! Cells: what one Argo CD Application, or one management cluster, applies.

use std::fmt;
use std::rc::Rc;

/// The word for what belongs to no cluster.
pub const FLEET: &str = "@fleet";

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// What belongs to no cluster, and what clusters of two cells share.
    Fleet,
    /// The clusters whose label says so.
    Named(Rc<str>),
}

impl Cell {
    /// The cell of a name. No label's value is `@fleet`.
    pub fn new(name: &str) -> Self {
        match name {
            FLEET => Self::Fleet,
            name => Self::Named(name.into()),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Fleet => FLEET,
            Self::Named(name) => name,
        })
    }
}

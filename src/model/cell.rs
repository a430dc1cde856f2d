//! Cells: the parts of a fleet that separate Argo CD Applications or management clusters apply.

use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

/// Name of the cell for objects that belong to no cluster.
pub const FLEET: &str = "@fleet";

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// The objects that belong to no cluster, and those that clusters of two cells share.
    Fleet,
    /// The clusters whose label has this value.
    Named(Rc<str>),
}

/// The variables whose values show where an object belongs. Only the configuration decides which they are.
#[derive(Debug)]
pub struct Identifying {
    /// Variables that contain the name of the cluster.
    pub clusters: BTreeSet<String>,
    /// Variables that contain the name of the cell.
    pub cells: BTreeSet<String>,
}

impl Cell {
    /// Returns the cell of a name. `@fleet` is not a valid label value, so it cannot name another cell.
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

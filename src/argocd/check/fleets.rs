//! The fleets that Applications refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::model::Deletion;
use crate::source::Span;

/// A directory of the repository that contains a fleet.
#[derive(Debug, Default)]
pub struct FleetDir {
    /// The fleet; `None` if it has errors, which `validate` reports.
    pub fleet: Option<Fleet>,
    /// Files that override the parameters of Applications.
    pub overrides: Vec<String>,
    /// Whether the fleet has a `fleet.lock`.
    pub has_lock: bool,
}

/// The fleet settings that Applications must match.
#[derive(Debug)]
pub struct Fleet {
    /// Names of its cells; `None` if it is not divided into cells.
    pub cells: Option<BTreeSet<String>>,
    /// How deletions are prevented.
    pub deletion: Deletion,
}

/// What a path of the repository names.
#[derive(Clone, Debug)]
pub enum Directory {
    /// A directory with a fleet.
    Fleet(Rc<FleetDir>),
    /// Nothing, or a directory without a fleet.
    Other,
    /// A file.
    File,
}

/// The fleets of Applications, each looked up once, and the names of the Applications.
pub struct FleetIndex<'a> {
    /// Looks up a path in the repository.
    open: &'a mut dyn FnMut(&str) -> Directory,
    /// Paths that were looked up.
    known: BTreeMap<String, Directory>,
    /// The Applications by namespace and name, and where their names are.
    pub(super) applications: BTreeMap<String, Span>,
}

impl<'a> FleetIndex<'a> {
    /// Returns the index before any Application is checked.
    pub fn new(open: &'a mut dyn FnMut(&str) -> Directory) -> Self {
        Self {
            open,
            known: BTreeMap::new(),
            applications: BTreeMap::new(),
        }
    }

    /// Returns what is at a path.
    pub(super) fn dir(&mut self, path: &str) -> Directory {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let dir = (self.open)(path);
        self.known.insert(path.to_owned(), dir.clone());
        dir
    }
}

//! The fleets that Applications refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::model::Deletion;

/// A directory of the repository that contains a fleet.
#[derive(Debug, Default)]
pub struct FleetDir {
    /// The fleet; `None` if it has errors, which `validate` reports.
    pub fleet: Option<Fleet>,
    /// Files that override the parameters of Applications.
    pub overrides: Vec<String>,
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

/// The fleets of Applications, each looked up once.
pub struct FleetIndex<'a> {
    /// Looks up a path in the repository.
    pub open: &'a mut dyn FnMut(&str) -> Directory,
    /// Paths that were looked up.
    pub known: BTreeMap<String, Directory>,
}

impl FleetIndex<'_> {
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

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

/// The fleets of Applications, each looked up once.
pub struct FleetIndex<'a> {
    /// Looks up a directory by its path in the repository; returns `None` if it contains no fleet.
    pub open: &'a mut dyn FnMut(&str) -> Option<FleetDir>,
    /// Directories that were looked up.
    pub known: BTreeMap<String, Option<Rc<FleetDir>>>,
}

impl FleetIndex<'_> {
    /// Returns the fleet directory at a path.
    pub(super) fn dir(&mut self, path: &str) -> Option<Rc<FleetDir>> {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let dir = (self.open)(path).map(Rc::new);
        self.known.insert(path.to_owned(), dir.clone());
        dir
    }
}

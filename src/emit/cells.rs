//! Which cell each object belongs to: every object is in exactly one.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::identity::At;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Cell;
use crate::plan::{Plan, SubjectId};

/// The most objects of a cell that an Application's status, one object of etcd, carries well.
const OBJECTS: usize = 2_000;

/// The cells of a fleet, and the one that is printed.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// The cell of each cluster; none where the fleet has no cells.
    of: Vec<Option<Rc<str>>>,
    /// What is made for a cluster, and shared with one of another cell; sorted.
    shared: Vec<At>,
    /// The cell that is printed; without one, everything is.
    chosen: Option<Cell>,
}

impl Cells {
    pub(super) fn new(plan: &Plan, chosen: Option<Cell>) -> Self {
        Self {
            of: plan
                .clusters
                .iter()
                .map(|cluster| cluster.cell.clone())
                .collect(),
            shared: Vec::new(),
            chosen,
        }
    }

    /// Whether the fleet has cells.
    pub(super) fn exist(&self) -> bool {
        self.of.iter().any(Option::is_some)
    }

    /// Notes that an object is also made for a cluster.
    pub(super) fn share(&mut self, object: At, with: SubjectId) {
        if let (SubjectId::Cluster(one), SubjectId::Cluster(other)) = (object.subject(), with)
            && self.of[one as usize] != self.of[other as usize]
            && let Err(at) = self.shared.binary_search(&object)
        {
            self.shared.insert(at, object);
        }
    }

    /// The cell of an object; none for what belongs to the fleet.
    fn of(&self, at: At) -> Option<&Rc<str>> {
        match at.subject() {
            SubjectId::Cluster(index) if self.shared.binary_search(&at).is_err() => {
                self.of[index as usize].as_ref()
            }
            _ => None,
        }
    }

    /// The cell of an object, where the fleet has cells.
    pub(super) fn cell(&self, at: At) -> Option<Cell> {
        let named = self.of(at).map(|name| Cell::Named(Rc::clone(name)));
        self.exist().then(|| named.unwrap_or(Cell::Fleet))
    }

    /// Whether an object is printed.
    pub(super) fn print(&self, at: At) -> bool {
        match &self.chosen {
            None => true,
            Some(Cell::Fleet) => self.of(at).is_none(),
            Some(Cell::Named(name)) => self.of(at) == Some(name),
        }
    }

    /// How many objects each cell has.
    pub(super) fn sizes(&self, objects: impl Iterator<Item = At>) -> Vec<(Cell, usize)> {
        let mut sizes = BTreeMap::new();
        for at in objects {
            *sizes.entry(self.of(at)).or_insert(0) += 1;
        }
        let cell =
            |name: Option<&Rc<str>>| name.map_or(Cell::Fleet, |name| Cell::Named(Rc::clone(name)));
        sizes
            .into_iter()
            .map(|(name, size)| (cell(name), size))
            .collect()
    }
}

/// Warns of cells that are too large for an Application.
pub(super) fn warn(sizes: &[(Cell, usize)], diags: &mut Diagnostics) {
    for (cell, size) in sizes.iter().filter(|(_, size)| *size > OBJECTS) {
        let message = format!(
            "the cell `{cell}` has {size} objects, and an Application carries about {OBJECTS}: its status is one object of etcd"
        );
        diags.push(
            Diagnostic::without_place(Code::LargeCell, message)
                .help("give new clusters another cell; moving a live one can delete it"),
        );
    }
}

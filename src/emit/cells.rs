//! Which cell each object belongs to: every object is in exactly one.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::identity::ObjectRef;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::read::Template as Text;
use crate::model::Cell;
use crate::passes::resolve::roots;
use crate::plan::{Object, Plan, SubjectId, Template};
use crate::request::CompileOptions;

/// The most objects of a cell that an Application's status, one object of etcd, carries well.
const OBJECTS: usize = 2_000;

/// The cells of a fleet, and the one that is printed.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// Whether the fleet has cells.
    exist: bool,
    /// The cell of each cluster.
    of: Vec<Option<Rc<str>>>,
    /// What is made for a cluster, and shared with one of another cell; sorted.
    shared: Vec<ObjectRef>,
    /// Whether each cluster's namespace may be that of others.
    shares: Vec<bool>,
    /// For each section and object of it, what its name and namespace hang on.
    hang_on: Vec<Vec<HangsOn>>,
    /// The cell that is printed; without one, everything is.
    chosen: Option<Cell>,
}

/// What an object's identity hangs on. It is decided by what is written: what several clusters could
/// make belongs to the fleet though only one does, or it would move when others come and go.
#[derive(Clone, Copy, Debug, PartialEq)]
enum HangsOn {
    Cluster,
    Namespace,
    Nothing,
}

impl HangsOn {
    fn of(object: &Object, plan: &Plan) -> Self {
        let texts = std::iter::once(&object.name).chain(&object.namespace);
        let reads = texts.flat_map(|(text, span)| {
            let (text, span) = (text.clone(), *span);
            roots(&Text { text, span }.node())
        });
        let mut on = Self::Nothing;
        for name in reads.filter(|name| plan.constants.get(name).is_none()) {
            if name != "NAMESPACE" {
                return Self::Cluster;
            }
            on = Self::Namespace;
        }
        on
    }
}

impl Cells {
    /// The cells of a plan whose objects are those of `templates`, behind the Namespaces. What a spoke
    /// applies to itself is no part of any: its Argo CD has one Application for all of it.
    pub(super) fn new(plan: &Plan, templates: &[&Template], options: &CompileOptions) -> Self {
        let sections = std::iter::once(&plan.namespace).chain(templates.iter().copied());
        Self {
            exist: plan.has_cells && options.spoke.is_none(),
            shares: plan
                .clusters
                .iter()
                .map(|cluster| cluster.shares_namespace)
                .collect(),
            hang_on: sections
                .map(|template| template.objects.iter())
                .map(|objects| objects.map(|object| HangsOn::of(object, plan)).collect())
                .collect(),
            of: plan
                .clusters
                .iter()
                .map(|cluster| cluster.cell.clone())
                .collect(),
            shared: Vec::new(),
            chosen: options.cell.clone(),
        }
    }

    /// Whether the fleet has cells.
    pub(super) fn exist(&self) -> bool {
        self.exist
    }

    /// Notes that an object is made for two.
    pub(super) fn share(&mut self, object: ObjectRef, between: [SubjectId; 2]) {
        if let [SubjectId::Cluster(one), SubjectId::Cluster(other)] = between
            && self.of[one as usize] != self.of[other as usize]
            && let Err(at) = self.shared.binary_search(&object)
        {
            self.shared.insert(at, object);
        }
    }

    /// The cell of an object; none for what belongs to the fleet.
    fn of(&self, at: ObjectRef, subject: SubjectId) -> Option<&Rc<str>> {
        match subject {
            SubjectId::Cluster(index) => {
                let is_fleets = match self.hang_on[at.section()][at.object()] {
                    HangsOn::Cluster => self.shared.binary_search(&at).is_ok(),
                    HangsOn::Namespace => self.shares[index as usize],
                    HangsOn::Nothing => true,
                };
                self.of[index as usize].as_ref().filter(|_| !is_fleets)
            }
            SubjectId::Fleet | SubjectId::Group(_) | SubjectId::Shared => None,
        }
    }

    /// The cell of an object, where the fleet has cells.
    pub(super) fn cell(&self, at: ObjectRef, subject: SubjectId) -> Option<Cell> {
        let named = self
            .of(at, subject)
            .map(|name| Cell::Named(Rc::clone(name)));
        self.exist().then(|| named.unwrap_or(Cell::Fleet))
    }

    /// Whether an object is printed.
    pub(super) fn print(&self, at: ObjectRef, subject: SubjectId) -> bool {
        match &self.chosen {
            None => true,
            Some(Cell::Fleet) => self.of(at, subject).is_none(),
            Some(Cell::Named(name)) => self.of(at, subject) == Some(name),
        }
    }

    /// How many objects each cell has.
    pub(super) fn sizes(
        &self,
        objects: impl Iterator<Item = (ObjectRef, SubjectId)>,
    ) -> Vec<(Cell, usize)> {
        let mut sizes = BTreeMap::new();
        for (at, subject) in objects {
            *sizes.entry(self.of(at, subject)).or_insert(0) += 1;
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

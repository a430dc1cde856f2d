//! Which cell each object belongs to: every object is in exactly one.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::model::Cell;
use crate::plan::{Object, ObjectRef, Plan, SubjectId, Template};
use crate::request::CompileOptions;
use crate::tree::roots_of_text;

/// The cells of a fleet, and the one that is printed.
#[derive(Debug, Default)]
pub struct Cells {
    /// Whether the fleet has cells.
    are_enabled: bool,
    /// The cell of each cluster.
    of: Vec<Option<Rc<str>>>,
    /// What is made for a cluster, and shared with one of another cell; sorted.
    shared: Vec<ObjectRef>,
    /// Whether each cluster's namespace may be that of others.
    shares: Vec<bool>,
    /// For each section and object of it, what its name and namespace hang on.
    scopes: Vec<Vec<IdentityScope>>,
    /// The cell that is printed; without one, everything is.
    selected: Option<Cell>,
}

/// What an object's identity hangs on. It is decided by what is written: what several clusters could
/// make belongs to the fleet though only one does, or it would move when others come and go.
#[derive(Clone, Copy, Debug, PartialEq)]
enum IdentityScope {
    Cluster,
    Namespace,
    Nothing,
}

impl IdentityScope {
    fn of(object: &Object, plan: &Plan) -> Self {
        let texts = std::iter::once(&object.name).chain(&object.namespace);
        let reads = texts.flat_map(|text| roots_of_text(&text.value));
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
    pub fn new(plan: &Plan, templates: &[&Template], options: &CompileOptions) -> Self {
        let sections = std::iter::once(&plan.namespace).chain(templates.iter().copied());
        Self {
            are_enabled: plan.has_cells && options.spoke.is_none(),
            shares: plan
                .clusters
                .iter()
                .map(|cluster| cluster.shares_namespace)
                .collect(),
            scopes: sections
                .map(|template| template.objects.iter())
                .map(|objects| {
                    objects
                        .map(|object| IdentityScope::of(object, plan))
                        .collect()
                })
                .collect(),
            of: plan
                .clusters
                .iter()
                .map(|cluster| cluster.cell.clone())
                .collect(),
            shared: Vec::new(),
            selected: options.cell.clone(),
        }
    }

    /// Whether the fleet has cells.
    pub fn are_enabled(&self) -> bool {
        self.are_enabled
    }

    /// Notes that an object is made for two.
    pub fn mark_shared(&mut self, object: ObjectRef, between: [SubjectId; 2]) {
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
                let is_fleets = match self.scopes[at.section()][at.object()] {
                    IdentityScope::Cluster => self.shared.binary_search(&at).is_ok(),
                    IdentityScope::Namespace => self.shares[index as usize],
                    IdentityScope::Nothing => true,
                };
                self.of[index as usize].as_ref().filter(|_| !is_fleets)
            }
            SubjectId::Fleet | SubjectId::Group(_) | SubjectId::Shared => None,
        }
    }

    /// The cell of an object, where the fleet has cells.
    pub fn cell(&self, at: ObjectRef, subject: SubjectId) -> Option<Cell> {
        let named = self
            .of(at, subject)
            .map(|name| Cell::Named(Rc::clone(name)));
        self.are_enabled().then(|| named.unwrap_or(Cell::Fleet))
    }

    /// Whether an object is printed.
    pub fn is_selected(&self, at: ObjectRef, subject: SubjectId) -> bool {
        match &self.selected {
            None => true,
            Some(Cell::Fleet) => self.of(at, subject).is_none(),
            Some(Cell::Named(name)) => self.of(at, subject) == Some(name),
        }
    }

    /// How many objects each cell has.
    pub fn sizes(
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

//! Which cell each object belongs to: every object is in exactly one.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::model::Cell;
use crate::plan::{Instance, Object, ObjectRef, Plan, SubjectId, Template, With};
use crate::request::CompileOptions;
use crate::template::BUILT_IN;

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

/// The subject that an object's name and namespace identify. Only the text of the fleet decides this: an object
/// that several clusters could create belongs to the fleet even if one cluster creates it. Otherwise it would
/// move to another cell when a cluster is added.
#[derive(Clone, Copy, Debug, PartialEq)]
enum IdentityScope {
    Cluster,
    Namespace,
    Nothing,
}

impl IdentityScope {
    /// Returns the scope of an object of a template, given the variables whose values no two clusters share.
    fn of(object: &Object, template: &Template, identifying: &BTreeSet<String>) -> Self {
        let has_entries = |instance: &Instance| matches!(instance.with, With::Entry(_));
        let has_entries = template.instances.iter().any(has_entries);
        let is_cluster = |name: &str| {
            // An entry can hide every variable that is not built in.
            let is_visible = !has_entries || BUILT_IN.contains(&name);
            is_visible && identifying.contains(name)
        };
        let reads = |is_wanted: &dyn Fn(&str) -> bool| {
            let own = |name: &str| template.variables.iter().find(|(own, _)| **own == *name);
            let is_wanted = |name: &str| match own(name) {
                Some((_, value)) => value
                    .as_scalar()
                    .is_some_and(|scalar| scalar.text.contains_value(is_wanted)),
                None => is_wanted(name),
            };
            let mut texts = std::iter::once(&object.name).chain(&object.namespace);
            texts.any(|text| text.value.contains_value(is_wanted))
        };
        if reads(&is_cluster) {
            Self::Cluster
        } else if reads(&|name| name == "NAMESPACE") {
            Self::Namespace
        } else {
            Self::Nothing
        }
    }
}

impl Cells {
    /// The cells of a plan whose objects are those of `templates`, behind the Namespaces. What a spoke
    /// applies to itself is no part of any: its Argo CD has one Application for all of it.
    pub fn new(
        plan: &Plan,
        templates: &[&Template],
        identifying: &BTreeSet<String>,
        options: &CompileOptions,
    ) -> Self {
        let sections = std::iter::once(&plan.namespace).chain(templates.iter().copied());
        Self {
            are_enabled: plan.has_cells && options.spoke.is_none(),
            shares: plan
                .clusters
                .iter()
                .map(|cluster| cluster.shares_namespace)
                .collect(),
            scopes: sections
                .map(|template| {
                    let objects = template.objects.iter();
                    objects
                        .map(|object| IdentityScope::of(object, template, identifying))
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

//! The cell of each object. Every object belongs to exactly one cell.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::model::Cell;
use crate::model::cell::Identifying;
use crate::plan::{Instance, Object, ObjectRef, Plan, SubjectId, Template, With};
use crate::request::CompileOptions;
use crate::template::BUILT_IN;

/// The cells of a fleet, and the requested cell.
#[derive(Debug, Default)]
pub struct Cells {
    /// Whether the fleet has cells.
    are_enabled: bool,
    /// The cell of each cluster.
    by_cluster: Vec<Option<Rc<str>>>,
    /// Whether other clusters can share the namespace of each cluster.
    shares_namespace: Vec<bool>,
    /// The scope of the identity of each object, by section.
    scopes: Vec<Vec<IdentityScope>>,
    /// The requested cell; `None` selects all objects.
    selected: Option<Cell>,
}

/// The scope that an object's name and namespace are unique for. Only the configuration decides this: an object
/// that several clusters could create belongs to the fleet even if only one cluster creates it. Otherwise, adding
/// a cluster would move the object to another cell.
#[derive(Clone, Copy, Debug, PartialEq)]
enum IdentityScope {
    Cluster,
    Cell,
    Namespace,
    Fleet,
}

/// The owner of an object: no other owner can create an object with the same identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A cluster, by its index.
    Cluster(u32),
    /// The clusters of a cell.
    Cell(Rc<str>),
    /// The fleet.
    Fleet,
}

impl IdentityScope {
    /// Returns the scope of an object of a template, given the variables that are unique to each cluster.
    fn new(object: &Object, template: &Template, identifying: &Identifying) -> Self {
        let has_entries = |instance: &Instance| matches!(instance.with, With::Entry(_));
        let has_entries = template.instances.iter().any(has_entries);
        // An entry can hide every variable that is not built in.
        let is_visible = |name: &str| !has_entries || BUILT_IN.contains(&name);
        let reads = |matches: &dyn Fn(&str) -> bool| {
            let own = |name: &str| template.variables.iter().find(|(own, _)| **own == *name);
            let matches = |name: &str| match own(name) {
                Some((_, value)) => value
                    .as_scalar()
                    .is_some_and(|scalar| scalar.text.contains_value(matches)),
                None => matches(name),
            };
            let mut texts = std::iter::once(&object.name).chain(&object.namespace);
            texts.any(|text| text.value.contains_value(matches))
        };
        if reads(&|name| is_visible(name) && identifying.clusters.contains(name)) {
            Self::Cluster
        } else if reads(&|name| is_visible(name) && identifying.cells.contains(name)) {
            Self::Cell
        } else if reads(&|name| name == "NAMESPACE") {
            Self::Namespace
        } else {
            Self::Fleet
        }
    }
}

impl Cells {
    /// Returns the cells of a plan whose sections are the Namespaces and then `templates`. The objects that a spoke
    /// applies to itself belong to no cell, because its Argo CD instance has one Application for all of them.
    pub fn new(
        plan: &Plan,
        templates: &[&Template],
        identifying: &Identifying,
        options: &CompileOptions,
    ) -> Self {
        let sections = std::iter::once(&plan.namespace).chain(templates.iter().copied());
        Self {
            are_enabled: plan.has_cells && options.spoke.is_none(),
            shares_namespace: plan
                .clusters
                .iter()
                .map(|cluster| cluster.namespace_may_be_shared)
                .collect(),
            scopes: sections
                .map(|template| {
                    let objects = template.objects.iter();
                    objects
                        .map(|object| IdentityScope::new(object, template, identifying))
                        .collect()
                })
                .collect(),
            by_cluster: plan
                .clusters
                .iter()
                .map(|cluster| cluster.cell.clone())
                .collect(),
            selected: options.cell.clone(),
        }
    }

    /// Returns `true` if the output is divided into cells.
    pub fn are_enabled(&self) -> bool {
        self.are_enabled
    }

    /// Returns the owner of an object.
    pub fn owner(&self, at: ObjectRef, subject: SubjectId) -> Owner {
        let SubjectId::Cluster(index) = subject else {
            return Owner::Fleet;
        };
        match self.scopes[at.section()][at.object()] {
            IdentityScope::Cluster => Owner::Cluster(index),
            IdentityScope::Namespace if !self.shares_namespace[index as usize] => {
                Owner::Cluster(index)
            }
            IdentityScope::Cell => {
                let cell = self.by_cluster[index as usize].clone();
                cell.map_or(Owner::Fleet, Owner::Cell)
            }
            IdentityScope::Namespace | IdentityScope::Fleet => Owner::Fleet,
        }
    }

    /// Returns the name of the cell of an object. Returns `None` if the object belongs to the fleet.
    fn cell_name(&self, at: ObjectRef, subject: SubjectId) -> Option<&Rc<str>> {
        match self.owner(at, subject) {
            Owner::Fleet => None,
            Owner::Cluster(_) | Owner::Cell(_) => {
                let index = subject.cluster_index()?;
                self.by_cluster[index].as_ref()
            }
        }
    }

    /// Returns the cell of an object. Returns `None` if the output is not divided into cells.
    pub fn cell(&self, at: ObjectRef, subject: SubjectId) -> Option<Cell> {
        let named = self
            .cell_name(at, subject)
            .map(|name| Cell::Named(Rc::clone(name)));
        self.are_enabled().then(|| named.unwrap_or(Cell::Fleet))
    }

    /// Returns `true` if an object belongs to the requested cell.
    pub fn is_selected(&self, at: ObjectRef, subject: SubjectId) -> bool {
        match &self.selected {
            None => true,
            Some(Cell::Fleet) => self.cell_name(at, subject).is_none(),
            Some(Cell::Named(name)) => self.cell_name(at, subject) == Some(name),
        }
    }

    /// Returns the number of objects of each cell.
    pub fn sizes(
        &self,
        objects: impl Iterator<Item = (ObjectRef, SubjectId)>,
    ) -> Vec<(Cell, usize)> {
        let mut sizes = BTreeMap::new();
        for (at, subject) in objects {
            *sizes.entry(self.cell_name(at, subject)).or_insert(0) += 1;
        }
        let cell =
            |name: Option<&Rc<str>>| name.map_or(Cell::Fleet, |name| Cell::Named(Rc::clone(name)));
        sizes
            .into_iter()
            .map(|(name, size)| (cell(name), size))
            .collect()
    }
}

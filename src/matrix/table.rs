//! The parts of the matrix.

use std::rc::Rc;

use crate::explain::cell::CellExplanation;

/// The clusters of a fleet and their add-ons.
#[derive(Debug)]
pub struct Matrix {
    /// The name of the fleet, if it has one.
    pub name: Option<Rc<str>>,
    /// The add-ons, sorted by name.
    pub addons: Vec<Column>,
    /// The clusters, sorted by namespace and name.
    pub clusters: Vec<Row>,
    /// The explanations of cells, which cells share.
    pub explanations: Vec<CellExplanation>,
    /// The number of objects.
    pub objects: usize,
}

/// An add-on.
#[derive(Clone, Debug)]
pub struct Column {
    /// The name.
    pub name: Rc<str>,
    /// The delivery method.
    pub deliver: Rc<str>,
    /// The chart or the path of the manifests as written, without logins.
    pub software: String,
    /// The names of the add-ons and profiles that must be deployed first, sorted.
    pub depends_on: Vec<Rc<str>>,
    /// The location in `fleet.yaml`.
    pub location: String,
    /// The change of the add-on as a whole.
    pub mark: Mark,
}

/// A cluster.
#[derive(Clone, Debug)]
pub struct Row {
    /// The name.
    pub name: Rc<str>,
    /// The namespace.
    pub namespace: Rc<str>,
    /// The cell, if the fleet has cells.
    pub cell: Option<Rc<str>>,
    /// Whether the cluster exists already, so that only its add-ons are generated.
    pub is_existing: bool,
    /// The labels, sorted by key; values of secrets are masked.
    pub labels: Rc<[(Rc<str>, Rc<str>)]>,
    /// The location of the member.
    pub location: Option<String>,
    /// The cells, in the order of [`Matrix::addons`].
    pub cells: Vec<Cell>,
    /// The change of the cluster's own objects.
    pub mark: Mark,
    /// Index of the changes of the cluster's own objects.
    pub changes: Option<usize>,
}

/// An add-on on a cluster.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// The add-on as installed; `None` if the cluster does not get it.
    pub installed: Option<Installed>,
    /// Index of [`Matrix::explanations`].
    pub explanation: Option<usize>,
    /// What a change does to the cell.
    pub mark: Mark,
    /// Index of the changes of the cluster's objects of this add-on.
    pub changes: Option<usize>,
}

/// An add-on as installed on a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The version of the chart; empty for manifests.
    pub version: Rc<str>,
    /// The location of the version.
    pub location: Option<Rc<str>>,
    /// The name of the variant.
    pub variant: Rc<str>,
    /// The index of the variant in its plan.
    pub(super) index: usize,
}

/// What a change does to a cluster, an add-on or a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    #[default]
    Same,
    /// It does not exist in the base.
    Added,
    /// It does not exist in the head.
    Removed,
    /// It has another version; this is the one in the base.
    Version(Rc<str>),
    /// Its objects or values differ.
    Changed,
}

impl Mark {
    /// Returns the change in one word; empty if there is none.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Same => "",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Version(_) => "version",
            Self::Changed => "changed",
        }
    }
}

impl Cell {
    /// Returns the version as shown: `manifests` for an add-on without a chart. `None` if it is not installed.
    pub fn version(&self) -> Option<&str> {
        let installed = self.installed.as_ref()?;
        Some(match &*installed.version {
            "" => "manifests",
            version => version,
        })
    }
}

impl Matrix {
    /// Returns the number of clusters of each version of an add-on, sorted by version. A removed cell does not count.
    pub fn versions(&self, addon: usize) -> Vec<(&str, usize)> {
        let mut counts = std::collections::BTreeMap::new();
        for row in &self.clusters {
            let cell = &row.cells[addon];
            if let (Some(version), false) = (cell.version(), cell.mark == Mark::Removed) {
                *counts.entry(version).or_insert(0) += 1;
            }
        }
        counts.into_iter().collect()
    }

    /// Returns the number of clusters that get an add-on.
    pub fn count(&self, addon: usize) -> usize {
        self.versions(addon).iter().map(|(_, count)| count).sum()
    }

    /// Returns the number of clusters that a change affects, also through objects that clusters share.
    pub fn affected(&self) -> usize {
        let is_affected = |row: &&Row| {
            let mut cells = row.cells.iter();
            row.mark != Mark::Same || cells.any(|cell| cell.mark != Mark::Same)
        };
        self.clusters.iter().filter(is_affected).count()
    }

    /// Returns the clusters that are not removed.
    pub fn remaining(&self) -> impl Iterator<Item = &Row> {
        self.clusters.iter().filter(|row| row.mark != Mark::Removed)
    }
}

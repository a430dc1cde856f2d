//! The plan: for each cluster its objects. What every output reads.

use std::rc::Rc;

use crate::model::Cluster;
use crate::source::Span;
use crate::tree::{Node, Text};

/// Everything that will be printed.
#[derive(Debug)]
pub struct Plan {
    /// The clusters, sorted by namespace and name.
    pub clusters: Vec<Cluster>,
    /// The Namespace that a cluster gets where no template makes it.
    pub namespace: Template,
    /// The templates, in the order of `fleet.yaml`.
    pub templates: Vec<Template>,
}

/// The objects of a template and the clusters that they are made for.
#[derive(Debug)]
pub struct Template {
    /// The objects, with what is still to fill.
    pub objects: Vec<Object>,
    /// Indices into [`Plan::clusters`], ascending.
    pub clusters: Vec<usize>,
}

/// An object of a template, complete but for its variables.
#[derive(Clone, Debug)]
pub struct Object {
    /// Where its document begins.
    pub span: Span,
    /// The group of its `apiVersion`; empty for the core group.
    pub group: Rc<str>,
    /// Its kind.
    pub kind: Rc<str>,
    /// Its name.
    pub name: (Text, Span),
    /// Its namespace; none for objects of the whole cluster.
    pub namespace: Option<(Text, Span)>,
    /// The whole object.
    pub tree: Node,
}

impl Object {
    /// `metadata.labels`.
    pub fn labels(&self) -> Option<&Node> {
        self.tree.get("metadata")?.get("labels")
    }

    /// `metadata.annotations`.
    pub fn annotations(&self) -> Option<&Node> {
        self.tree.get("metadata")?.get("annotations")
    }

    /// Whether this is the Cluster API object that stands for the cluster.
    pub fn is_cluster(&self) -> bool {
        self.is(CAPI, "Cluster")
    }

    /// The kind and its group as `safety.protect` writes them: `Kind.group`.
    pub fn qualified_kind(&self) -> String {
        match &*self.group {
            "" => self.kind.to_string(),
            group => format!("{}.{group}", self.kind),
        }
    }

    /// Whether the object has this group and kind.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        *self.group == *group && *self.kind == *kind
    }
}

/// The group of Cluster API's own kinds.
pub const CAPI: &str = "cluster.x-k8s.io";

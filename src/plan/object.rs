//! Objects, complete but for their variables.

use std::rc::Rc;

use crate::model::CAPI;
use crate::source::{Span, Spanned};
use crate::tree::{Node, Text};

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
    pub name: Spanned<Text>,
    /// Its namespace; none for objects of the whole cluster.
    pub namespace: Option<Spanned<Text>>,
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

    /// Whether it is the Application that makes a spoke render the fleet for itself: by what it says, so
    /// that it may come from a template of one's own.
    pub fn is_spoke(&self) -> bool {
        let parameters = || {
            let plugin = self.tree.get("spec")?.get("source")?.get("plugin")?;
            plugin.get("parameters")?.items()
        };
        let is_spoke = |item: &Node| item.get("name").and_then(Node::text) == Some("spoke");
        self.is("argoproj.io", "Application")
            && parameters().unwrap_or_default().iter().any(is_spoke)
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
        *self.kind == *kind && *self.group == *group
    }

    /// Returns the namespace as written.
    pub fn written_namespace(&self) -> Option<&Text> {
        self.namespace.as_ref().map(|namespace| &namespace.value)
    }

    /// Returns `true` if the object has this group, kind, namespace and name, as they are written.
    pub fn is_written(
        &self,
        (group, kind): (&str, &str),
        namespace: Option<&Text>,
        name: &Text,
    ) -> bool {
        let is_there = match (self.written_namespace(), namespace) {
            (Some(one), Some(other)) => reads_alike(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        self.is(group, kind) && is_there && reads_alike(&self.name.value, name)
    }
}

fn reads_alike(one: &Text, other: &Text) -> bool {
    one.literal().is_some() == other.literal().is_some() && one.as_written() == other.as_written()
}

/// Returns the group of an `apiVersion`; it is empty for the core group.
pub fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

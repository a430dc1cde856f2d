//! Objects whose variables are not yet substituted.

use std::rc::Rc;

use crate::model::CAPI;
use crate::source::{Span, Spanned};
use crate::tree::{Node, Text};

/// An object of a template, whose variables are not yet substituted.
#[derive(Clone, Debug)]
pub struct Object {
    /// The start of its document.
    pub span: Span,
    /// The group of its `apiVersion`; empty for the core group.
    pub group: Rc<str>,
    /// Its kind.
    pub kind: Rc<str>,
    /// Its name.
    pub name: Spanned<Text>,
    /// Its namespace; `None` for cluster-scoped objects.
    pub namespace: Option<Spanned<Text>>,
    /// The whole object.
    pub tree: Node,
}

impl Object {
    /// Returns `metadata.labels`.
    pub fn labels(&self) -> Option<&Node> {
        self.tree.get("metadata")?.get("labels")
    }

    /// Returns `metadata.annotations`.
    pub fn annotations(&self) -> Option<&Node> {
        self.tree.get("metadata")?.get("annotations")
    }

    /// Returns `true` if this is the Cluster API `Cluster`.
    pub fn is_cluster(&self) -> bool {
        self.is(CAPI, "Cluster")
    }

    /// Returns `true` if this is the Application with which a spoke renders the fleet for itself. Its parameters
    /// decide this, so that a fleet can use its own template instead of `builtin:argocd-spoke`.
    pub fn is_spoke(&self) -> bool {
        let parameters = || {
            let plugin = self.tree.get("spec")?.get("source")?.get("plugin")?;
            plugin.get("parameters")?.items()
        };
        let is_spoke = |item: &Node| item.get("name").and_then(Node::text) == Some("spoke");
        self.is("argoproj.io", "Application")
            && parameters().unwrap_or_default().iter().any(is_spoke)
    }

    /// Returns the kind and the group in the form of `safety.protect`, `Kind.group`.
    pub fn qualified_kind(&self) -> String {
        match &*self.group {
            "" => self.kind.to_string(),
            group => format!("{}.{group}", self.kind),
        }
    }

    /// Returns `true` if the object has this group and kind.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        *self.kind == *kind && *self.group == *group
    }

    /// Returns the namespace as written.
    pub fn written_namespace(&self) -> Option<&Text> {
        self.namespace.as_ref().map(|namespace| &namespace.value)
    }

    /// Returns the group, kind, namespace and name of the object, as they are written.
    pub fn written(&self) -> WrittenIdentity {
        let kind = (&*self.group, &*self.kind);
        WrittenIdentity::new(kind, self.written_namespace(), &self.name.value)
    }
}

/// A string as it is written. A literal differs from a string with the same source and an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenText(bool, Rc<str>);

impl From<&Text> for WrittenText {
    fn from(text: &Text) -> Self {
        Self(text.literal().is_some(), text.source_text())
    }
}

/// The group, kind, namespace and name of an object or a reference, as they are written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenIdentity {
    name: WrittenText,
    namespace: Option<WrittenText>,
    kind: Rc<str>,
    group: Rc<str>,
}

impl WrittenIdentity {
    /// Returns the identity with these parts.
    pub fn new((group, kind): (&str, &str), namespace: Option<&Text>, name: &Text) -> Self {
        Self {
            name: name.into(),
            namespace: namespace.map(Into::into),
            kind: kind.into(),
            group: group.into(),
        }
    }
}

/// Returns the group of an `apiVersion`; it is empty for the core group.
pub fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

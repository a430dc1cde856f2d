//! The plan: for each cluster its objects. What every output reads.

mod addon;

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use crate::model::{Cluster, Variables};
use crate::source::Span;
use crate::template::fill::Scope;
use crate::tree::{Node, Text};
pub use addon::{AddOn, Aspect, Chart, Manifest, Software, Variant, VariantName};

/// Everything that will be printed.
#[derive(Debug)]
pub struct Plan {
    /// The clusters, sorted by namespace and name.
    pub clusters: Vec<Cluster>,
    /// The variables that are the same for the whole fleet.
    pub constants: Variables,
    /// The Namespace that a cluster gets where no template makes it.
    pub namespace: Template,
    /// The templates, in the order of `fleet.yaml`.
    pub templates: Vec<Template>,
    /// The add-ons, sorted by name.
    pub addons: Vec<AddOn>,
    /// Objects that are printed as they are, sorted by namespace and name.
    pub profiles: Vec<Object>,
}

/// Objects and what they are made for.
#[derive(Debug)]
pub struct Template {
    /// The objects, with what is still to fill.
    pub objects: Vec<Object>,
    /// Variables of the template itself; they hide those of its subjects.
    pub variables: Vec<(Rc<str>, Node)>,
    /// What the objects are made for, ascending.
    pub subjects: Vec<SubjectId>,
}

/// What objects are made for. The order is that of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectId {
    /// An index into [`Plan::clusters`].
    Cluster(u32),
    /// The fleet as a whole.
    Fleet,
}

/// What a [`SubjectId`] names.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A cluster.
    Cluster(&'a Cluster),
    /// The fleet, and the variables that all of it shares.
    Fleet(&'a Variables),
}

impl SubjectId {
    /// A cluster. There are far fewer than 32 bits can count.
    pub fn cluster(index: usize) -> Self {
        Self::Cluster(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

impl Plan {
    /// What an identifier names.
    pub fn subject(&self, id: SubjectId) -> Subject<'_> {
        match id {
            SubjectId::Cluster(index) => Subject::Cluster(&self.clusters[index as usize]),
            SubjectId::Fleet => Subject::Fleet(&self.constants),
        }
    }
}

impl<'a> Subject<'a> {
    /// The cluster, if it is one.
    pub fn cluster(self) -> Option<&'a Cluster> {
        match self {
            Self::Cluster(cluster) => Some(cluster),
            Self::Fleet(_) => None,
        }
    }

    /// Its variables.
    pub fn variables(self) -> &'a Variables {
        match self {
            Self::Cluster(cluster) => &cluster.variables,
            Self::Fleet(variables) => variables,
        }
    }

    /// Where it comes from; the fleet comes from no place in particular.
    pub fn span(self) -> Option<Span> {
        self.cluster().map(|cluster| cluster.span)
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cluster(cluster) => write!(out, "the cluster `{}`", cluster.name),
            Self::Fleet(_) => out.write_str("the fleet"),
        }
    }
}

/// A subject's variables behind those of a template.
pub struct Scoped<'a> {
    /// The template's.
    pub template: &'a [(Rc<str>, Node)],
    /// The subject.
    pub subject: Subject<'a>,
}

impl Scope for Scoped<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        let own = self.template.iter().find(|(own, _)| **own == *name);
        match (own, self.subject) {
            (Some((_, value)), _) => Some(Cow::Borrowed(value)),
            (None, Subject::Cluster(cluster)) => Scope::get(cluster, name),
            (None, Subject::Fleet(variables)) => Scope::get(variables, name),
        }
    }

    fn text(&self, path: &[String]) -> Option<&str> {
        let is_hidden = self.template.iter().any(|(own, _)| path[0] == **own);
        match self.subject {
            _ if is_hidden => None,
            Subject::Cluster(cluster) => cluster.text(path),
            Subject::Fleet(variables) => Scope::text(variables, path),
        }
    }
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
        *self.kind == *kind && *self.group == *group
    }
}

/// The group of Cluster API's own kinds.
pub const CAPI: &str = "cluster.x-k8s.io";

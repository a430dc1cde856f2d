//! The plan: for each cluster its objects. What every output reads.

mod addon;
pub mod rotated;
mod subject;

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::input::origin::Origin;
use crate::model::{Cluster, Group, Variables};
use crate::source::Span;
use crate::tree::{Node, Text};
pub use addon::{AddOn, Aspect, Chart, Manifest, Manifests, Software, Variant, VariantName};
pub use subject::{Instance, Scoped, Subject, SubjectId, Subjects, With};

/// Everything that will be printed.
#[derive(Debug)]
pub struct Plan {
    /// The clusters, sorted by namespace and name.
    pub clusters: Vec<Cluster>,
    /// The groups, by label as `fleet.yaml` has them, and by name.
    pub groups: Vec<Group>,
    /// Whether the fleet is divided into cells.
    pub has_cells: bool,
    /// The variables that are the same for the whole fleet.
    pub constants: Variables,
    /// The Namespace that a cluster gets where no template makes it.
    pub namespace: Template,
    /// The templates, in the order of `fleet.yaml`.
    pub templates: Vec<Template>,
    /// The add-ons, sorted by name.
    pub addons: Vec<AddOn>,
    /// Where the fleet's own repository is.
    pub source: Option<Origin>,
    /// The objects whose names follow their content.
    pub rotated: Vec<rotated::Rotated>,
    /// Objects that are printed as they are, sorted by namespace and name.
    pub profiles: Vec<Object>,
}

impl Plan {
    /// Indices of the clusters whose own Argo CD renders the fleet for them.
    pub fn spokes(&self) -> BTreeSet<usize> {
        let of_hub = self.templates.iter().filter(|one| !one.is_from_spoke);
        let of_spokes = of_hub.filter(|one| one.objects.iter().any(Object::is_spoke));
        let instances = of_spokes.flat_map(|template| &template.instances);
        let cluster = |instance: &Instance| match instance.subject {
            SubjectId::Cluster(index) => Some(index as usize),
            SubjectId::Fleet | SubjectId::Group(_) | SubjectId::Shared => None,
        };
        instances.filter_map(cluster).collect()
    }
}

/// Objects and what they are made for.
#[derive(Debug)]
pub struct Template {
    /// The objects, with what is still to fill.
    pub objects: Vec<Object>,
    /// Variables of the template itself; they hide those of its subjects.
    pub variables: Rc<[(Rc<str>, Node)]>,
    /// What the objects are made for, in the order of the output: once for each of these.
    pub instances: Vec<Instance>,
    /// Where the objects are made for groups, or for the fleet: the clusters that the template's
    /// selector matches, ascending. `CLUSTERS` has no others.
    pub selected: Option<Rc<[usize]>>,
    /// Whether spokes apply the objects to themselves; else the hub applies them.
    pub is_from_spoke: bool,
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
}

/// The group of Cluster API's own kinds.
pub const CAPI: &str = "cluster.x-k8s.io";

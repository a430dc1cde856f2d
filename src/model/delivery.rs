//! Delivery methods, each with its capabilities from the first document of its file.

use std::rc::Rc;

use crate::source::Span;
use crate::tree::Node;

/// A method to deploy add-ons to clusters.
#[derive(Debug)]
pub struct Delivery {
    /// The name in `deliver`.
    pub name: Rc<str>,
    /// The location of its file; `None` if it is built in.
    pub file: Option<Span>,
    /// The name in messages.
    pub title: Rc<str>,
    /// The add-ons between which the method keeps an order.
    pub order: Order,
    /// The reason that an add-on does not wait for another one, for the message about it.
    pub order_note: Rc<str>,
    /// Whether `profiles` are objects of this method, so that add-ons can depend on them.
    pub has_profiles: bool,
    /// Whether clusters with the same form share objects, and a label on their Cluster selects the form. Otherwise
    /// each cluster has its own objects.
    pub shares_objects: bool,
    /// The keys of `helm` that must be the same for all clusters.
    pub uniform: Vec<Rc<str>>,
    /// The lookup of values at run time; `None` if it is not supported.
    pub lookups: Option<Lookups>,
    /// Whether Helm always takes over existing objects.
    pub always_takes_over: bool,
    /// The behavior on removal of an add-on whose documents do not read `ON_REMOVE`.
    pub on_remove: OnRemove,
    /// File name extensions that the controller reads in a directory.
    pub extensions: Vec<Rc<str>>,
    /// The documents, each with its target.
    pub documents: Vec<Document>,
}

/// The add-ons of one delivery method between which an order is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// No add-ons.
    None,
    /// Charts among each other, and manifests among each other.
    Kind,
    /// All add-ons.
    Method,
}

/// The engine with which a delivery method looks values up. All engines run Go templates with the functions of sprig.
#[derive(Debug)]
pub struct Lookups {
    /// The variable that contains the Cluster; empty if `.metadata` is a field of the data itself.
    pub cluster: Rc<str>,
    /// Whether a missing key is an error.
    pub fails_on_missing: bool,
    /// Whether labels and annotations are maps of strings, which `hasKey` does not accept.
    pub has_string_maps: bool,
    /// Whether the data is the cluster Secret in the registry of the delivery method.
    pub reads_secret: bool,
    /// The paths that can be looked up, each with the number of keys that can follow.
    pub paths: Vec<(Vec<Rc<str>>, usize)>,
}

/// A document of a delivery method.
#[derive(Debug)]
pub struct Document {
    /// The target of each object.
    pub target: Target,
    /// The object, with the names of the add-on's data.
    pub tree: Node,
    /// The names of the add-on's data that it reads.
    pub reads: Vec<Vec<String>>,
    /// The location of its start.
    pub span: Span,
}

/// The target for which an object is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A chart on a cluster.
    Chart,
    /// A chart on a cluster, if values are looked up; such a chart then has no object of the target
    /// `Chart`.
    ChartWithLookups,
    /// Manifests on a cluster.
    Manifests,
    /// A content that objects refer to: the values of a chart, or manifests.
    Content,
    /// An add-on, for all of its clusters.
    AddOn,
    /// A chart repository.
    Repository,
}

/// The fate of an add-on on a cluster that is no longer selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRemove {
    /// The add-on is uninstalled.
    Uninstall,
    /// The add-on remains.
    Leave,
}

impl Delivery {
    /// Returns `true` if there are documents for the target.
    pub fn has_documents(&self, target: Target) -> bool {
        let mut documents = self.documents.iter();
        documents.any(|document| document.target == target)
    }

    /// Returns `true` if a document for one of the targets reads a name of the add-on's data.
    pub fn reads(&self, targets: impl IntoIterator<Item = Target>, name: &[&str]) -> bool {
        let reads = |target: Target| {
            let documents = self.documents.iter();
            let documents = documents.filter(|document| document.target == target);
            let mut paths = documents.flat_map(|document| &document.reads);
            paths.any(|path| path.iter().zip(name).all(|(a, b)| a == b) && path.len() >= name.len())
        };
        targets.into_iter().any(reads)
    }
}

impl Target {
    /// All targets, by their names in `$for`.
    pub const ALL: [(&str, Self); 6] = [
        ("chart", Self::Chart),
        ("chart with lookups", Self::ChartWithLookups),
        ("manifests", Self::Manifests),
        ("content", Self::Content),
        ("add-on", Self::AddOn),
        ("repository", Self::Repository),
    ];

    /// Returns the name in `$for`.
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.iter();
        all.find(|(_, target)| *target == self)
            .map_or("", |(name, _)| name)
    }

    /// Returns `true` if clusters share the objects of the target.
    pub fn is_shared(self) -> bool {
        matches!(self, Self::Content | Self::AddOn)
    }
}

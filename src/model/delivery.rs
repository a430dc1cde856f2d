//! Delivery methods: what each can do, as data. Each is a file, and its first document is the row of its
//! capabilities.

use std::rc::Rc;

use crate::source::Span;
use crate::tree::Node;

/// How add-ons reach clusters.
#[derive(Debug)]
pub struct Delivery {
    /// Its name as `deliver` writes it.
    pub name: Rc<str>,
    /// The location of its file; `None` if it is built in.
    pub file: Option<Span>,
    /// Its name in sentences.
    pub title: Rc<str>,
    /// Between which add-ons it keeps an order.
    pub order: Order,
    /// Why an add-on does not wait for another one, in the message about it.
    pub order_note: Rc<str>,
    /// Whether `profiles` are objects of this method, so that add-ons can depend on them.
    pub has_profiles: bool,
    /// Whether clusters with the same form share objects, and a label on their Cluster distinguishes the
    /// forms. Otherwise each cluster has objects of its own.
    pub shares: bool,
    /// The keys of `helm` that must be the same for all clusters.
    pub uniform: Vec<Rc<str>>,
    /// How values are looked up; `None` if they cannot be.
    pub lookups: Option<Lookups>,
    /// Whether Helm takes over existing objects in any case.
    pub always_takes_over: bool,
    /// What becomes of an add-on whose documents do not read `ON_REMOVE`.
    pub on_remove: OnRemove,
    /// Endings of the names of the files that its controller reads in a directory.
    pub extensions: Vec<Rc<str>>,
    /// The documents, each with its target.
    pub documents: Vec<Document>,
}

/// Between which add-ons of one delivery method an order is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Between none.
    None,
    /// Between charts, and between manifests.
    Kind,
    /// Between all.
    Method,
}

/// How the engine of a delivery method looks values up: all engines run Go templates with the functions of
/// sprig.
#[derive(Debug)]
pub struct Lookups {
    /// The variable that contains the Cluster; empty if `.metadata` is a field of the data itself.
    pub cluster: Rc<str>,
    /// Whether a missing key is an error of its own.
    pub fails_on_missing: bool,
    /// Whether labels and annotations are maps of strings, which `hasKey` does not accept.
    pub has_string_maps: bool,
    /// Whether the data is the cluster's Secret in the registry of the delivery method.
    pub reads_secret: bool,
    /// The paths that can be looked up, each with how many keys can follow.
    pub paths: Vec<(Vec<Rc<str>>, usize)>,
}

/// A document of a delivery method.
#[derive(Debug)]
pub struct Document {
    /// What an object is created for.
    pub target: Target,
    /// The object, with the names of the add-on's data.
    pub tree: Node,
    /// The names of the add-on's data that it reads.
    pub reads: Vec<Vec<String>>,
    /// Where it begins.
    pub span: Span,
}

/// What an object is created for.
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

/// What becomes of an add-on on a cluster that is no longer selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRemove {
    /// It is uninstalled.
    Uninstall,
    /// It stays.
    Leave,
}

impl Delivery {
    /// Returns `true` if an object is created for the target.
    pub fn has_documents(&self, target: Target) -> bool {
        let mut documents = self.documents.iter();
        documents.any(|document| document.target == target)
    }

    /// Returns `true` if an object for one of the targets reads a name of the add-on's data.
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
    /// The targets by the names that `$for` has for them.
    pub const ALL: [(&str, Self); 6] = [
        ("chart", Self::Chart),
        ("chart with lookups", Self::ChartWithLookups),
        ("manifests", Self::Manifests),
        ("content", Self::Content),
        ("add-on", Self::AddOn),
        ("repository", Self::Repository),
    ];

    /// Returns its name as `$for` has it.
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.iter();
        all.find(|(_, target)| *target == self)
            .map_or("", |(name, _)| name)
    }

    /// Returns `true` if clusters share its objects.
    pub fn is_shared(self) -> bool {
        matches!(self, Self::Content | Self::AddOn)
    }
}

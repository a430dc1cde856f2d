//! A cluster: a member after names, labels and variables are settled.

use std::borrow::Cow;
use std::rc::Rc;

use super::name::DnsLabel;
use crate::source::{FileId, Span};
use crate::template::fill::Scope;
use crate::tree::{Entry, Node, Style};

/// The label that every cluster carries: its name.
pub const CLUSTER_LABEL: &str = "kubectl-fleet.io/cluster";

/// What a Cluster object's labels begin with. No expression can ask for a name like this.
pub(crate) const PRINTED_LABELS: &str = "kubectl-fleet.io/labels";

/// The variables that are names of a cluster or of a group: these hold them, and not their variables.
pub(crate) const NAMES: [&str; 3] = ["CLUSTER_NAME", "NAMESPACE", "GROUP"];

/// A cluster.
#[derive(Debug)]
pub struct Cluster {
    /// Its name, unique in the fleet.
    pub name: DnsLabel,
    /// The namespace of its objects.
    pub namespace: DnsLabel,
    /// Its labels, sorted by key; what selectors read. Many clusters share them.
    pub labels: Rc<[(Rc<str>, Rc<str>)]>,
    /// Its variables but for those of [`BUILT_IN`](crate::template::BUILT_IN).
    pub variables: Variables,
    /// Which variant it gets of each add-on that has some, sorted by key. Many clusters share them.
    pub variants: Rc<[VariantLabel]>,
    /// Whether its namespace was written without a variable, and so may be that of others, too.
    pub shares_namespace: bool,
    /// Its cell, where the fleet has cells.
    pub cell: Option<Rc<str>>,
    /// Whether its objects are made by others: only add-ons are.
    pub exists: bool,
    /// The key of its entry in the list.
    pub span: Span,
}

/// A label that tells which variant of an add-on a cluster gets, and its value; where there is none,
/// the variant is called as the cluster is.
pub type VariantLabel = (Rc<str>, Option<Rc<str>>);

/// Variables of a cluster: its own, and those that all clusters of its list share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables {
    /// The member's own, few.
    pub own: Vec<(Rc<str>, Node)>,
    /// The list's.
    pub shared: Rc<SharedVariables>,
}

/// Variables that clusters share.
#[derive(Clone, Debug, Default)]
pub struct SharedVariables {
    /// The variables, sorted by name.
    pub values: Vec<(Rc<str>, Node)>,
    /// The files of `variablesFrom` that they are merged from, lowest first.
    pub files: Vec<FileId>,
}

impl PartialEq for SharedVariables {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl Variables {
    /// A variable's value. What the list fixes cannot be among the member's own.
    pub fn get(&self, name: &str) -> Option<&Node> {
        let own = self
            .own
            .iter()
            .find(|(own, _)| **own == *name)
            .map(|(_, value)| value);
        own.or_else(|| {
            let at = self
                .shared
                .values
                .binary_search_by(|(shared, _)| (**shared).cmp(name))
                .ok()?;
            Some(&self.shared.values[at].1)
        })
    }

    /// The text that a path of names leads to, unless it is null.
    fn text(&self, path: &[String]) -> Option<&str> {
        let (name, keys) = path.split_first()?;
        let value = keys
            .iter()
            .try_fold(self.get(name)?, |value, key| value.get(key))?;
        value.text().filter(|_| !value.is_null())
    }
}

impl Cluster {
    /// Whether both say the same, wherever they were written.
    pub fn is_same(&self, other: &Self) -> bool {
        let Self {
            name,
            namespace,
            labels,
            variables,
            variants,
            shares_namespace,
            cell,
            exists,
            span: _,
        } = self;
        *name == other.name
            && *namespace == other.namespace
            && *labels == other.labels
            && *variables == other.variables
            && *variants == other.variants
            && *shares_namespace == other.shares_namespace
            && *cell == other.cell
            && *exists == other.exists
    }

    /// The value of a label, of its own or the one that names it.
    pub fn label(&self, key: &str) -> Option<&str> {
        if key == CLUSTER_LABEL && !self.exists {
            return Some(self.name.as_rc());
        }
        let at = self
            .labels
            .binary_search_by(|(label, _)| (**label).cmp(key))
            .ok()?;
        Some(&self.labels[at].1)
    }

    /// The value of a label of its Cluster object.
    pub fn printed_label(&self, key: &str) -> Option<&str> {
        self.label(key).or_else(|| {
            let variants = &self.variants;
            let at = variants
                .binary_search_by(|(label, _)| (**label).cmp(key))
                .ok()?;
            let own = self.name.as_rc();
            Some(variants[at].1.as_ref().unwrap_or(own))
        })
    }

    /// The labels of its Cluster object: its own, its name, and the variants that it gets.
    pub fn printed_labels(&self) -> impl Iterator<Item = (&str, &Rc<str>)> {
        let name = self.name.as_rc();
        let own = std::iter::once((CLUSTER_LABEL, name)).filter(|_| !self.exists);
        let labels = self.labels.iter().map(|(key, value)| (&**key, value));
        let variants = self.variants.iter();
        let variants = variants.map(move |(key, value)| (&**key, value.as_ref().unwrap_or(name)));
        own.chain(labels).chain(variants)
    }
}

/// A map of texts, sorted by key.
fn map<'a>(span: Span, pairs: impl Iterator<Item = (&'a str, &'a Rc<str>)>) -> Node {
    let entry = |(key, value): (&str, &Rc<str>)| {
        Entry::new(key, Node::scalar(span, Style::Quoted, Rc::clone(value)))
    };
    let mut entries: Vec<Entry> = pairs.map(entry).collect();
    entries.sort_unstable_by(|a, b| a.key.text.literal().cmp(&b.key.text.literal()));
    Node::mapping(span, entries)
}

impl Scope for Cluster {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        let text = |text| Some(Cow::Owned(Node::scalar(self.span, Style::Quoted, text)));
        match name {
            "CLUSTER_NAME" => text(Rc::clone(self.name.as_rc())),
            "CELL" => text(Rc::clone(self.cell.as_ref()?)),
            "NAMESPACE" => text(Rc::clone(self.namespace.as_rc())),
            "LABELS" => {
                let own = usize::from(!self.exists);
                let known = self.printed_labels().take(own + self.labels.len());
                Some(Cow::Owned(map(self.span, known)))
            }
            PRINTED_LABELS => Some(Cow::Owned(map(self.span, self.printed_labels()))),
            _ => self.variables.get(name).map(Cow::Borrowed),
        }
    }

    fn text(&self, path: &[String]) -> Option<&str> {
        match path {
            [name] if name == "CLUSTER_NAME" => Some(self.name.as_rc()),
            [name] if name == "NAMESPACE" => Some(self.namespace.as_rc()),
            [name, key] if name == PRINTED_LABELS => self.printed_label(key),
            [name, ..] if name == "LABELS" || name == PRINTED_LABELS => None,
            _ => self.variables.text(path),
        }
    }
}

impl Scope for Variables {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.get(name).map(Cow::Borrowed)
    }

    fn text(&self, path: &[String]) -> Option<&str> {
        self.text(path)
    }
}

//! A cluster: a member after names, labels and variables are settled.

use std::borrow::Cow;
use std::rc::Rc;

use super::name::{ClusterName, NamespaceName};
use crate::source::Span;
use crate::template::fill::Scope;
use crate::tree::{Entry, Node};

/// The label that every cluster carries: its name.
pub const CLUSTER_LABEL: &str = "kubectl-fleet.io/cluster";

/// The variables that nobody may set.
pub const BUILT_IN: [&str; 8] = [
    "CLUSTER_NAME",
    "NAMESPACE",
    "LABELS",
    "CELL",
    "GROUP",
    "CLUSTERS",
    "WITH",
    "ADDON",
];

/// A cluster.
#[derive(Debug)]
pub struct Cluster {
    /// Its name, unique in the fleet.
    pub name: ClusterName,
    /// The namespace of its objects.
    pub namespace: NamespaceName,
    /// Its labels, sorted by key; what selectors read.
    pub labels: Vec<(Rc<str>, Rc<str>)>,
    /// Its variables, `CLUSTER_NAME` and `NAMESPACE` among them.
    pub variables: Variables,
    /// The key of its entry in the list.
    pub span: Span,
}

/// Variables of a cluster: its own, and those that all clusters of its list share.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// The member's own, few.
    pub own: Vec<(Rc<str>, Node)>,
    /// The list's, sorted by name.
    pub shared: Rc<[(Rc<str>, Node)]>,
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
                .binary_search_by(|(shared, _)| (**shared).cmp(name))
                .ok()?;
            Some(&self.shared[at].1)
        })
    }
}

impl Cluster {
    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        let at = self
            .labels
            .binary_search_by(|(label, _)| (**label).cmp(key))
            .ok()?;
        Some(&self.labels[at].1)
    }

    /// What `LABELS` holds: the labels and the cluster's name, sorted by key.
    fn label_map(&self) -> Node {
        let entry = |key: &str, value: &Rc<str>| {
            Entry::new(
                key,
                Node::scalar(self.span, crate::tree::Style::Quoted, Rc::clone(value)),
            )
        };
        let mut entries: Vec<Entry> = self
            .labels
            .iter()
            .map(|(key, value)| entry(key, value))
            .collect();
        let at = self
            .labels
            .partition_point(|(key, _)| **key < *CLUSTER_LABEL);
        entries.insert(at, entry(CLUSTER_LABEL, self.name.as_rc()));
        Node::mapping(self.span, entries)
    }
}

impl Scope for Cluster {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        match name {
            "LABELS" => Some(Cow::Owned(self.label_map())),
            _ => self.variables.get(name).map(Cow::Borrowed),
        }
    }
}

impl Scope for Variables {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.get(name).map(Cow::Borrowed)
    }
}

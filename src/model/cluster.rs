//! A cluster, created from a member with resolved names, labels and variables.

use std::borrow::Cow;
use std::rc::Rc;

use super::name::DnsLabel;
use crate::source::{FileId, Span};
use crate::template::fill::{Scope, member_span};
use crate::tree::{Entry, Node, Style};

/// Label of every cluster with its name.
pub const CLUSTER_LABEL: &str = "kubectl-fleet.io/cluster";

/// Label of every cluster of a named fleet, and of its add-on objects, with the name of the fleet.
pub const FLEET_LABEL: &str = "kubectl-fleet.io/fleet";

/// Variable that the labels of a Cluster begin with. No expression can use this name.
pub(crate) const CLUSTER_LABELS: &str = "kubectl-fleet.io/labels";

/// Variables for the names of a cluster or group, which are fields of these and not variables.
pub(crate) const NAME_VARIABLES: [&str; 3] = ["CLUSTER_NAME", "NAMESPACE", "GROUP"];

/// A cluster.
#[derive(Debug)]
pub struct Cluster {
    /// The name, unique in the fleet.
    pub name: DnsLabel,
    /// The namespace of the objects.
    pub namespace: DnsLabel,
    /// The labels for selectors, sorted by key. Many clusters share them.
    pub labels: Rc<[(Rc<str>, Rc<str>)]>,
    /// The variables, except those of [`BUILT_IN`](crate::template::BUILT_IN).
    pub variables: Variables,
    /// The variant of each add-on with variants, sorted by key. Many clusters share them.
    pub variants: Rc<[VariantLabel]>,
    /// Whether other clusters can have the same namespace, because it is written without a variable.
    pub namespace_may_be_shared: bool,
    /// The cell, if the fleet has cells.
    pub cell: Option<Rc<str>>,
    /// Whether the cluster exists already, so that only its add-ons are generated.
    pub is_existing: bool,
    /// The location of the key of the member.
    pub span: Span,
}

/// A label that selects the variant of an add-on, and its value. `None` means that the value is the name of the
/// cluster.
pub type VariantLabel = (Rc<str>, Option<Rc<str>>);

/// Variables of a cluster: its own, and those that it shares with other clusters of its list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables {
    /// The own variables of the member, sorted by name.
    pub own: Vec<(Rc<str>, Node)>,
    /// The shared variables.
    pub shared: Rc<SharedVariables>,
}

/// Variables that clusters share.
#[derive(Clone, Debug, Default)]
pub struct SharedVariables {
    /// The variables, sorted by name.
    pub values: Vec<(Rc<str>, Node)>,
    /// The files of `variablesFrom` from which they are merged, in rising precedence.
    pub files: Vec<FileId>,
    /// What the entry of the list in `fleet.yaml` decides.
    pub decided: Rc<Decided>,
}

/// The names that an entry of `clusters` or `groups` sets or restricts, each with its location. All are sorted by name.
#[derive(Debug, Default)]
pub struct Decided {
    /// The location of the entry's `list`; `None` for variables of no list.
    pub list: Option<Span>,
    /// The names in `variables`, `fields` and the path of the list.
    pub names: Vec<(Rc<str>, Span)>,
    /// The keys in `labels`.
    pub labels: Vec<(Rc<str>, Span)>,
    /// Whether a member can set only what `fields` declares.
    pub is_closed: bool,
}

/// Returns the location of a name in sorted names.
fn location(names: &[(Rc<str>, Span)], name: &str) -> Option<Span> {
    let at = names.binary_search_by(|(known, _)| (**known).cmp(name));
    at.ok().map(|at| names[at].1)
}

impl PartialEq for SharedVariables {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl Variables {
    /// Returns the value of a variable. Literal `variables` of a list cannot also be set by a member.
    pub fn get(&self, name: &str) -> Option<&Node> {
        find_sorted(&self.own, name).or_else(|| find_sorted(&self.shared.values, name))
    }

    /// Returns `true` if the member itself has a variable.
    pub fn has_own(&self, name: &str) -> bool {
        find_sorted(&self.own, name).is_some()
    }

    /// Adds own variables, whose names the member does not have yet.
    pub fn extend_own(&mut self, variables: impl IntoIterator<Item = (Rc<str>, Node)>) {
        let before = self.own.len();
        self.own.extend(variables);
        if self.own.len() > before {
            self.own.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
    }

    /// Adds an own variable, unless the member has one with this name.
    pub fn add_own(&mut self, name: &Rc<str>, value: Node) {
        if let Err(at) = self.own.binary_search_by(|(own, _)| own.cmp(name)) {
            self.own.insert(at, (Rc::clone(name), value));
        }
    }

    /// Returns the location of the value at a path if a member wrote it.
    pub fn member_value(&self, path: &[String]) -> Option<Span> {
        let (name, keys) = path.split_first()?;
        member_span(self.get(name)?, keys)
    }

    /// Returns the location that sets or restricts a variable.
    fn fixed(&self, name: &str) -> Option<Span> {
        let decided = &self.shared.decided;
        let is_shared = || {
            let value = self.get(name).filter(|_| decided.is_closed)?;
            Some(value.span).filter(|span| !span.is_of_member())
        };
        location(&decided.names, name).or_else(is_shared)
    }

    /// Calls `visit` with each variable that the entry of the list sets, and its location.
    pub fn fixed_names(&self, visit: &mut dyn FnMut(&str, Span)) {
        for (name, span) in &self.shared.decided.names {
            let value = self.get(name);
            if value.is_some_and(|value| !value.span.is_of_member()) {
                visit(name, *span);
            }
        }
    }

    /// Returns the string at a path, or `None` if it is null.
    fn text(&self, path: &[String]) -> Option<&str> {
        let (name, keys) = path.split_first()?;
        let value = keys
            .iter()
            .try_fold(self.get(name)?, |value, key| value.get(key))?;
        value.text().filter(|_| !value.is_null())
    }
}

/// Returns the value of a variable, from variables that are sorted by name.
pub(crate) fn find_sorted<'v>(variables: &'v [(Rc<str>, Node)], name: &str) -> Option<&'v Node> {
    let at = variables.binary_search_by(|(known, _)| (**known).cmp(name));
    at.ok().map(|at| &variables[at].1)
}

impl Cluster {
    /// Returns `true` if two clusters are equal, regardless of their locations.
    pub fn is_same(&self, other: &Self) -> bool {
        let Self {
            name,
            namespace,
            labels,
            variables,
            variants,
            namespace_may_be_shared,
            cell,
            is_existing,
            span: _,
        } = self;
        *name == other.name
            && *namespace == other.namespace
            && *labels == other.labels
            && *variables == other.variables
            && *variants == other.variants
            && *namespace_may_be_shared == other.namespace_may_be_shared
            && *cell == other.cell
            && *is_existing == other.is_existing
    }

    /// Returns the location of the label in `labels` of the cluster's list, also if the cluster does not have it.
    pub fn decided_label(&self, key: &str) -> Option<Span> {
        location(&self.variables.shared.decided.labels, key)
    }

    /// Returns the value of a label, including the label with the name of the cluster.
    pub fn label(&self, key: &str) -> Option<&str> {
        if key == CLUSTER_LABEL && !self.is_existing {
            return Some(self.name.as_rc());
        }
        let at = self
            .labels
            .binary_search_by(|(label, _)| (**label).cmp(key))
            .ok()?;
        Some(&self.labels[at].1)
    }

    /// Returns the value of a label of the Cluster object.
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

    /// Returns the labels of the Cluster object: name, own labels and variants.
    pub fn printed_labels(&self) -> impl Iterator<Item = (&str, &Rc<str>)> {
        let name = self.name.as_rc();
        let own = std::iter::once((CLUSTER_LABEL, name)).filter(|_| !self.is_existing);
        let labels = self.labels.iter().map(|(key, value)| (&**key, value));
        let variants = self.variants.iter();
        let variants = variants.map(move |(key, value)| (&**key, value.as_ref().unwrap_or(name)));
        own.chain(labels).chain(variants)
    }
}

/// Returns a mapping of strings, sorted by key.
fn map<'a>(span: Span, pairs: impl Iterator<Item = (&'a str, &'a Rc<str>)>) -> Node {
    // The labels were checked with the cluster.
    let span = span.trusted();
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
                let own = usize::from(!self.is_existing);
                let known = self.printed_labels().take(own + self.labels.len());
                Some(Cow::Owned(map(self.span, known)))
            }
            CLUSTER_LABELS => Some(Cow::Owned(map(self.span, self.printed_labels()))),
            _ => self.variables.get(name).map(Cow::Borrowed),
        }
    }

    fn text(&self, path: &[String]) -> Option<&str> {
        match path {
            [name] if name == "CLUSTER_NAME" => Some(self.name.as_rc()),
            [name] if name == "NAMESPACE" => Some(self.namespace.as_rc()),
            [name, key] if name == CLUSTER_LABELS => self.printed_label(key),
            [name, ..] if name == "LABELS" || name == CLUSTER_LABELS => None,
            _ => self.variables.text(path),
        }
    }

    fn member_value(&self, path: &[String]) -> Option<Span> {
        match path.first()?.as_str() {
            "CLUSTER_NAME" | "LABELS" | "CELL" => Some(self.span),
            "NAMESPACE" | CLUSTER_LABELS => None,
            _ => self.variables.member_value(path),
        }
    }

    fn fixed(&self, name: &str) -> Option<Span> {
        self.variables.fixed(name)
    }
}

impl Scope for Variables {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.get(name).map(Cow::Borrowed)
    }

    fn text(&self, path: &[String]) -> Option<&str> {
        self.text(path)
    }

    fn member_value(&self, path: &[String]) -> Option<Span> {
        self.member_value(path)
    }

    fn fixed(&self, name: &str) -> Option<Span> {
        self.fixed(name)
    }
}

//! The schemas of all kinds.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::node::{Child, Schema};
use crate::diagnostic::typing_errors;

/// The kinds, one for each line, in the order of their bytes: `apiVersion`, kind, scope (`N` or `C`), and the number of
/// the line of its root in [`NODES`].
const KINDS: &str = include_str!("../builtin/schemas/kinds.txt");

/// The nodes, one for each line: see [`Schema`].
const NODES: &str = include_str!("../builtin/schemas/nodes.txt");

/// All known schemas.
#[derive(Debug)]
pub struct Schemas {
    pub(super) kinds: Vec<&'static str>,
    pub(super) lines: Vec<&'static str>,
    /// The nodes that were used so far, by their numbers.
    parsed: RefCell<BTreeMap<usize, Rc<Schema>>>,
    /// The kinds that the fleet defines, by group and kind: the `apiVersion` of each version, and its schema. Their
    /// nodes follow the built-in ones.
    pub(super) own: BTreeMap<(String, String), Vec<(String, KindSchema)>>,
    /// The number of the next node.
    next: usize,
}

/// A version of a kind.
#[derive(Clone, Debug)]
pub struct KindSchema {
    /// Whether its objects have a namespace.
    pub is_namespaced: bool,
    /// The schema of its objects, without `apiVersion` and `kind`.
    pub root: Rc<Schema>,
}

/// The reason why a kind has no schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The kind exists, but its group does not serve this version.
    Version(Vec<String>),
    /// The kind is one of Kubernetes itself, whose pinned version does not serve this version of it.
    BuiltInVersion(Vec<String>),
    /// The kind exists in a group with a similar name.
    Group(&'static str),
    /// The group is one of Kubernetes itself and has no such kind.
    Kind(Vec<&'static str>),
    /// Nothing is known about the kind.
    Unchecked,
}

impl Schemas {
    /// Returns the built-in schemas.
    pub fn new() -> Self {
        Self::from_text(KINDS, NODES)
    }

    /// Returns a set without built-in schemas.
    pub fn empty() -> Self {
        Self::from_text("", "")
    }

    fn from_text(kinds: &'static str, nodes: &'static str) -> Self {
        let lines: Vec<_> = nodes.lines().collect();
        Self {
            kinds: kinds.lines().collect(),
            next: lines.len(),
            lines,
            parsed: RefCell::default(),
            own: BTreeMap::new(),
        }
    }

    /// Adds a node, and returns its number.
    pub(super) fn add(&mut self, schema: Schema) -> Child {
        let number = self.next;
        self.next += 1;
        self.parsed.get_mut().insert(number, Rc::new(schema));
        Child::Number(number)
    }

    /// Returns the schema of a kind.
    ///
    /// # Errors
    ///
    /// Returns an error if there is none.
    pub fn kind(&self, api_version: &str, kind: &str) -> Result<KindSchema, Unknown> {
        let own = self
            .own
            .get(&(group(api_version).to_owned(), kind.to_owned()));
        if let Some(own) = own {
            let version = own.iter().find(|(version, _)| version == api_version);
            let served = || own.iter().map(|(version, _)| version.clone()).collect();
            return version
                .map(|(_, kind)| kind.clone())
                .ok_or_else(|| Unknown::Version(served()));
        }
        let wanted = format!("{api_version} {kind} ");
        let at = self.kinds.partition_point(|line| *line < &*wanted);
        let row = self
            .kinds
            .get(at)
            .and_then(|line| line.strip_prefix(&*wanted));
        let Some((scope, root)) = row.and_then(|row| row.split_once(' ')) else {
            return Err(self.unknown(api_version, kind));
        };
        let root = root.parse().map_err(|_| Unknown::Unchecked)?;
        Ok(KindSchema {
            is_namespaced: scope == "N",
            root: self.node(root),
        })
    }

    /// Returns the reason why a kind has no schema.
    fn unknown(&self, api_version: &str, kind: &str) -> Unknown {
        let group = group(api_version);
        let of_kind = || {
            self.rows()
                .filter(|(_, name)| *name == kind)
                .map(|(version, _)| version)
        };
        let versions = of_kind().filter(|version| self::group(version) == group);
        let versions: Vec<String> = versions.map(ToOwned::to_owned).collect();
        if !versions.is_empty() {
            return if is_builtin(group) {
                Unknown::BuiltInVersion(versions)
            } else {
                Unknown::Version(versions)
            };
        }
        let is_similar = |version: &&str| {
            let distance = typing_errors(self::group(version), group);
            distance > 0 && distance <= MAX_TYPING_ERRORS
        };
        let similar: Vec<&str> = of_kind().filter(is_similar).collect();
        let version = |api_version: &str| api_version.rsplit('/').next().map(ToOwned::to_owned);
        let same = similar
            .iter()
            .find(|near| version(near) == version(api_version));
        if let Some(near) = same.or(similar.last()) {
            return Unknown::Group(near);
        }
        if is_builtin(group) {
            let kinds = self
                .rows()
                .filter(|(version, _)| self::group(version) == group);
            return Unknown::Kind(kinds.map(|(_, kind)| kind).collect());
        }
        Unknown::Unchecked
    }

    /// Returns whether objects of a kind have a namespace, or `None` if the kind is unknown.
    pub fn is_namespaced(&self, group: &str, kind: &str) -> Option<bool> {
        let own = self.own.get(&(group.to_owned(), kind.to_owned()));
        if let Some((_, kind)) = own.and_then(|own| own.first()) {
            return Some(kind.is_namespaced);
        }
        // The lines of a group are next to each other; those of the core group begin with a version.
        let prefix = if group.is_empty() {
            String::new()
        } else {
            format!("{group}/")
        };
        let from = self.kinds.partition_point(|line| *line < &*prefix);
        let rows = self.kinds[from..]
            .iter()
            .filter(|line| self::group(line.split(' ').next().unwrap_or_default()) == group);
        let mut rows = rows.map(|line| line.splitn(4, ' '));
        let found = rows.find_map(|mut row| {
            let (_, name, scope) = (row.next()?, row.next()?, row.next()?);
            (name == kind).then_some(scope == "N")
        });
        found.or_else(|| CLUSTER_SCOPED.contains(&(group, kind)).then_some(false))
    }

    /// Returns all versions of all kinds: the `apiVersion` and the kind.
    fn rows(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.kinds.iter().filter_map(|line| {
            let (version, rest) = line.split_once(' ')?;
            Some((version, rest.split(' ').next()?))
        })
    }

    /// Returns the schema of a part.
    pub fn child(&self, child: &Child) -> Rc<Schema> {
        match child {
            Child::Number(number) => self.node(*number),
            Child::Plain(plain) => Rc::new(Schema::plain(plain)),
        }
    }

    fn node(&self, number: usize) -> Rc<Schema> {
        if let Some(schema) = self.parsed.borrow().get(&number) {
            return Rc::clone(schema);
        }
        // The tests parse every line.
        let line = self.lines.get(number).copied().unwrap_or("{}");
        let schema: Rc<Schema> = Rc::new(serde_json::from_str(line).unwrap_or_default());
        let mut parsed = self.parsed.borrow_mut();
        parsed.insert(number, Rc::clone(&schema));
        schema
    }
}

impl Default for Schemas {
    fn default() -> Self {
        Self::new()
    }
}

/// Cluster-scoped kinds without a schema.
const CLUSTER_SCOPED: [(&str, &str); 4] = [
    ("cert-manager.io", "ClusterIssuer"),
    ("config.projectsveltos.io", "ClusterConfigurationReport"),
    ("kyverno.io", "ClusterCleanupPolicy"),
    ("kyverno.io", "ClusterPolicy"),
];

/// Maximum number of typing errors in the name of a group that is recognized.
const MAX_TYPING_ERRORS: usize = 2;

fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// Returns `true` if a group belongs to Kubernetes itself, whose kinds are all known.
fn is_builtin(group: &str) -> bool {
    !group.contains('.') || BUILTIN_GROUPS.contains(&group)
}

/// The groups of Kubernetes itself with a point in their name.
#[rustfmt::skip]
const BUILTIN_GROUPS: [&str; 15] = [
    "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "authentication.k8s.io",
    "authorization.k8s.io", "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io",
    "flowcontrol.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "rbac.authorization.k8s.io",
    "scheduling.k8s.io", "storage.k8s.io",
];

//! Schemas of kinds of objects: the fields that an API server accepts, and their values.
//!
//! The data is generated from the CustomResourceDefinitions and OpenAPI documents of pinned versions by a program of
//! the conformance suite, and contains only facts. Each distinct part of all schemas is one line of `nodes.txt`, which
//! is parsed when an object needs it.

mod format;
mod node;
mod violation;
mod walk;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

pub use node::{Child, Schema, Type};
pub use violation::{Fault, Violation};
pub use walk::{Holes, Walker, check, check_scalar};

/// The kinds, one for each line, in the order of their bytes: `apiVersion`, kind, scope (`N` or `C`), and the number of
/// the line of its root in [`NODES`].
const KINDS: &str = include_str!("builtin/schemas/kinds.txt");

/// The nodes, one for each line: see [`Schema`].
const NODES: &str = include_str!("builtin/schemas/nodes.txt");

/// All known schemas.
#[derive(Debug)]
pub struct Schemas {
    kinds: Vec<&'static str>,
    lines: Vec<&'static str>,
    /// The nodes that were used so far, by their numbers.
    parsed: RefCell<BTreeMap<usize, Rc<Schema>>>,
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
    Version(Vec<&'static str>),
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

    fn from_text(kinds: &'static str, nodes: &'static str) -> Self {
        Self {
            kinds: kinds.lines().collect(),
            lines: nodes.lines().collect(),
            parsed: RefCell::default(),
        }
    }

    /// Returns the schema of a kind.
    ///
    /// # Errors
    ///
    /// Returns an error if there is none.
    pub fn kind(&self, api_version: &str, kind: &str) -> Result<KindSchema, Unknown> {
        let wanted = format!("{api_version} {kind} ");
        let at = self.kinds.partition_point(|line| *line < &*wanted);
        let row = self.kinds.get(at).and_then(|line| line.strip_prefix(&*wanted));
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
        let of_kind = || self.rows().filter(|(_, name)| *name == kind).map(|(version, _)| version);
        let versions: Vec<_> = of_kind().filter(|version| self::group(version) == group).collect();
        if !versions.is_empty() {
            return Unknown::Version(versions);
        }
        if is_builtin(group) {
            let kinds = self.rows().filter(|(version, _)| self::group(version) == group);
            return Unknown::Kind(kinds.map(|(_, kind)| kind).collect());
        }
        let similar = of_kind().find(|version| {
            let distance = strsim::damerau_levenshtein(self::group(version), group);
            distance <= MAX_TYPING_ERRORS
        });
        similar.map_or(Unknown::Unchecked, Unknown::Group)
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

//! Identities of objects.

use std::borrow::Cow;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::object::Object;
use crate::model::name::{LABEL_LENGTH, name_problem};

/// The identity of an object: Kubernetes treats two objects with the same identity as one.
#[derive(Clone, Debug)]
pub struct Identity<'a> {
    /// The object as written; its group and kind are part of the identity.
    pub object: &'a Object,
    /// Its namespace.
    pub namespace: Option<Cow<'a, str>>,
    /// Its name.
    pub name: Cow<'a, str>,
}

impl PartialEq for Identity<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.object.is(&other.object.group, &other.object.kind)
            && (&self.namespace, &self.name) == (&other.namespace, &other.name)
    }
}

impl fmt::Display for Identity<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ", self.object.qualified_kind())?;
        if let Some(namespace) = &self.namespace {
            write!(out, "{namespace}/")?;
        }
        out.write_str(&self.name)
    }
}

/// Returns a hash of a group and a kind, for [`identity_hash`].
pub fn kind_hash(group: &str, kind: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (group, kind).hash(&mut hasher);
    hasher.finish()
}

/// Properties of a name or namespace, computed once for all objects that have it.
#[derive(Clone, Copy, Default)]
pub struct Name {
    hash: u64,
    /// Whether it is a DNS label, which is a valid name for every kind of object.
    pub is_label: bool,
}

impl Name {
    /// Computes the properties of a name.
    pub fn new(name: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(name.as_bytes());
        Self {
            hash: hasher.finish(),
            is_label: name_problem(name, LABEL_LENGTH, false).is_none(),
        }
    }
}

/// Returns a hash of an identity. Equal hashes do not imply equal identities. `kind` is the [`kind_hash`] of the
/// object.
pub fn identity_hash(kind: u64, namespace: Option<Name>, name: Name) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let seed = kind ^ namespace.unwrap_or_default().hash.rotate_left(32);
    seed.wrapping_mul(ODD) ^ name.hash
}

//! That no two objects are the same one.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::{LABEL_LENGTH, name_problem};
use crate::plan::{Object, Subject};

/// What an object is to Kubernetes: two objects with one identity are one object.
pub(crate) struct Identity<'a> {
    pub(crate) object: &'a Object,
    pub(crate) namespace: Option<&'a str>,
    pub(crate) name: &'a str,
}

/// A hash of a group and a kind, for [`identity_hash`].
pub(crate) fn kind_hash(group: &str, kind: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (group, kind).hash(&mut hasher);
    hasher.finish()
}

/// What is found out about a name or namespace once for all objects that have it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Name {
    hash: u64,
    /// Whether it is a DNS label: a name for every kind of object.
    pub(super) is_label: bool,
}

impl Name {
    /// Looks at a name.
    pub(crate) fn new(name: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(name.as_bytes());
        Self {
            hash: hasher.finish(),
            is_label: name_problem(name, LABEL_LENGTH, false).is_none(),
        }
    }
}

/// A hash of an identity; equal ones have equal hashes, and the reverse is to be checked. `kind` is
/// the [`kind_hash`] of the object.
pub(crate) fn identity_hash(kind: u64, namespace: Option<Name>, name: Name) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let place = kind ^ namespace.unwrap_or_default().hash.rotate_left(32);
    place.wrapping_mul(ODD) ^ name.hash
}

impl Identity<'_> {
    /// Whether both are one object.
    pub(crate) fn is(&self, other: &Identity<'_>) -> bool {
        self.object.is(&other.object.group, &other.object.kind)
            && (self.namespace, self.name) == (other.namespace, other.name)
    }

    /// Reports that two different objects have this identity.
    pub(crate) fn refuse(&self, first: &Self, subjects: [Subject<'_>; 2], diags: &mut Diagnostics) {
        let place = self.namespace.map_or(String::new(), |namespace| {
            format!(" in the namespace `{namespace}`")
        });
        let message = format!(
            "two different {} objects are named `{}`{place}",
            self.object.kind, self.name
        );
        let help = if subjects.iter().any(|subject| subject.cluster().is_some()) {
            "use `${CLUSTER_NAME}` in the name, or make the objects equal"
        } else {
            "rename one of them"
        };
        diags.push(
            Diagnostic::new(Code::DuplicateObject, self.object.name.1, message)
                .label(format!("for {}", subjects[1]))
                .related(first.object.name.1, format!("for {}", subjects[0]))
                .help(help),
        );
    }
}

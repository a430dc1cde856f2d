//! Names and labels as Kubernetes defines them.

mod hashed;
mod label;
mod problem;
mod reserved;

use std::fmt;
use std::rc::Rc;

pub use hashed::{truncate_with_hash, with_content_hash, with_hash};
pub use label::{label_key_problem, label_value_problem};
pub use problem::{LABEL_LENGTH, NAME_LENGTH, NameProblem, name_problem, suggestion};
pub use reserved::{approves_deletion, is_reserved_namespace, reserved_for};

/// A DNS label as the name of a cluster or namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DnsLabel(Rc<str>);

impl DnsLabel {
    /// Creates a name from a string.
    ///
    /// # Errors
    ///
    /// Returns the problem if the string is not a DNS label.
    pub fn new(text: Rc<str>) -> Result<Self, NameProblem> {
        match name_problem(&text, LABEL_LENGTH, false) {
            None => Ok(Self(text)),
            Some(problem) => Err(problem),
        }
    }

    /// Returns the shared string.
    pub fn as_rc(&self) -> &Rc<str> {
        &self.0
    }
}

impl fmt::Display for DnsLabel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

//! Names and labels as Kubernetes takes them.

mod hashed;
mod label;
mod problem;

use std::fmt;
use std::rc::Rc;

pub use hashed::{fitted, hashed, rotated};
pub use label::{label_key_problem, label_value_problem};
pub use problem::{LABEL_LENGTH, NAME_LENGTH, NameProblem, name_problem, suggestion};

/// The name of a cluster or of a namespace: a DNS label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DnsLabel(Rc<str>);

impl DnsLabel {
    /// Takes a text as the name, if it is one.
    pub fn new(text: Rc<str>) -> Result<Self, NameProblem> {
        match name_problem(&text, LABEL_LENGTH, false) {
            None => Ok(Self(text)),
            Some(problem) => Err(problem),
        }
    }

    /// The shared text.
    pub fn as_rc(&self) -> &Rc<str> {
        &self.0
    }
}

impl fmt::Display for DnsLabel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

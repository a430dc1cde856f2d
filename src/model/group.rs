//! A group: the clusters that share one value of a label.

use std::rc::Rc;

use super::cluster::Variables;
use crate::source::Span;

/// A group.
#[derive(Debug)]
pub struct Group {
    /// The label.
    pub label: Rc<str>,
    /// Its value, which names the group.
    pub name: Rc<str>,
    /// Its variables but for the built-in ones.
    pub variables: Variables,
    /// Indices of its clusters, ascending.
    pub clusters: Vec<usize>,
    /// Its member in the list of groups; without a list, that of its first cluster.
    pub span: Span,
}

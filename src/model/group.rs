//! A group: the clusters that share one value of a label.

use std::rc::Rc;

use super::cluster::Variables;
use crate::source::Span;

/// A group.
#[derive(Debug)]
pub struct Group {
    /// The label.
    pub label: Rc<str>,
    /// The value, which names the group.
    pub name: Rc<str>,
    /// The variables, except the built-in ones.
    pub variables: Variables,
    /// The indices of the clusters, ascending.
    pub clusters: Vec<usize>,
    /// The location of the member in the list of groups, or without a list that of the first cluster.
    pub span: Span,
}

//! The templates whose objects are rendered: those of the hub, or those of a spoke.

use super::template::Template;

/// A template whose objects are rendered.
#[derive(Debug)]
pub enum Printed {
    /// An index into [`Plan::templates`](super::Plan::templates).
    Template(usize),
    /// An index into [`Plan::delivered`](super::Plan::delivered).
    Delivered(usize),
    /// A template that is not part of the plan, such as one with a subset of the instances.
    Own(Box<Template>),
}

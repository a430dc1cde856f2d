//! A member that is inserted into a list.

use crate::tree::Node;

/// A member to insert.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// Key of its entry; `None` for an item of a sequence.
    pub key: Option<String>,
    /// Its value.
    pub value: NewValue,
}

/// The value of a new member.
#[derive(Clone, Debug)]
pub enum NewValue {
    /// Fields by name.
    Fields(Vec<(String, Node)>),
    /// A scalar.
    Scalar(Node),
    /// Lines in a string, such as a mapping in a `ConfigMap`.
    Lines(String),
}

//! A member of a list.

use std::rc::Rc;

use crate::source::Span;
use crate::tree::{Entry, Key, Node, Role, Text};

/// An entry of a list.
#[derive(Debug)]
pub struct Member {
    /// What the list calls it: the entry's key, or the file's stem; none in a sequence. A `key` field
    /// wins over it.
    pub name: Option<Rc<str>>,
    /// Where it begins.
    pub span: Span,
    /// What it says.
    pub fields: Fields,
    /// What the path of its file says, as fields.
    pub captures: Rc<[Entry]>,
    /// Whether its values are texts by the list's nature, as in a `ConfigMap`.
    pub textual: bool,
    /// Whether it is the manifest of a cluster that exists already.
    pub exists: bool,
}

impl Member {
    pub(super) fn new(name: Option<Rc<str>>, span: Span, fields: Fields) -> Self {
        Self {
            name,
            span,
            fields,
            captures: Rc::default(),
            textual: false,
            exists: false,
        }
    }
}

/// What a member says.
#[derive(Debug)]
pub enum Fields {
    /// One text.
    Text(Node),
    /// Fields by name.
    Mapping(Vec<Entry>),
}

/// An entry of a member's fields that the list says in another way.
pub fn field_entry(field: &Rc<str>, span: Span, value: Node) -> Entry {
    let key = Key {
        span,
        text: Text::Literal(Rc::clone(field)),
        role: Role::Name,
        is_optional: false,
    };
    Entry { key, value }
}

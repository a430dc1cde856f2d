//! A member of a list.

use std::rc::Rc;

use crate::source::Span;
use crate::tree::{Entry, Key, Node, Role, Text};

/// An entry of a list.
#[derive(Debug)]
pub struct Member {
    /// Key of the entry, or name of the file without its extension; `None` in a sequence. The `key` field
    /// overrides it.
    pub name: Option<Rc<str>>,
    /// Location of its beginning.
    pub span: Span,
    /// The fields that it sets.
    pub fields: Fields,
    /// The fields that the path of its file sets.
    pub captures: Rc<[Entry]>,
    /// Whether the format of the list allows only strings as values, such as a `ConfigMap`.
    pub has_string_values: bool,
    /// Whether it is the manifest of an existing cluster.
    pub is_existing: bool,
}

impl Member {
    pub(super) fn new(name: Option<Rc<str>>, span: Span, fields: Fields) -> Self {
        Self {
            name,
            span,
            fields,
            captures: Rc::default(),
            has_string_values: false,
            is_existing: false,
        }
    }
}

/// The fields of a member.
#[derive(Debug)]
pub enum Fields {
    /// A single string.
    Text(Node),
    /// Fields by name.
    Mapping(Vec<Entry>),
}

/// Returns a field of a member that the list does not contain as an entry.
pub fn field_entry(field: &Rc<str>, span: Span, value: Node) -> Entry {
    let key = Key {
        span,
        text: Text::Literal(Rc::clone(field)),
        role: Role::Name,
        is_optional: false,
    };
    Entry { key, value }
}

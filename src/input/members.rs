//! Reads the keys that `clusters` and `groups` entries share: the list, and the fields of its members.

use std::collections::BTreeSet;

use jsonptr::PointerBuf;

use super::form::{Form as _, Mapping, form};
use super::key::Type;
use super::read;
use crate::diagnostic::Diagnostics;
use crate::files::captures;
use crate::source::Spanned;
use crate::tree::{Entry, Node, Text};

form! {
    "an entry";
    /// The list of members of an entry, and the fields that they can set.
    #[derive(Debug)]
    pub struct Members {
        /// Path or pattern of the list.
        pub list: Spanned<String> = required("list"),
        /// JSON Pointer to the members in an object.
        pub at: Option<Spanned<PointerBuf>> = strict("at": Type::String, pointer),
        /// Field that names a member; default: `name`.
        pub key: Spanned<String> = or("key", name_field),
        /// Field that a plain string sets.
        pub value: Option<Spanned<String>> = optional("value"),
        /// JSON Schema of each field that a member can set; without it, any field that is not in `variables`.
        pub fields: Option<Vec<Field>> = optional("fields": Type::Map, fields),
        /// Variables that members must not set, with expressions in the values.
        pub variables: Vec<Entry> = default("variables"),
        /// Paths of files of shared variables, lowest first.
        pub variables_from: Vec<Spanned<Text>> = default("variablesFrom"),
    }
}

/// An entry of `fields`: a name and its JSON Schema.
#[derive(Debug)]
pub struct Field {
    /// Name of the field.
    pub name: Spanned<String>,
    /// JSON Schema as written, which can contain the additional keywords `unique` and `disjoint`.
    pub schema: Node,
}

impl Members {
    /// Returns the names that a member or the path of its file can set. Returns `None` if they can set any name.
    pub fn settable(&self) -> Option<BTreeSet<String>> {
        let fields = self.fields.as_ref()?.iter().map(|field| &field.name.value);
        let own = fields.chain(self.value.iter().map(|value| &value.value));
        let captures = captures(&self.list.value);
        let captures = captures.iter().map(ToString::to_string);
        let own = own.chain([&self.key.value]).cloned();
        Some(own.chain(captures).collect())
    }

    /// Reads the members of an entry if one of their keys is set.
    pub(super) fn read_if_set(mapping: &Mapping<'_>, diags: &mut Diagnostics) -> Option<Self> {
        let is_set = Self::keys()
            .iter()
            .any(|key| mapping.get(key.name).is_some());
        is_set.then(|| Self::read_keys(mapping, diags)).flatten()
    }
}

fn name_field(mapping: &Mapping<'_>) -> Spanned<String> {
    Spanned {
        value: "name".to_owned(),
        span: mapping.head(),
    }
}

fn pointer(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Spanned<PointerBuf>> {
    let text = read::string(node, subject, diags)?;
    let span = node.span;
    let value = read::parse_pointer(&text, span, "/spec/values", diags)?;
    Some(Spanned { value, span })
}

fn fields(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Vec<Field>> {
    let entries = read::mapping(node, subject, diags)?;
    let field = |entry: &Entry| Field {
        name: Spanned {
            value: entry.key.text.source_text().to_string(),
            span: entry.key.span,
        },
        schema: entry.value.clone(),
    };
    Some(entries.iter().map(field).collect())
}

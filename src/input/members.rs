//! Lists of members as `fleet.yaml` names them: of clusters and of groups alike.

use super::read::{self, Mapping};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Spanned;
use crate::tree::{Entry, Node, Text};

/// Which members there are, and what they may say.
#[derive(Debug)]
pub struct Members {
    /// `list`: the path of the list.
    pub list: Spanned<String>,
    /// `at`: a JSON pointer to the member in an object, as keys.
    pub at: Option<Spanned<Vec<String>>>,
    /// `key`: the field that names the member.
    pub key: Spanned<String>,
    /// `value`: the variable that a plain string sets.
    pub value: Option<Spanned<String>>,
    /// `fields`: what a member may say; without it, anything but `variables`.
    pub fields: Option<Vec<Field>>,
    /// `variables`: fixed for all members.
    pub variables: Vec<Entry>,
    /// `variablesFrom`: paths of files of shared variables, lowest first.
    pub variables_from: Vec<Spanned<Text>>,
}

/// An entry of `fields`: a name and its JSON Schema.
#[derive(Debug)]
pub struct Field {
    /// The field's name.
    pub name: Spanned<String>,
    /// Its JSON Schema as written, with our keywords `unique` and `disjoint`.
    pub schema: Node,
}

/// The keys that tell of members.
pub(super) const KEYS: [&str; 7] = [
    "list",
    "at",
    "key",
    "value",
    "fields",
    "variables",
    "variablesFrom",
];

/// Reads what an entry says of its members.
pub(super) fn members(entry: &Mapping<'_>, diags: &mut Diagnostics) -> Option<Members> {
    let list = entry
        .require("list", diags)
        .and_then(|node| read::non_empty(node, "`list`", diags));
    let at = match entry.get("at") {
        Some(node) => Some(pointer(node, diags)?),
        None => None,
    };
    let key = entry
        .get("key")
        .map(|node| read::non_empty(node, "`key`", diags));
    let value = entry
        .get("value")
        .map(|node| read::non_empty(node, "`value`", diags));
    let fields = entry.get("fields").map(|node| fields(node, diags));
    let variables = entry
        .get("variables")
        .map(|node| read::mapping(node, "`variables`", diags));
    let variables_from = entry
        .get("variablesFrom")
        .and_then(|node| read::sequence(node, "`variablesFrom`", diags))
        .unwrap_or_default()
        .iter()
        .filter_map(|node| read::template(node, "a path of `variablesFrom`", diags))
        .collect();
    let key = key.unwrap_or_else(|| {
        Some(Spanned {
            value: "name".to_owned(),
            span: entry.head(),
        })
    });
    Some(Members {
        list: list?,
        at,
        key: key?,
        value: value.flatten(),
        fields: fields.flatten(),
        variables: variables.flatten().unwrap_or_default().to_vec(),
        variables_from,
    })
}

fn pointer(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<Vec<String>>> {
    let pointer = read::string(node, "`at`", diags)?;
    let keys = read::pointer(&pointer.value);
    if keys.is_none() {
        let message = format!("`{}` is no JSON Pointer", pointer.value);
        let help = "write /spec/values; in a name write ~1 for a slash and ~0 for a tilde";
        diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
    }
    Some(Spanned {
        value: keys?,
        span: node.span,
    })
}

fn fields(node: &Node, diags: &mut Diagnostics) -> Option<Vec<Field>> {
    let entries = read::mapping(node, "`fields`", diags)?;
    let field = |entry: &Entry| Field {
        name: Spanned {
            value: entry.key.text.as_written().to_string(),
            span: entry.key.span,
        },
        schema: entry.value.clone(),
    };
    Some(entries.iter().map(field).collect())
}

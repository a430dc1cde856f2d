//! `clusters`: who wants a cluster.

use super::read::{self, Mapping, Template, is_bare};
use crate::diagnostic::Diagnostics;
use crate::source::Spanned;
use crate::tree::{Entry, Node};

/// An entry of `clusters`.
#[derive(Debug)]
pub struct Clusters {
    /// `list`: the path of the list.
    pub list: Spanned<String>,
    /// `key`: the field that names the member.
    pub key: Spanned<String>,
    /// `value`: the variable that a plain string sets.
    pub value: Option<Spanned<String>>,
    /// `fields`: what a member may say; without it, anything but `variables`.
    pub fields: Option<Vec<Field>>,
    /// `variables`: fixed for all members.
    pub variables: Vec<Entry>,
    /// `name`: the cluster's name; default: the key's value.
    pub name: Option<Template>,
    /// `namespace`: the cluster's namespace; default: its name.
    pub namespace: Option<Template>,
    /// `labels`: on the cluster's object.
    pub labels: Vec<Entry>,
}

/// An entry of `fields`: a name and its JSON Schema.
#[derive(Debug)]
pub struct Field {
    /// The field's name.
    pub name: Spanned<String>,
    /// Its JSON Schema as written, with our keywords `unique` and `disjoint`.
    pub schema: Node,
}

/// Reads an entry of `clusters`.
pub(super) fn clusters(node: &Node, diags: &mut Diagnostics) -> Option<Clusters> {
    let keys = [
        "list",
        "key",
        "value",
        "fields",
        "variables",
        "name",
        "namespace",
        "labels",
    ];
    if is_bare(node, "clusters", "list", diags) {
        return None;
    }
    let entry = Mapping::read(node, "a `clusters` entry", &keys, diags)?;
    let list = entry
        .require("list", diags)
        .and_then(|node| read::non_empty(node, "`list`", diags));
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
    let name = entry
        .get("name")
        .map(|node| read::template(node, "`name`", diags));
    let namespace = entry
        .get("namespace")
        .map(|node| read::template(node, "`namespace`", diags));
    let labels = entry
        .get("labels")
        .map(|node| read::mapping(node, "`labels`", diags));
    let key = key.unwrap_or_else(|| {
        Some(Spanned {
            value: "name".to_owned(),
            span: entry.head(),
        })
    });
    Some(Clusters {
        list: list?,
        key: key?,
        value: value.flatten(),
        fields: fields.flatten(),
        variables: variables.flatten().unwrap_or_default().to_vec(),
        name: name.flatten(),
        namespace: namespace.flatten(),
        labels: labels.flatten().unwrap_or_default().to_vec(),
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

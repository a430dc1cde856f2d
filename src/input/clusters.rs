//! `clusters`: who wants a cluster.

use super::members::{self, Members};
use super::read::{self, Mapping, is_bare};
use crate::diagnostic::Diagnostics;
use crate::source::Spanned;
use crate::tree::{Entry, Node, Text};

/// An entry of `clusters`.
#[derive(Debug)]
pub struct Clusters {
    /// The members that want a cluster each.
    pub members: Members,
    /// `name`: the cluster's name; default: the key's value.
    pub name: Option<Spanned<Text>>,
    /// `namespace`: the cluster's namespace; default: its name.
    pub namespace: Option<Spanned<Text>>,
    /// `labels`: on the cluster's object.
    pub labels: Vec<Entry>,
}

/// Reads an entry of `clusters`.
pub(super) fn clusters(node: &Node, diags: &mut Diagnostics) -> Option<Clusters> {
    if is_bare(node, "clusters", "list", diags) {
        return None;
    }
    let keys = [&members::KEYS[..], &["name", "namespace", "labels"]].concat();
    let entry = Mapping::read(node, "a `clusters` entry", &keys, diags)?;
    let members = members::members(&entry, diags);
    let name = entry
        .get("name")
        .map(|node| read::template(node, "`name`", diags));
    let namespace = entry
        .get("namespace")
        .map(|node| read::template(node, "`namespace`", diags));
    let labels = entry
        .get("labels")
        .and_then(|node| read::mapping_of_variables(node, "`labels`", diags));
    Some(Clusters {
        members: members?,
        name: name.flatten(),
        namespace: namespace.flatten(),
        labels: labels.unwrap_or_default().to_vec(),
    })
}

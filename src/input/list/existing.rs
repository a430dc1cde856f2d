//! Clusters that exist already: manifests of Cluster API's `Cluster`, which others print.

use super::member::{Fields, Member, field_entry};
use super::text::check_text;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::CAPI;
use crate::source::Span;
use crate::tree::{Node, Shape};

/// Whether a document is such a manifest.
pub(super) fn is_cluster(document: &Node) -> bool {
    let text = |key: &str| document.get(key).and_then(Node::text);
    let group = text("apiVersion").and_then(|version| Some(version.split_once('/')?.0));
    group == Some(CAPI) && text("kind") == Some("Cluster")
}

/// The cluster as a member: its name, its namespace and its labels are what it says.
pub(super) fn member(document: &Node, diags: &mut Diagnostics) -> Option<Member> {
    let metadata = document.get("metadata");
    let text = |key: &str| metadata.and_then(|metadata| metadata.get(key));
    let Some(name) = text("name").filter(|name| name.shape() == Shape::Text) else {
        let span = document
            .entries()
            .and_then(<[_]>::first)
            .map_or(document.span, |entry| entry.key.span);
        let message = "this Cluster has no `metadata.name`";
        diags.push(
            Diagnostic::new(Code::NotAList, span, message)
                .help("a Cluster that exists already is listed by its manifest"),
        );
        return None;
    };
    let namespace = match text("namespace") {
        Some(namespace) if !namespace.is_null() => namespace.clone(),
        // Where kubectl puts it.
        _ => Node::string(name.span, "default"),
    };
    let labels = match text("labels") {
        Some(labels) if labels.entries().is_some() => labels.clone(),
        _ => Node::mapping(name.span, Vec::new()),
    };
    for node in [name, &namespace, &labels] {
        node.each_text(&mut |text, span: Span| {
            check_text(&text.as_written(), span, diags);
        });
    }
    let fields = [
        ("name", name.clone()),
        ("namespace", namespace),
        ("labels", labels),
    ];
    let fields = fields.map(|(key, value)| field_entry(&key.into(), value.span, value));
    Some(Member {
        exists: true,
        ..Member::new(
            name.text().map(Into::into),
            name.span,
            Fields::Mapping(fields.to_vec()),
        )
    })
}

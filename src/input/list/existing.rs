//! Existing clusters: manifests of the Cluster API `Cluster`, which another tool generates.

use super::member::{Fields, Member, field_entry};
use super::text::check_string;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::CAPI;
use crate::source::Span;
use crate::tree::{Node, Shape};

/// Returns `true` if a document is the manifest of a Cluster API `Cluster`.
pub(super) fn is_cluster(document: &Node) -> bool {
    let text = |key: &str| document.get(key).and_then(Node::text);
    let group = text("apiVersion").and_then(|version| Some(version.split_once('/')?.0));
    group == Some(CAPI) && text("kind") == Some("Cluster")
}

/// The other kinds of the group of Cluster API (`api/core/v1beta2` of Cluster API 1.12).
const OTHER_KINDS: [&str; 7] = [
    "ClusterClass",
    "Machine",
    "MachineDeployment",
    "MachineDrainRule",
    "MachineHealthCheck",
    "MachinePool",
    "MachineSet",
];

/// Returns the key of a manifest that is probably a misspelled Cluster, and the fix.
fn misspelled(document: &Node) -> Option<(&'static str, &'static str)> {
    let text = |key: &str| document.get(key).and_then(Node::text).unwrap_or_default();
    let (version, kind) = (text("apiVersion"), text("kind"));
    let is_capi = version
        .split_once('/')
        .is_some_and(|(group, _)| group == CAPI);
    match (is_capi, kind) {
        (false, "Cluster") => Some((
            "apiVersion",
            "write `cluster.x-k8s.io/v1beta2`, or move this object to another file",
        )),
        (true, kind) if !OTHER_KINDS.contains(&kind) => Some((
            "kind",
            "write `Cluster`, or move this object to another file",
        )),
        _ => None,
    }
}

/// Adds the existing clusters of a document, also those in a list, which `kubectl get` prints.
pub(super) fn members(document: &Node, members: &mut Vec<Member>, diags: &mut Diagnostics) {
    let kind = document.get("kind").and_then(Node::text);
    let items = document.get("items").filter(|_| is_list(kind));
    match items.and_then(Node::items) {
        Some(items) => {
            for item in items {
                self::members(item, members, diags);
            }
        }
        None => members.extend(member(document, diags)),
    }
}

/// Returns `true` for the kind of a list, such as `List` or `ClusterList`.
fn is_list(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| kind.ends_with("List"))
}

/// Returns an existing cluster as a member with its name, namespace and labels. Ignores its other fields, and other
/// objects that its tool generates with it.
fn member(document: &Node, diags: &mut Diagnostics) -> Option<Member> {
    if !is_cluster(document) {
        let is_object = ["apiVersion", "kind"].map(|key| document.get(key).and_then(Node::text));
        if is_object.iter().any(Option::is_none) {
            let message = "a list with `existing: true` must contain manifests of Clusters";
            let help = "move the members to another list, without `existing`";
            diags.push(Diagnostic::new(Code::NotAList, document.span, message).help(help));
        } else if let Some((key, help)) = misspelled(document) {
            let node = document.get(key).unwrap_or(document);
            let text = node.text().unwrap_or_default();
            let message = format!("`{text}` is not the `{key}` of a Cluster of Cluster API");
            diags.push(Diagnostic::new(Code::NotAList, node.span, message).help(help));
        }
        return None;
    }
    let metadata = document.get("metadata");
    let text = |key: &str| metadata.and_then(|metadata| metadata.get(key));
    let Some(name) = text("name").filter(|name| name.shape() == Shape::String) else {
        let span = document
            .entries()
            .and_then(<[_]>::first)
            .map_or(document.span, |entry| entry.key.span);
        let message = "missing `metadata.name` in the manifest of a Cluster";
        diags.push(
            Diagnostic::new(Code::NotAList, span, message)
                .help("set `metadata.name` to the name of the existing Cluster"),
        );
        return None;
    };
    let namespace = text("namespace").filter(|namespace| !namespace.is_null());
    let labels = match text("labels") {
        Some(labels) if labels.entries().is_some() => labels.clone(),
        _ => Node::mapping(name.span, Vec::new()),
    };
    for node in [Some(name), namespace, Some(&labels)].into_iter().flatten() {
        node.each_text(&mut |text, span: Span| {
            check_string(&text.source_text(), span, diags);
        });
    }
    let fields = [
        ("name", Some(name.clone())),
        ("namespace", namespace.cloned()),
        ("labels", Some(labels)),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)));
    let fields = fields.map(|(key, value)| field_entry(&key.into(), value.span, value));
    Some(Member {
        is_existing: true,
        ..Member::new(
            name.text().map(Into::into),
            name.span,
            Fields::Mapping(fields.collect()),
        )
    })
}

//! One document of a template as an object.

use std::rc::Rc;

use super::definite;
use super::kinds::{is_capi_group, is_cluster_scoped};
use super::metadata::{self, Home, text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::CAPI;
use crate::plan::{Object, group_of};
use crate::source::Span;
use crate::tree::{Entry, Node, Shape, Text};

/// Returns the object of a document. Returns `None` if it pushed an error.
///
/// # Panics
///
/// Panics if there is no object and no error: the document would be dropped.
pub(crate) fn object(document: &Node, home: &Home, diags: &mut Diagnostics) -> Option<Object> {
    let before = diags.errors();
    let object = read(document, home, diags);
    let is_kept = object.is_some() || diags.errors() > before;
    assert!(is_kept, "a document that gives no object has an error");
    object
}

fn read(document: &Node, home: &Home, diags: &mut Diagnostics) -> Option<Object> {
    let Some(entries) = document.entries() else {
        let message = format!("a document must be an object, not {}", document.shape());
        return refuse(document.span, &message, diags);
    };
    let span = entries
        .first()
        .map_or(document.span, |entry| entry.key.span);
    let before = diags.errors();
    definite::check_definite(document, matches!(home, Home::Delivered), diags);
    if diags.errors() > before {
        return None;
    }
    let api_version = identity(document, "apiVersion", span, home, diags);
    let kind = identity(document, "kind", span, home, diags);
    let metadata = document
        .get("metadata")
        .filter(|metadata| !metadata.is_null());
    let name = metadata
        .and_then(|metadata| metadata.get("name"))
        .filter(|name| !name.is_null());
    if name.is_none() {
        return refuse(span, "this object has no `metadata.name`", diags);
    }
    let (api_version, kind, metadata) = (api_version?, kind?, metadata?);
    if !kind.starts_with(|first: char| first.is_ascii_uppercase()) {
        let place = document.get("kind").map_or(span, |kind| kind.span);
        let message = format!("`{kind}` is no kind: kinds begin with an upper-case letter");
        return refuse(place, &message, diags);
    }
    let group: Rc<str> = group_of(&api_version).into();
    refuse_lists(document, &kind, diags)?;
    let name = text(name?, "`metadata.name`", diags)?;
    let cluster_scoped = is_cluster_scoped(&group, &kind);
    let namespace = if cluster_scoped {
        None
    } else {
        metadata::namespace(metadata, span, home, diags)
    };
    let is_ours = matches!(home, Home::Cluster);
    let is_cluster = is_ours && group.as_ref() == CAPI && kind.as_ref() == "Cluster";
    let ordered = metadata::metadata(metadata, namespace.as_ref(), (home, is_cluster), diags);
    let entries = entries.iter().map(|entry| match entry.key.text.literal() {
        Some("metadata") => Entry {
            key: entry.key.clone(),
            value: ordered.clone(),
        },
        _ if matches!(home, Home::Bound) => entry.clone(),
        _ => Entry {
            key: entry.key.clone(),
            value: metadata::strings_below(&entry.value),
        },
    });
    let tree = Node::mapping(document.span, entries.collect());
    Some(Object {
        span,
        group,
        kind,
        name,
        namespace,
        tree,
    })
}

fn refuse<T>(span: Span, message: &str, diags: &mut Diagnostics) -> Option<T> {
    let help = "every document of a template needs apiVersion, kind and metadata.name";
    diags.push(Diagnostic::new(Code::NotAnObject, span, message).help(help));
    None
}

/// `apiVersion` or `kind`: final text, because guards and placement depend on it.
fn identity(
    document: &Node,
    key: &str,
    span: Span,
    home: &Home,
    diags: &mut Diagnostics,
) -> Option<Rc<str>> {
    let Some(node) = document.get(key).filter(|node| !node.is_null()) else {
        return refuse(span, &format!("this object has no `{key}`"), diags);
    };
    match node.as_scalar().map(|scalar| &scalar.text) {
        Some(Text::Literal(text)) if !text.is_empty() && node.shape() == Shape::Text => {
            Some(Rc::clone(text))
        }
        Some(Text::Parts(_)) => {
            let message = format!("`{key}` takes no variable");
            let help = match home {
                Home::Delivered => "write a file for each kind, and choose one by `deliver`",
                _ => "use a template per kind, chosen by `selector` or by a variable in `file`",
            };
            diags.push(Diagnostic::new(Code::VariableNotAllowed, node.span, message).help(help));
            None
        }
        _ => {
            let message = format!("`{key}` must be a text, not {}", node.shape());
            refuse(node.span, &message, diags)
        }
    }
}

/// Argo CD prints the items of any object that has a top-level `items`, and nothing for none.
fn refuse_lists(document: &Node, kind: &str, diags: &mut Diagnostics) -> Option<()> {
    let items = document
        .entry("items")
        .filter(|items| items.value.items().is_some());
    let span = match items {
        Some(items) => items.key.span,
        None if kind == "List" => document.entry("kind")?.value.span,
        None => return Some(()),
    };
    let message = "an object with `items` is taken apart by Argo CD, and lost where it is empty";
    let help = "write each item as a document of its own";
    diags.push(Diagnostic::new(Code::ObjectList, span, message).help(help));
    None
}

/// The longest name of an object of this kind, and whether it may have dots.
pub(crate) fn name_rule(group: &str, kind: &str) -> Option<(usize, bool)> {
    use crate::model::name::{LABEL_LENGTH, NAME_LENGTH};
    match (group, kind) {
        // The names of roles may hold any character of a path's part.
        ("rbac.authorization.k8s.io", _) => None,
        ("", "Namespace" | "Service") => Some((LABEL_LENGTH, false)),
        (group, _) if is_capi_group(group) => Some((LABEL_LENGTH, true)),
        // Their names are labels of all that they apply.
        ("helm.toolkit.fluxcd.io", "HelmRelease")
        | ("kustomize.toolkit.fluxcd.io", "Kustomization") => Some((LABEL_LENGTH, true)),
        _ => Some((NAME_LENGTH, true)),
    }
}

//! Creates an object from a document of a template.

use std::rc::Rc;

use super::definite;
use super::kinds::is_capi_group;
use super::metadata::{self, DefaultNamespace, text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Problem};
use crate::kinds::Schemas;
use crate::model::CAPI;
use crate::plan::{Object, group_of};
use crate::source::Span;
use crate::tree::{Entry, Node, Shape, Text};

/// Returns the object of a document, or `None` after an error.
///
/// # Panics
///
/// Panics if there is neither an object nor an error, because the document would be lost.
pub(crate) fn object(
    document: &Node,
    default_namespace: &DefaultNamespace,
    schemas: &Schemas,
    diags: &mut Diagnostics,
) -> Option<Object> {
    let before = diags.errors();
    let object = read(document, default_namespace, schemas, diags);
    let is_kept = object.is_some() || diags.errors() > before;
    assert!(is_kept, "a document without an object must have an error");
    object
}

fn read(
    document: &Node,
    default_namespace: &DefaultNamespace,
    schemas: &Schemas,
    diags: &mut Diagnostics,
) -> Option<Object> {
    let Some(entries) = document.entries() else {
        let message = format!("a document must be an object, not {}", document.shape());
        return report_invalid_object(document.span, &message, diags);
    };
    let span = entries
        .first()
        .map_or(document.span, |entry| entry.key.span);
    let before = diags.errors();
    definite::check_definite(
        document,
        matches!(default_namespace, DefaultNamespace::Delivered),
        diags,
    );
    if diags.errors() > before {
        return None;
    }
    let api_version = identity(document, "apiVersion", span, default_namespace, diags);
    let kind = identity(document, "kind", span, default_namespace, diags);
    let metadata = document
        .get("metadata")
        .filter(|metadata| !metadata.is_null());
    let name = metadata
        .and_then(|metadata| metadata.get("name"))
        .filter(|name| !name.is_null());
    if name.is_none() {
        return report_invalid_object(span, "missing `metadata.name`", diags);
    }
    let (api_version, kind, metadata) = (api_version?, kind?, metadata?);
    if !kind.starts_with(|first: char| first.is_ascii_uppercase()) {
        let place = document.get("kind").map_or(span, |kind| kind.span);
        let message =
            format!("`{kind}` is not a valid kind: a kind begins with an upper-case letter");
        return report_invalid_object(place, &message, diags);
    }
    let group: Rc<str> = group_of(&api_version).into();
    report_object_list(document, &kind, diags)?;
    let name = text(name?, "`metadata.name`", diags)?;
    let is_namespaced = schemas.is_namespaced(&group, &kind);
    let namespace = match is_namespaced {
        Some(false) => None,
        _ => metadata::namespace(metadata, span, (default_namespace, is_namespaced), diags),
    };
    let is_ours = matches!(default_namespace, DefaultNamespace::Cluster);
    let is_cluster = is_ours && group.as_ref() == CAPI && kind.as_ref() == "Cluster";
    let ordered = metadata::metadata(
        metadata,
        namespace.as_ref(),
        (default_namespace, is_cluster),
        diags,
    );
    let entries = entries.iter().map(|entry| match entry.key.text.literal() {
        Some("metadata") => Entry {
            key: entry.key.clone(),
            value: ordered.clone(),
        },
        _ if matches!(default_namespace, DefaultNamespace::Bound) => entry.clone(),
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

fn report_invalid_object<T>(span: Span, message: &str, diags: &mut Diagnostics) -> Option<T> {
    let help = "set `apiVersion`, `kind` and `metadata.name` in every document of a template";
    diags.push(Diagnostic::new(Code::NotAnObject, span, message).help(help));
    None
}

/// Returns `apiVersion` or `kind`, which must not contain variables because guards and namespaces depend on them.
fn identity(
    document: &Node,
    key: &str,
    span: Span,
    default_namespace: &DefaultNamespace,
    diags: &mut Diagnostics,
) -> Option<Rc<str>> {
    let Some(node) = document.get(key).filter(|node| !node.is_null()) else {
        return report_invalid_object(span, &format!("missing `{key}`"), diags);
    };
    match node.as_scalar().map(|scalar| &scalar.text) {
        Some(Text::Literal(text)) if !text.is_empty() && node.shape() == Shape::String => {
            Some(Rc::clone(text))
        }
        Some(Text::Parts(_)) => {
            let message = format!("`{key}` must not contain a variable");
            let help = match default_namespace {
                DefaultNamespace::Delivered => {
                    "write a delivery method for each kind, and select one with `deliver`"
                }
                _ => {
                    "write a template for each kind, and select one with `selector` or a variable in `file`"
                }
            };
            diags.push(Diagnostic::new(Code::VariableNotAllowed, node.span, message).help(help));
            None
        }
        _ => {
            let message = format!("`{key}` must be a string, not {}", node.shape());
            report_invalid_object(node.span, &message, diags)
        }
    }
}

/// Reports a top-level `items`: Argo CD replaces such an object with its items, and drops it if there are none.
fn report_object_list(document: &Node, kind: &str, diags: &mut Diagnostics) -> Option<()> {
    let items = document
        .entry("items")
        .filter(|items| items.value.items().is_some());
    let span = match items {
        Some(items) => items.key.span,
        None if kind == "List" => document.entry("kind")?.value.span,
        None => return Some(()),
    };
    diags.push(Diagnostic::from_problem(
        Code::ObjectList,
        span,
        list_problem(),
    ));
    None
}

/// Returns the problem of an object that has a sequence `items`.
pub(crate) fn list_problem() -> Problem {
    Problem::new("`items` is not supported: Argo CD replaces the object with its items")
        .help("write each item as a separate document")
}

/// Returns the maximum length of a name of this kind, and whether it can contain dots.
pub(crate) fn name_rule(group: &str, kind: &str) -> Option<(usize, bool)> {
    use crate::model::name::{LABEL_LENGTH, NAME_LENGTH};
    match (group, kind) {
        // Names of roles can contain any character of a path segment.
        ("rbac.authorization.k8s.io", _) => None,
        ("", "Namespace" | "Service") => Some((LABEL_LENGTH, false)),
        (group, _) if is_capi_group(group) => Some((LABEL_LENGTH, true)),
        // Flux writes these names to a label of every object it applies.
        ("helm.toolkit.fluxcd.io", "HelmRelease")
        | ("kustomize.toolkit.fluxcd.io", "Kustomization") => Some((LABEL_LENGTH, true)),
        _ => Some((NAME_LENGTH, true)),
    }
}

//! One document of a template as an object.

use std::rc::Rc;

use super::kinds::{is_capi_group, is_cluster_scoped};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::read::{is_null, kind};
use crate::model::name::{label_key_problem, label_value_problem};
use crate::plan::{CAPI, Object};
use crate::source::Span;
use crate::template::variable;
use crate::tree::{Entry, Key, Node, Scalar, Style, Text, Value};

/// The keys of `metadata` that come first, in this order.
const METADATA: [&str; 4] = ["name", "namespace", "labels", "annotations"];

/// Takes a document as an object of a per-cluster template.
pub(super) fn object(document: &Node, diags: &mut Diagnostics) -> Option<Object> {
    let Some(entries) = document.entries() else {
        return refuse(
            document.span,
            &format!("a document must be an object, not {}", kind(document)),
            diags,
        );
    };
    let span = entries
        .first()
        .map_or(document.span, |entry| entry.key.span);
    let api_version = identity(document, "apiVersion", span, diags);
    let kind = identity(document, "kind", span, diags);
    let metadata = document
        .get("metadata")
        .filter(|metadata| !is_null(metadata));
    let name = metadata
        .and_then(|metadata| metadata.get("name"))
        .filter(|name| !is_null(name));
    if metadata.is_none_or(|metadata| metadata.entries().is_some()) && name.is_none() {
        return refuse(span, "this object has no `metadata.name`", diags);
    }
    let (api_version, kind, metadata) = (api_version?, kind?, metadata?);
    let group: Rc<str> = api_version
        .split_once('/')
        .map_or("", |(group, _)| group)
        .into();
    refuse_lists(document, &kind, diags)?;
    let name = text(name?, "`metadata.name`", diags)?;
    let cluster_scoped = is_cluster_scoped(&group, &kind);
    let namespace = namespace(metadata, span, cluster_scoped, diags);
    let is_cluster = group.as_ref() == CAPI && kind.as_ref() == "Cluster";
    let metadata = self::metadata(metadata, namespace.as_ref(), is_cluster, diags);
    let entries = entries.iter().map(|entry| match entry.key.text.literal() {
        Some("metadata") => Entry {
            key: entry.key.clone(),
            value: metadata.clone(),
        },
        _ => Entry {
            key: entry.key.clone(),
            value: strings_in_metadata(&entry.value),
        },
    });
    let tree = Node::mapping(document.span, entries.collect());
    if is_cluster {
        check_cluster_name(&name, diags);
    }
    Some(Object {
        span,
        group,
        kind,
        name,
        namespace,
        tree,
    })
}

fn refuse(span: Span, message: &str, diags: &mut Diagnostics) -> Option<Object> {
    let help = "every document of a template needs apiVersion, kind and metadata.name";
    diags.push(Diagnostic::new(Code::NotAnObject, span, message).help(help));
    None
}

/// `apiVersion` or `kind`: final text, because guards and placement depend on it.
fn identity(document: &Node, key: &str, span: Span, diags: &mut Diagnostics) -> Option<Rc<str>> {
    let Some(node) = document.get(key).filter(|node| !is_null(node)) else {
        refuse(span, &format!("this object has no `{key}`"), diags);
        return None;
    };
    match node.as_scalar().map(|scalar| &scalar.text) {
        Some(Text::Literal(text)) if !text.is_empty() && kind(node) == "a text" => {
            Some(Rc::clone(text))
        }
        Some(Text::Parts(_)) => {
            let message = format!("`{key}` takes no variable");
            let help = "use a template per kind, chosen by `selector` or by a variable in `file`";
            diags.push(Diagnostic::new(Code::VariableNotAllowed, node.span, message).help(help));
            None
        }
        _ => {
            refuse(
                node.span,
                &format!("`{key}` must be a text, not {}", kind(node)),
                diags,
            );
            None
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
    diags.push(
        Diagnostic::new(Code::ObjectList, span, message)
            .help("write each item as a document of its own"),
    );
    None
}

fn text(node: &Node, what: &str, diags: &mut Diagnostics) -> Option<(Text, Span)> {
    if let Some(scalar) = node.as_scalar() {
        Some((scalar.text.clone(), node.span))
    } else {
        let message = format!("{what} must be a text, not {}", kind(node));
        diags.push(Diagnostic::new(Code::WrongType, node.span, message));
        None
    }
}

/// Where the object goes: to the cluster's namespace unless the template says another.
fn namespace(
    metadata: &Node,
    span: Span,
    cluster_scoped: bool,
    diags: &mut Diagnostics,
) -> Option<(Text, Span)> {
    if cluster_scoped {
        return None;
    }
    let written = metadata
        .get("namespace")
        .filter(|namespace| !is_null(namespace));
    match written.and_then(|node| text(node, "`metadata.namespace`", diags)) {
        Some((text, span)) if !matches!(text.literal(), Some("default" | "")) => Some((text, span)),
        Some((_, span)) => Some((variable("NAMESPACE", span), span)),
        None => Some((variable("NAMESPACE", span), span)),
    }
}

fn metadata(
    metadata: &Node,
    namespace: Option<&(Text, Span)>,
    is_cluster: bool,
    diags: &mut Diagnostics,
) -> Node {
    let mut entries = Vec::new();
    for key in METADATA {
        let written = metadata.entry(key).filter(|entry| !is_null(&entry.value));
        match (key, written) {
            ("namespace", _) => entries
                .extend(namespace.map(|(text, span)| quoted("namespace", text.clone(), *span))),
            ("labels", written) => {
                entries.extend(labels(written, metadata.span, is_cluster, diags));
            }
            ("annotations", Some(entry)) => {
                check_keys(&entry.value, "annotation", diags);
                entries.push(entry.clone());
            }
            (_, written) => entries.extend(written.cloned()),
        }
    }
    let rest = metadata.entries().unwrap_or_default().iter();
    entries.extend(
        rest.filter(|entry| {
            !entry
                .key
                .text
                .literal()
                .is_some_and(|key| METADATA.contains(&key))
        })
        .cloned(),
    );
    strings(&Node::mapping(metadata.span, entries))
}

fn quoted(key: &str, text: Text, span: Span) -> Entry {
    Entry::new(
        key,
        Node {
            span,
            value: Value::Scalar(Scalar {
                style: Style::Quoted,
                text,
            }),
        },
    )
}

/// The labels as written; those of the Cluster begin with the fleet's.
fn labels(
    written: Option<&Entry>,
    span: Span,
    is_cluster: bool,
    diags: &mut Diagnostics,
) -> Option<Entry> {
    if let Some(entry) = written {
        check_keys(&entry.value, "label", diags);
        for label in entry.value.entries().unwrap_or_default() {
            let value = label.value.text();
            if let Some(problem) = value.and_then(label_value_problem) {
                let message = format!(
                    "`{}` is no label value: {problem}",
                    value.unwrap_or_default()
                );
                diags.push(Diagnostic::new(
                    Code::InvalidLabel,
                    label.value.span,
                    message,
                ));
            }
        }
    }
    if !is_cluster {
        return written.cloned();
    }
    let place = written.map_or(span, |entry| entry.key.span);
    let value = Scalar {
        style: Style::Plain,
        text: variable("LABELS", place),
    };
    let key = Key {
        span: place,
        text: Text::Literal("<<".into()),
        spread: true,
    };
    let spread = Entry {
        key,
        value: Node {
            span: place,
            value: Value::Scalar(value),
        },
    };
    let written = written
        .and_then(|entry| entry.value.entries())
        .unwrap_or_default();
    let has_spread = written.iter().any(|entry| entry.key.spread);
    let entries = (!has_spread)
        .then_some(spread)
        .into_iter()
        .chain(written.iter().cloned());
    Some(Entry::new(
        "labels",
        Node::mapping(place, entries.collect()),
    ))
}

fn check_keys(map: &Node, what: &str, diags: &mut Diagnostics) {
    let Some(entries) = map.entries() else {
        let message = format!("{what}s must be a mapping, not {}", kind(map));
        diags.push(Diagnostic::new(Code::WrongType, map.span, message));
        return;
    };
    for entry in entries.iter().filter(|entry| !entry.key.spread) {
        if let Some(key) = entry.key.text.literal()
            && let Some(problem) = label_key_problem(key)
        {
            let message = format!("`{key}` is no {what} key: {problem}");
            diags.push(Diagnostic::new(Code::InvalidLabel, entry.key.span, message));
        }
    }
}

/// Names, namespaces, label and annotation values are strings, whatever they look like.
fn strings(metadata: &Node) -> Node {
    let entries = metadata.entries().unwrap_or_default().iter().map(|entry| {
        let value = match entry.key.text.literal() {
            Some("name" | "namespace" | "generateName") => string(&entry.value),
            Some("labels" | "annotations") => string_values(&entry.value),
            _ => entry.value.clone(),
        };
        Entry {
            key: entry.key.clone(),
            value,
        }
    });
    Node::mapping(metadata.span, entries.collect())
}

fn string_values(map: &Node) -> Node {
    let Some(entries) = map.entries() else {
        return map.clone();
    };
    let string = |entry: &Entry| {
        if entry.key.spread {
            entry.clone()
        } else {
            Entry {
                key: entry.key.clone(),
                value: string(&entry.value),
            }
        }
    };
    Node::mapping(map.span, entries.iter().map(string).collect())
}

fn string(node: &Node) -> Node {
    match &node.value {
        Value::Scalar(scalar) if !is_null(node) => Node {
            span: node.span,
            value: Value::Scalar(Scalar {
                style: Style::Quoted,
                ..scalar.clone()
            }),
        },
        _ => node.clone(),
    }
}

/// The same for every `metadata` and `matchLabels` further down, as pod templates have them.
fn strings_in_metadata(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar(_) => return node.clone(),
        Value::Sequence(items) => Value::Sequence(items.iter().map(strings_in_metadata).collect()),
        Value::Mapping(entries) => Value::Mapping(
            entries
                .iter()
                .map(|entry| {
                    let below = strings_in_metadata(&entry.value);
                    let value = match entry.key.text.literal() {
                        Some("metadata") if below.entries().is_some() => strings(&below),
                        Some("matchLabels") => string_values(&below),
                        _ => below,
                    };
                    Entry {
                        key: entry.key.clone(),
                        value,
                    }
                })
                .collect(),
        ),
    };
    Node {
        span: node.span,
        value,
    }
}

/// Selectors read the labels of the Cluster that is named after the cluster.
fn check_cluster_name((name, span): &(Text, Span), diags: &mut Diagnostics) {
    if name.literal().is_some() {
        let message = "this Cluster has one name for every cluster of the fleet";
        diags.push(
            Diagnostic::new(Code::InvalidName, *span, message).help("name it \"${CLUSTER_NAME}\""),
        );
    }
}

/// The longest name of an object of this kind, and whether it may have dots.
pub(crate) fn name_rule(group: &str, kind: &str) -> Option<(usize, bool)> {
    use crate::model::name::{LABEL_LENGTH, NAME_LENGTH};
    match (group, kind) {
        // The names of roles may hold any character of a path's part.
        ("rbac.authorization.k8s.io", _) => None,
        ("", "Namespace" | "Service") => Some((LABEL_LENGTH, false)),
        (group, _) if is_capi_group(group) => Some((LABEL_LENGTH, true)),
        _ => Some((NAME_LENGTH, true)),
    }
}

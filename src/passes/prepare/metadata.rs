//! `metadata` of an object: its order, its namespace, the Cluster's labels, and texts that stay texts.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::cluster::PRINTED_LABELS;
use crate::model::name::{label_key_problem, label_value_problem};
use crate::source::Span;
use crate::tree::{Entry, Key, Node, Role, Scalar, Style, Text, Value};

/// The keys of `metadata` that come first, in this order.
const METADATA: [&str; 4] = ["name", "namespace", "labels", "annotations"];

/// Where an object goes that says no namespace.
pub(crate) enum Home {
    /// To its cluster's namespace, and so one that says `default`, as providers' templates do.
    Cluster,
    /// To this namespace.
    Fixed(&'static str),
    /// Nowhere: an object of a group or of the fleet says where it goes.
    Written,
    /// Nowhere: a document of a delivery method says where its objects go.
    Delivered,
}

/// Where the object goes; none where it says that it goes nowhere.
pub(super) fn namespace(
    metadata: &Node,
    span: Span,
    home: &Home,
    diags: &mut Diagnostics,
) -> Option<(Text, Span)> {
    let written = metadata
        .get("namespace")
        .filter(|namespace| !namespace.is_null());
    let written = match written {
        Some(node) => Some(text(node, "`metadata.namespace`", diags)?),
        None => None,
    };
    let span = written.as_ref().map_or(span, |(_, span)| *span);
    Some(match (home, written) {
        (_, Some((text, _))) if text.literal() == Some("") => return None,
        (Home::Written | Home::Delivered | Home::Fixed(_), Some(written)) => written,
        (Home::Written | Home::Delivered, None) => {
            let message = match home {
                Home::Delivered => "this object says no namespace",
                _ => "this object says no namespace, and it belongs to no cluster that has one",
            };
            let help = "write `metadata.namespace`; for a kind that has none write namespace: \"\"";
            diags.push(Diagnostic::new(Code::MissingNamespace, span, message).help(help));
            return None;
        }
        (Home::Cluster, Some(written)) if written.0.literal() != Some("default") => written,
        (Home::Cluster, _) => (Text::variable("NAMESPACE", span), span),
        (Home::Fixed(namespace), None) => (Text::Literal((*namespace).into()), span),
    })
}

/// A text that may hold expressions, and its place.
pub(super) fn text(node: &Node, what: &str, diags: &mut Diagnostics) -> Option<(Text, Span)> {
    if let Some(scalar) = node.as_scalar() {
        Some((scalar.as_text(), node.span))
    } else {
        let message = format!("{what} must be a text, not {}", node.shape());
        diags.push(Diagnostic::new(Code::WrongType, node.span, message));
        None
    }
}

/// Puts `metadata` in order; the labels of the Cluster begin with the fleet's.
pub(super) fn metadata(
    metadata: &Node,
    namespace: Option<&(Text, Span)>,
    is_cluster: bool,
    diags: &mut Diagnostics,
) -> Node {
    let mut entries = Vec::new();
    for key in METADATA {
        let written = metadata.entry(key).filter(|entry| !entry.value.is_null());
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
        let labels = entry.value.entries().unwrap_or_default().iter();
        for value in labels.flat_map(|label| label.value.outcomes()) {
            let text = value.text();
            if let Some(problem) = text.and_then(label_value_problem) {
                let text = text.unwrap_or_default();
                let message = format!("`{text}` is no label value: {problem}");
                diags.push(Diagnostic::new(Code::InvalidLabel, value.span, message));
            }
        }
    }
    if !is_cluster {
        return written.cloned();
    }
    let place = written.map_or(span, |entry| entry.key.span);
    let value = Scalar {
        style: Style::Plain,
        text: Text::variable(PRINTED_LABELS, place),
    };
    let key = Key {
        span: place,
        text: Text::Literal("<<".into()),
        role: Role::Spread,
        is_optional: false,
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
    let is_spread = |entry: &Entry| entry.key.is_spread() && is_variable(&entry.value, "LABELS");
    let mut entries = written.to_vec();
    match entries.iter().position(is_spread) {
        Some(at) => entries[at] = spread,
        None => entries.insert(0, spread),
    }
    Some(Entry::new("labels", Node::mapping(place, entries)))
}

fn is_variable(node: &Node, name: &str) -> bool {
    let slot = node.as_scalar().and_then(|scalar| scalar.text.sole_slot());
    slot.is_some_and(|slot| slot.expression.path == [name])
}

fn check_keys(map: &Node, what: &str, diags: &mut Diagnostics) {
    let Some(entries) = map.entries() else {
        let message = format!("{what}s must be a mapping, not {}", map.shape());
        diags.push(Diagnostic::new(Code::WrongType, map.span, message));
        return;
    };
    for entry in entries.iter().filter(|entry| !entry.key.is_spread()) {
        if let Some(key) = entry.key.text.literal()
            && let Some(problem) = label_key_problem(key)
        {
            let message = format!("`{key}` is no {what} key: {problem}");
            diags.push(Diagnostic::new(Code::InvalidLabel, entry.key.span, message));
        }
        let outcomes = entry.value.outcomes().into_iter();
        for value in outcomes.filter(|value| value.as_scalar().is_none()) {
            let message = format!(
                "the value of this {what} must be a text, not {}",
                value.shape()
            );
            diags.push(Diagnostic::new(Code::WrongType, value.span, message));
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
    map.map_outcomes(&mapping_of_strings)
}

fn mapping_of_strings(map: &Node) -> Node {
    let Some(entries) = map.entries() else {
        return map.clone();
    };
    let string = |entry: &Entry| Entry {
        key: entry.key.clone(),
        value: string(&entry.value),
    };
    Node::mapping(map.span, entries.iter().map(string).collect())
}

/// For a spread this makes all that it spreads a string.
fn string(node: &Node) -> Node {
    node.map_outcomes(&scalar_string)
}

fn scalar_string(node: &Node) -> Node {
    match &node.value {
        Value::Scalar(scalar) if !node.is_null() => Node {
            span: node.span,
            value: Value::Scalar(Scalar {
                style: Style::Quoted,
                text: scalar.as_text(),
            }),
        },
        _ => node.clone(),
    }
}

/// The same for every `metadata` and `matchLabels` further down, as pod templates have them.
pub(super) fn strings_below(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar(_) => return node.clone(),
        Value::Sequence(items) => Value::Sequence(items.iter().map(strings_below).collect()),
        Value::Mapping(entries) => Value::Mapping(
            entries
                .iter()
                .map(|entry| {
                    let below = strings_below(&entry.value);
                    let value = match entry.key.text.literal() {
                        Some("metadata") => below.map_outcomes(&|below| match &below.value {
                            Value::Mapping(_) => strings(below),
                            _ => below.clone(),
                        }),
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

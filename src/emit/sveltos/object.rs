//! Objects that are made here, as trees.

use std::collections::BTreeSet;

use super::NAMESPACE;
use crate::model::Selector;
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::selector::Rule;
use crate::plan::Object;
use crate::source::Span;
use crate::tree::{Entry, Node, Scalar, Style, Text, Value};

/// A text that stays one.
pub(super) fn text(span: Span, text: &str) -> Node {
    Node::string(span, text)
}

/// A text that may have something to fill.
pub(super) fn quoted(span: Span, text: Text) -> Node {
    let scalar = Scalar {
        style: Style::Quoted,
        text,
    };
    Node {
        span,
        value: Value::Scalar(scalar),
    }
}

/// A list.
pub(super) fn list(span: Span, items: impl IntoIterator<Item = Node>) -> Node {
    Node {
        span,
        value: Value::Sequence(items.into_iter().collect()),
    }
}

/// A mapping.
pub(super) fn map<'a>(span: Span, entries: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    let entry = |(key, value): (&str, Node)| Entry::new(key, value);
    Node::mapping(span, entries.into_iter().map(entry).collect())
}

/// An object; `rest` follows its `metadata`.
pub(super) fn object<'a>(
    (api_version, kind): (&str, &str),
    name: (Text, Span),
    namespace: Option<&str>,
    annotations: Option<Node>,
    rest: impl IntoIterator<Item = (&'a str, Node)>,
) -> Object {
    let span = name.1;
    let mut metadata = vec![("name", quoted(span, name.0.clone()))];
    metadata.extend(namespace.map(|namespace| ("namespace", text(span, namespace))));
    metadata.extend(annotations.map(|annotations| ("annotations", annotations)));
    let head = [
        ("apiVersion", text(span, api_version)),
        ("kind", text(span, kind)),
        ("metadata", map(span, metadata)),
    ];
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    Object {
        span,
        group: group.into(),
        kind: kind.into(),
        name,
        namespace: namespace.map(|namespace| (Text::Literal(namespace.into()), span)),
        tree: map(span, head.into_iter().chain(rest)),
    }
}

/// A `ConfigMap` where Sveltos looks for it.
pub(super) fn config_map(name: Text, span: Span, annotations: Option<Node>, data: Node) -> Object {
    let data = [("data", data)];
    object(
        ("v1", "ConfigMap"),
        (name, span),
        Some(NAMESPACE),
        annotations,
        data,
    )
}

/// A selector as Kubernetes writes it; one without requirements is for every cluster of a fleet.
pub(super) fn selector(selector: &Selector, span: Span) -> Node {
    let mut labels: Vec<(&str, Node)> = Vec::new();
    let mut expressions = Vec::new();
    let mut known = BTreeSet::new();
    for requirement in &selector.requirements {
        let key = requirement.key.value.as_str();
        match &requirement.rule {
            Rule::In(values) if values.len() == 1 && known.insert(key) => {
                labels.push((key, text(span, &values[0])));
            }
            rule => expressions.push(expression(key, rule, span)),
        }
    }
    if selector.requirements.is_empty() {
        expressions.push(expression(CLUSTER_LABEL, &Rule::Exists, span));
    }
    let mut entries = Vec::new();
    if !labels.is_empty() {
        entries.push(("matchLabels", map(span, labels)));
    }
    if !expressions.is_empty() {
        entries.push(("matchExpressions", list(span, expressions)));
    }
    map(span, entries)
}

fn expression(key: &str, rule: &Rule, span: Span) -> Node {
    let (operator, values): (&str, &[String]) = match rule {
        Rule::In(values) => ("In", values),
        Rule::NotIn(values) => ("NotIn", values),
        Rule::Exists => ("Exists", &[]),
        Rule::DoesNotExist => ("DoesNotExist", &[]),
    };
    let mut entries = vec![("key", text(span, key)), ("operator", text(span, operator))];
    if !values.is_empty() {
        let values = values.iter().map(|value| text(span, value));
        entries.push(("values", list(span, values)));
    }
    map(span, entries)
}

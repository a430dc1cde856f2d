//! Objects that are made here, as trees.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::model::Selector;
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::selector::Rule;
use crate::plan::{AddOn, Creator, Instance, Object, SubjectId, Template};
use crate::source::Span;
use crate::tree::{Entry, Node, Part, Scalar, Style, Text, Value};

/// A text that stays one.
pub(super) fn text(span: Span, text: &str) -> Node {
    Node::string(span, text)
}

/// A number or a boolean.
pub(super) fn plain(span: Span, text: &str) -> Node {
    Node::scalar(span, Style::Plain, text.into())
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

/// A text that begins with a literal and ends with what a variable is: `<addon>.${CLUSTER_NAME}`.
pub(super) fn prefixed(prefix: &str, name: &str, span: Span) -> Text {
    let prefix = Part::Literal(prefix.into());
    Text::joined(std::iter::once(prefix).chain(Text::variable(name, span).parts()))
}

/// What an object says of itself.
pub(super) struct Metadata {
    /// Its name.
    pub(super) name: Text,
    /// Its namespace; objects that are made here have one or belong to the whole cluster.
    pub(super) namespace: Option<Text>,
    pub(super) labels: Option<Node>,
    pub(super) annotations: Option<Node>,
    pub(super) finalizers: Option<Node>,
    /// Where what it is made of was written.
    pub(super) span: Span,
}

impl Metadata {
    /// A name and a namespace.
    pub(super) fn new(name: Text, namespace: Option<Text>, span: Span) -> Self {
        Self {
            name,
            namespace,
            labels: None,
            annotations: None,
            finalizers: None,
            span,
        }
    }

    /// The metadata as a mapping.
    pub(super) fn node(&self) -> Node {
        let span = self.span;
        let namespace = self.namespace.clone();
        let entries = [
            ("name", Some(quoted(span, self.name.clone()))),
            ("namespace", namespace.map(|text| quoted(span, text))),
            ("labels", self.labels.clone()),
            ("annotations", self.annotations.clone()),
            ("finalizers", self.finalizers.clone()),
        ];
        let said = entries.into_iter();
        map(span, said.filter_map(|(key, value)| Some((key, value?))))
    }
}

/// An object; `rest` follows its `metadata`.
pub(super) fn object<'a>(
    (api_version, kind): (&str, &str),
    metadata: Metadata,
    rest: impl IntoIterator<Item = (&'a str, Node)>,
) -> Object {
    let span = metadata.span;
    let head = [
        ("apiVersion", text(span, api_version)),
        ("kind", text(span, kind)),
        ("metadata", metadata.node()),
    ];
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    Object {
        span,
        group: group.into(),
        kind: kind.into(),
        name: (metadata.name, span),
        namespace: metadata.namespace.map(|namespace| (namespace, span)),
        tree: map(span, head.into_iter().chain(rest)),
    }
}

/// An object of an add-on, for some subjects.
pub(super) fn template(addon: &AddOn, object: Object, subjects: Vec<SubjectId>) -> Template {
    Template {
        creator: Creator::AddOn(Rc::clone(&addon.name.value)),
        objects: vec![object],
        variables: addon.variables().into(),
        instances: subjects.into_iter().map(Instance::from).collect(),
        selected: None,
        is_from_spoke: false,
    }
}

/// The same for clusters, by their indices.
pub(super) fn of_clusters(addon: &AddOn, object: Object, clusters: &[usize]) -> Template {
    let subjects = clusters.iter().map(|index| SubjectId::cluster(*index));
    template(addon, object, subjects.collect())
}

/// Lets Helm take over objects that it has not made, where that is asked for.
pub(super) fn ownership(addon: &AddOn) -> Option<Node> {
    let span = addon.name.span;
    let takes = || map(span, [("takeOwnership", plain(span, "true"))]);
    addon.takes_ownership.then(takes)
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

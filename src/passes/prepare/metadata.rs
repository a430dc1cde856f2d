//! Normalizes `metadata` of an object: its order, namespace, labels and strings.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::read::wrong_type;
use crate::model::cluster::CLUSTER_LABELS;
use crate::model::name::{label_key_problem, label_value_problem};
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node, Role, Scalar, Style, Text, Value};

/// Keys of `metadata` that are written first, in this order.
const FIRST_KEYS: [&str; 4] = ["name", "namespace", "labels", "annotations"];

/// The namespace of an object that does not set one.
pub(crate) enum DefaultNamespace {
    /// The namespace of its cluster, also if it sets `default`, as templates of providers do.
    Cluster,
    /// A constant namespace.
    Fixed(&'static str),
    /// No default: an object of a group or of the fleet must set a namespace.
    Written,
    /// No default: a document of a delivery method must set a namespace.
    Delivered,
    /// No default: a bound document of a delivery method. Its fields other than `metadata` contain data of an add-on,
    /// such as the values of a chart, whose types must be kept.
    Bound,
}

/// Returns the namespace of an object, or `None` if it is cluster-scoped or has an error. `is_namespaced` is `None` if
/// nothing is known about its kind.
pub(super) fn namespace(
    metadata: &Node,
    span: Span,
    (default, is_namespaced): (&DefaultNamespace, Option<bool>),
    diags: &mut Diagnostics,
) -> Option<Spanned<Text>> {
    let written = metadata
        .get("namespace")
        .filter(|namespace| !namespace.is_null());
    let Some(written) = written else {
        let value = match default {
            DefaultNamespace::Cluster => Text::variable("NAMESPACE", span),
            DefaultNamespace::Fixed(namespace) => Text::Literal((*namespace).into()),
            DefaultNamespace::Bound => return None,
            DefaultNamespace::Written | DefaultNamespace::Delivered => {
                let message = match default {
                    DefaultNamespace::Delivered => "this object needs `metadata.namespace`",
                    _ => {
                        "this object needs `metadata.namespace`, because it has no cluster that sets a default"
                    }
                };
                let help = match is_namespaced {
                    Some(_) => "set `metadata.namespace`",
                    None => {
                        "set `metadata.namespace`, or write `namespace: \"\"` if the kind is cluster-scoped"
                    }
                };
                diags.push(Diagnostic::new(Code::MissingNamespace, span, message).help(help));
                return None;
            }
        };
        return Some(Spanned { value, span });
    };
    let mut written = text(written, "`metadata.namespace`", diags)?;
    match (default, written.value.literal()) {
        (_, Some("")) => {
            if is_namespaced == Some(true) {
                let message = "objects of this kind have a namespace";
                let help = "set `metadata.namespace`";
                diags.push(
                    Diagnostic::new(Code::MissingNamespace, written.span, message).help(help),
                );
            }
            return None;
        }
        (DefaultNamespace::Cluster, Some("default")) => {
            written.value = Text::variable("NAMESPACE", written.span);
        }
        _ => {}
    }
    Some(written)
}

/// Returns a string that can contain expressions, with its location.
pub(super) fn text(node: &Node, field: &str, diags: &mut Diagnostics) -> Option<Spanned<Text>> {
    let Some(scalar) = node.as_scalar() else {
        wrong_type(node, field, "a string", diags);
        return None;
    };
    let (value, span) = (scalar.as_text(), node.span);
    Some(Spanned { value, span })
}

/// Returns `metadata` in order; the labels of a Cluster begin with those of the fleet.
pub(super) fn metadata(
    metadata: &Node,
    namespace: Option<&Spanned<Text>>,
    (default, is_cluster): (&DefaultNamespace, bool),
    diags: &mut Diagnostics,
) -> Node {
    let mut entries = Vec::new();
    for key in FIRST_KEYS {
        let written = metadata.entry(key).filter(|entry| !entry.value.is_null());
        match (key, written) {
            ("namespace", _) => {
                entries.extend(namespace.map(|span| Entry::new("namespace", span.node())));
            }
            ("labels", written) => {
                let written = written.inspect(|labels| check_labels(&labels.value, default, diags));
                entries.extend(labels(written, metadata.span, is_cluster));
            }
            ("annotations", Some(entry)) => {
                check_keys(&entry.value, "annotation", default, diags);
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
                .is_some_and(|key| FIRST_KEYS.contains(&key))
        })
        .cloned(),
    );
    strings(&Node::mapping(metadata.span, entries))
}

fn check_labels(labels: &Node, default: &DefaultNamespace, diags: &mut Diagnostics) {
    check_keys(labels, "label", default, diags);
    let entries = labels.entries().unwrap_or_default().iter();
    for value in entries.flat_map(|label| label.value.outcomes()) {
        let text = value.text();
        if let Some(problem) = text.and_then(label_value_problem) {
            let text = text.unwrap_or_default();
            let message = format!("`{text}` is not a valid label value: {problem}");
            let help = "use letters and digits, with `-`, `_` or `.` between them";
            diags.push(Diagnostic::new(Code::InvalidLabel, value.span, message).help(help));
        }
    }
}

/// Returns the labels as written; those of a Cluster begin with those of the fleet.
fn labels(written: Option<&Entry>, span: Span, is_cluster: bool) -> Option<Entry> {
    if !is_cluster {
        return written.cloned();
    }
    let span = written.map_or(span, |entry| entry.key.span);
    let all = Value::Scalar(Scalar {
        style: Style::Plain,
        text: Text::variable(CLUSTER_LABELS, span),
    });
    let all = Node { span, value: all };
    let mut spread = Entry::new("<<", all);
    spread.key.role = Role::Spread;
    let written = written
        .and_then(|entry| entry.value.entries())
        .unwrap_or_default();
    let is_labels = |value: &Node| value.variable().is_some_and(|path| path == ["LABELS"]);
    let is_spread = |entry: &Entry| entry.key.is_spread() && is_labels(&entry.value);
    let mut entries = written.to_vec();
    match entries.iter().position(is_spread) {
        Some(at) => entries[at] = spread,
        None => entries.insert(0, spread),
    }
    Some(Entry::new("labels", Node::mapping(span, entries)))
}

fn check_keys(map: &Node, noun: &str, default: &DefaultNamespace, diags: &mut Diagnostics) {
    let is_open = || map.case().is_some() || map.as_scalar().is_some_and(|_| !map.is_literal());
    if matches!(default, DefaultNamespace::Delivered) && is_open() {
        return;
    }
    let Some(entries) = map.entries() else {
        wrong_type(map, &format!("{noun}s"), "a mapping", diags);
        return;
    };
    for entry in entries.iter().filter(|entry| !entry.key.is_spread()) {
        if let Some(key) = entry.key.text.literal()
            && let Some(problem) = label_key_problem(key)
        {
            let message = format!("`{key}` is not a valid {noun} key: {problem}");
            let help = "write `NAME` or `PREFIX/NAME`, for example `example.com/team`";
            diags.push(Diagnostic::new(Code::InvalidLabel, entry.key.span, message).help(help));
        }
        let outcomes = entry.value.outcomes().into_iter();
        for value in outcomes.filter(|value| value.as_scalar().is_none()) {
            wrong_type(
                value,
                &format!("the value of this {noun}"),
                "a string",
                diags,
            );
        }
    }
}

/// Quotes names, namespaces and values of labels and annotations, which are strings regardless of their syntax.
fn strings(metadata: &Node) -> Node {
    metadata.map_children(&|key, value| match key {
        Some("name" | "namespace" | "generateName") => string(value),
        Some("labels" | "annotations") => string_values(value),
        _ => value.clone(),
    })
}

fn string_values(map: &Node) -> Node {
    map.map_outcomes(&|map| match &map.value {
        Value::Mapping(_) => map.map_children(&|_, value| string(value)),
        _ => map.clone(),
    })
}

/// Quotes a scalar; for a spread, this quotes all its values.
fn string(node: &Node) -> Node {
    node.map_outcomes(&|node| match node.as_scalar() {
        Some(scalar) if !node.is_null() => Node::quoted(node.span, scalar.as_text()),
        _ => node.clone(),
    })
}

/// Quotes the strings of every nested `metadata` and `matchLabels`, as in pod templates.
pub(super) fn strings_below(node: &Node) -> Node {
    node.map_children(&|key, value| {
        let below = strings_below(value);
        match key {
            Some("metadata") => below.map_outcomes(&strings),
            Some("matchLabels") => string_values(&below),
            _ => below,
        }
    })
}

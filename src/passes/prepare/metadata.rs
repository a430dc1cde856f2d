//! `metadata` of an object: its order, its namespace, the Cluster's labels, and texts that stay texts.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::read::wrong_type;
use crate::model::cluster::PRINTED_LABELS;
use crate::model::name::{label_key_problem, label_value_problem};
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node, Role, Scalar, Style, Text, Value};

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
    /// Where its document says. Other fields than `metadata` contain data of an add-on, such as the values of a
    /// chart, which keep their types.
    Bound,
}

/// Where the object goes; none where it says that it goes nowhere.
pub(super) fn namespace(
    metadata: &Node,
    span: Span,
    home: &Home,
    diags: &mut Diagnostics,
) -> Option<Spanned<Text>> {
    let written = metadata
        .get("namespace")
        .filter(|namespace| !namespace.is_null());
    let Some(written) = written else {
        let value = match home {
            Home::Cluster => Text::variable("NAMESPACE", span),
            Home::Fixed(namespace) => Text::Literal((*namespace).into()),
            Home::Bound => return None,
            Home::Written | Home::Delivered => {
                let message = match home {
                    Home::Delivered => "this object says no namespace",
                    _ => "this object says no namespace, and it belongs to no cluster that has one",
                };
                let help =
                    "write `metadata.namespace`; for a kind that has none write namespace: \"\"";
                diags.push(Diagnostic::new(Code::MissingNamespace, span, message).help(help));
                return None;
            }
        };
        return Some(Spanned { value, span });
    };
    let mut written = text(written, "`metadata.namespace`", diags)?;
    match (home, written.value.literal()) {
        (_, Some("")) => return None,
        (Home::Cluster, Some("default")) => {
            written.value = Text::variable("NAMESPACE", written.span);
        }
        _ => {}
    }
    Some(written)
}

/// A text that may hold expressions, and its place.
pub(super) fn text(node: &Node, what: &str, diags: &mut Diagnostics) -> Option<Spanned<Text>> {
    let Some(scalar) = node.as_scalar() else {
        wrong_type(node, what, "a string", diags);
        return None;
    };
    let (value, span) = (scalar.as_text(), node.span);
    Some(Spanned { value, span })
}

/// Puts `metadata` in order; the labels of the Cluster begin with the fleet's.
pub(super) fn metadata(
    metadata: &Node,
    namespace: Option<&Spanned<Text>>,
    (home, is_cluster): (&Home, bool),
    diags: &mut Diagnostics,
) -> Node {
    let mut entries = Vec::new();
    for key in METADATA {
        let written = metadata.entry(key).filter(|entry| !entry.value.is_null());
        match (key, written) {
            ("namespace", _) => {
                entries.extend(namespace.map(|place| Entry::new("namespace", place.node())));
            }
            ("labels", written) => {
                let written = written.inspect(|labels| check_labels(&labels.value, home, diags));
                entries.extend(labels(written, metadata.span, is_cluster));
            }
            ("annotations", Some(entry)) => {
                check_keys(&entry.value, "annotation", home, diags);
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

fn check_labels(labels: &Node, home: &Home, diags: &mut Diagnostics) {
    check_keys(labels, "label", home, diags);
    let entries = labels.entries().unwrap_or_default().iter();
    for value in entries.flat_map(|label| label.value.outcomes()) {
        let text = value.text();
        if let Some(problem) = text.and_then(label_value_problem) {
            let text = text.unwrap_or_default();
            let message = format!("`{text}` is no label value: {problem}");
            diags.push(Diagnostic::new(Code::InvalidLabel, value.span, message));
        }
    }
}

/// The labels as written; those of the Cluster begin with the fleet's.
fn labels(written: Option<&Entry>, span: Span, is_cluster: bool) -> Option<Entry> {
    if !is_cluster {
        return written.cloned();
    }
    let place = written.map_or(span, |entry| entry.key.span);
    let all = Value::Scalar(Scalar {
        style: Style::Plain,
        text: Text::variable(PRINTED_LABELS, place),
    });
    let all = Node {
        span: place,
        value: all,
    };
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
    Some(Entry::new("labels", Node::mapping(place, entries)))
}

fn check_keys(map: &Node, what: &str, home: &Home, diags: &mut Diagnostics) {
    let is_open = || map.case().is_some() || map.as_scalar().is_some_and(|_| !map.is_literal());
    if matches!(home, Home::Delivered) && is_open() {
        return;
    }
    let Some(entries) = map.entries() else {
        wrong_type(map, &format!("{what}s"), "a mapping", diags);
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
            wrong_type(
                value,
                &format!("the value of this {what}"),
                "a string",
                diags,
            );
        }
    }
}

/// Names, namespaces, label and annotation values are strings, whatever they look like.
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

/// For a spread this makes all that it spreads a string.
fn string(node: &Node) -> Node {
    node.map_outcomes(&|node| match node.as_scalar() {
        Some(scalar) if !node.is_null() => Node::quoted(node.span, scalar.as_text()),
        _ => node.clone(),
    })
}

/// The same for every `metadata` and `matchLabels` further down, as pod templates have them.
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

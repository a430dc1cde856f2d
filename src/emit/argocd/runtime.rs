//! Values that Argo CD looks up in a cluster's Secret: every text of an `ApplicationSet`'s template is a Go
//! template.

use std::rc::Rc;

use crate::input::addon::runtime_path;
use crate::tree::{Entry, Node, Part, Scalar, Text, Value};

/// What begins an expression of a Go template.
const OPENING: &str = "{{";
/// The same as an expression that gives it.
const ESCAPED: &str = "{{ \"{{\" }}";

/// A chart's values, escaped, with those that are looked up.
pub(super) fn values(values: Option<&Node>, paths: &Node) -> Node {
    let empty = Node::mapping(paths.span, Vec::new());
    with_lookups(&escaped(values.unwrap_or(&empty)), paths)
}

fn with_lookups(values: &Node, paths: &Node) -> Node {
    let Some(added) = paths.entries() else {
        return Node::string(paths.span, &lookup(paths.text().unwrap_or_default()));
    };
    let mut entries = values.entries().unwrap_or_default().to_vec();
    for entry in added {
        let empty = Node::mapping(entry.value.span, Vec::new());
        let known = entries
            .iter_mut()
            .find(|known| known.key.text == entry.key.text);
        match known {
            Some(known) => known.value = with_lookups(&known.value, &entry.value),
            None => entries.push(Entry {
                key: entry.key.clone(),
                value: with_lookups(&empty, &entry.value),
            }),
        }
    }
    Node::mapping(values.span, entries)
}

/// A path into a cluster's Secret, as its generator knows it.
fn lookup(path: &str) -> String {
    let keys = runtime_path(path).unwrap_or_default();
    let is_plain = |key: &&str| {
        key.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if keys.iter().all(is_plain) {
        return format!("{{{{ .{} }}}}", keys.join("."));
    }
    let quoted = |keys: &[&str]| {
        let quoted = keys.iter().map(|key| format!("{key:?}"));
        quoted.collect::<Vec<_>>().join(" ")
    };
    let [holder @ .., last] = keys.as_slice() else {
        return String::new();
    };
    // What is not there has to be an error, as it is for a plain path.
    let holder = quoted(holder);
    let fail = format!("{last} is not set");
    let all = quoted(&keys);
    format!(
        "{{{{ if not (hasKey (index . {holder}) {last:?}) }}}}{{{{ fail {fail:?} }}}}{{{{ end }}}}{{{{ index . {all} }}}}"
    )
}

/// The values with what would begin an expression made one that gives it.
fn escaped(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => Value::Scalar(Scalar {
            text: escaped_text(&scalar.text),
            ..scalar.clone()
        }),
        Value::Sequence(items) => Value::Sequence(items.iter().map(escaped).collect()),
        Value::Mapping(entries) => {
            let entry = |entry: &Entry| {
                let mut key = entry.key.clone();
                key.text = escaped_text(&key.text);
                let value = escaped(&entry.value);
                Entry { key, value }
            };
            Value::Mapping(entries.iter().map(entry).collect())
        }
    };
    Node {
        span: node.span,
        value,
    }
}

fn escaped_text(text: &Text) -> Text {
    let escaped = |text: &Rc<str>| -> Rc<str> {
        if text.contains(OPENING) {
            text.replace(OPENING, ESCAPED).into()
        } else {
            Rc::clone(text)
        }
    };
    match text {
        Text::Literal(text) => Text::Literal(escaped(text)),
        Text::Parts(parts) => {
            let part = |part: &Part| match part {
                Part::Literal(text) => Part::Literal(escaped(text)),
                other => other.clone(),
            };
            Text::Parts(parts.iter().map(part).collect())
        }
    }
}

//! Values as output shows them: typed as printed, and without secrets.

use serde_json::{Map, Value as Json};

use crate::diagnostic::{find_secret_word, is_secret_key};
use crate::tree::{Node, Plain, Role, Scalar, Style, Value, type_plain};

/// The replacement of a secret. It does not show the length.
pub const REDACTED: &str = "********";

/// Returns a value as JSON. Expressions remain as written.
///
/// A secret is replaced: every scalar if `is_secret`, otherwise scalars with a key that names a secret, and strings
/// that contain one.
pub(super) fn json(node: &Node, is_secret: bool) -> Json {
    match &node.value {
        Value::Scalar(scalar) => self::scalar(scalar, is_secret),
        Value::Sequence(items) => items.iter().map(|item| json(item, is_secret)).collect(),
        Value::Mapping(entries) => {
            let entry = |entry: &crate::tree::Entry| {
                let mut key = entry.key.text.source_text().to_string();
                let is_secret = is_secret || is_secret_key(&key);
                if entry.key.is_optional && entry.key.role == Role::Name {
                    key.push('?');
                }
                (key, json(&entry.value, is_secret))
            };
            Json::Object(entries.iter().map(entry).collect::<Map<_, _>>())
        }
    }
}

/// Returns a string, unless it contains a secret.
pub fn shown(text: &str) -> &str {
    if contains_secret(text) {
        REDACTED
    } else {
        text
    }
}

fn scalar(scalar: &Scalar, is_secret: bool) -> Json {
    let source = scalar.text.source_text();
    let plain = match scalar.style {
        Style::Plain if scalar.text.literal().is_some() => type_plain(&source),
        _ => Plain::String,
    };
    match plain {
        Plain::Null => Json::Null,
        _ if is_secret || contains_secret(&source) => Json::from(REDACTED),
        Plain::Bool(value) => Json::from(value),
        Plain::Number(number) => serde_json::from_str(&number).unwrap_or(Json::from(&*source)),
        Plain::String | Plain::Unrepresentable(_) => Json::from(&*source),
    }
}

/// Returns `true` if the value of a label can be a secret.
pub fn is_secret_label(key: &str) -> bool {
    is_secret_key(key)
}

/// Returns `true` if a path leads to a secret.
pub(super) fn is_secret_path(path: &[String]) -> bool {
    path.iter().any(|key| is_secret_key(key))
}

/// Returns `true` if a path leads to a secret, or to the value of an entry whose name is that of a secret, or if the
/// value contains a variable with such a name.
pub(super) fn is_secret_at(tree: &Node, path: &[String]) -> bool {
    let names_secret = |node: &Node| {
        let mut keys = ["name", "key", "id"].into_iter();
        keys.any(|key| {
            node.get(key)
                .and_then(Node::text)
                .is_some_and(is_secret_key)
        })
    };
    let is_named = |length: usize| {
        let node = super::path::at(tree, &path[..length]);
        node.is_some_and(names_secret)
    };
    let mut reads_secret = false;
    let mut lengths = (0..=path.len()).rev();
    let value = lengths.find_map(|length| super::path::at(tree, &path[..length]));
    if let Some(value) = value.filter(|value| value.as_scalar().is_some()) {
        value.each_text(&mut |text, _| reads_secret |= reads_secret_variable(&text.source_text()));
    }
    is_secret_path(path) || (1..=path.len()).any(is_named) || reads_secret
}

/// Returns `true` if an expression in a string contains the name of a secret.
fn reads_secret_variable(text: &str) -> bool {
    let mut expressions = text.split("${").skip(1);
    expressions.any(|rest| {
        let expression = rest.split('}').next().unwrap_or_default();
        is_secret_key(expression)
    })
}

/// Returns `true` if a string contains a private key, an assignment to a name of a secret, or a URL with a password.
fn contains_secret(text: &str) -> bool {
    let is_assigned = || {
        let mut lines = text.lines();
        lines.any(|line| {
            let word = find_secret_word(line);
            word.is_some_and(|at| line[at..].contains([':', '=']))
        })
    };
    let has_login = || {
        let mut urls = text.split("://").skip(1);
        urls.any(|rest| {
            let end = rest.find(['/', ' ', '\n', '"', '\'']).unwrap_or(rest.len());
            rest[..end]
                .split_once('@')
                .is_some_and(|(login, _)| login.contains(':'))
        })
    };
    text.contains("-----BEGIN") || is_assigned() || has_login()
}

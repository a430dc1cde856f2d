//! A second implementation of selectors, from the documentation of Kubernetes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::written::{mapping, quoted, sequence};

/// A value whose mappings can have duplicate keys.
#[derive(Debug)]
pub enum Tree {
    Text(String),
    Nothing,
    /// A number or a boolean.
    Other(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl From<&Value> for Tree {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(_) | Value::Number(_) => Self::Other(value.to_string()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(entries) => {
                let entry = |(key, value): (&String, &Value)| (key.clone(), Self::from(value));
                Self::Map(entries.iter().map(entry).collect())
            }
        }
    }
}

impl Tree {
    /// Returns the tree as YAML.
    pub fn written(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Nothing => "null".to_owned(),
            Self::Other(text) => text.clone(),
            Self::List(items) => sequence(items.iter().map(Self::written)),
            Self::Map(entries) => mapping(
                entries
                    .iter()
                    .map(|(key, value)| (quoted(key), value.written())),
            ),
        }
    }

    /// Returns the tree as YAML in block style after a key or a dash, with some strings unquoted.
    pub fn block(&self, indent: usize) -> String {
        let start = format!("\n{}", " ".repeat(indent));
        let text = |text: &str| {
            let is_word = text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
            if is_word && text != "true" {
                text.to_owned()
            } else {
                quoted(text)
            }
        };
        match self {
            Self::List(items) if !items.is_empty() => {
                let items = items.iter();
                let items: Vec<String> = items
                    .map(|item| format!("{start}-{}", item.block(indent + 2)))
                    .collect();
                items.concat()
            }
            Self::Map(entries) if !entries.is_empty() => {
                let entries = entries.iter();
                let entries: Vec<String> = entries
                    .map(|(key, value)| format!("{start}{}:{}", text(key), value.block(indent + 2)))
                    .collect();
                entries.concat()
            }
            Self::Text(word) => format!(" {}", text(word)),
            other => format!(" {}", other.written()),
        }
    }

    fn has_repetition(&self) -> bool {
        match self {
            Self::Text(_) | Self::Nothing | Self::Other(_) => false,
            Self::List(items) => items.iter().any(Self::has_repetition),
            Self::Map(entries) => {
                let keys: BTreeSet<&String> = entries.iter().map(|(key, _)| key).collect();
                keys.len() < entries.len()
                    || entries.iter().any(|(_, value)| value.has_repetition())
            }
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the entries of a mapping that has only these keys, without null values.
    fn entries<const N: usize>(&self, keys: [&str; N]) -> Option<[Option<&Self>; N]> {
        let Self::Map(entries) = self else {
            return None;
        };
        let is_known = entries.iter().all(|(key, _)| keys.contains(&key.as_str()));
        let value = |wanted: &str| {
            let found = entries.iter().find(|(key, _)| key == wanted);
            found
                .map(|(_, value)| value)
                .filter(|value| !matches!(value, Self::Nothing))
        };
        is_known.then(|| keys.map(value))
    }
}

/// The requirements of one label.
#[derive(Debug)]
pub struct Requirement {
    key: String,
    operator: String,
    values: Vec<String>,
}

/// Returns the requirements of a selector, or `None` if it is invalid.
pub fn requirements(selector: &Tree) -> Option<Vec<Requirement>> {
    if selector.text() == Some("all") {
        return Some(Vec::new());
    }
    if selector.has_repetition() {
        return None;
    }
    let [labels, expressions] = selector.entries(["matchLabels", "matchExpressions"])?;
    let mut found = Vec::new();
    if let Some(labels) = labels {
        let Tree::Map(labels) = labels else {
            return None;
        };
        for (key, value) in labels {
            let (key, operator) = (key.clone(), "In".to_owned());
            let values = vec![value.text()?.to_owned()];
            found.push(Requirement {
                key,
                operator,
                values,
            });
        }
    }
    if let Some(expressions) = expressions {
        for expression in expressions.list()? {
            let [key, operator, values] = expression.entries(["key", "operator", "values"])?;
            let values = values.map_or(Some(&[][..]), Tree::list)?;
            let values: Option<Vec<&str>> = values.iter().map(Tree::text).collect();
            found.push(Requirement {
                key: key?.text()?.to_owned(),
                operator: operator?.text()?.to_owned(),
                values: values?.into_iter().map(ToOwned::to_owned).collect(),
            });
        }
    }
    let is_valid = !found.is_empty() && found.iter().all(Requirement::is_valid);
    (is_valid && is_possible(&found)).then_some(found)
}

/// Returns `true` if labels satisfy all requirements.
pub fn meets(requirements: &[Requirement], labels: &BTreeMap<&str, String>) -> bool {
    let label = |one: &Requirement| labels.get(one.key.as_str()).map(String::as_str);
    requirements.iter().all(|one| one.is_met_by(label(one)))
}

/// Returns `true` if some labels satisfy all requirements. Tries each key with every listed value,
/// with another value, and without a label.
fn is_possible(requirements: &[Requirement]) -> bool {
    requirements.iter().all(|first| {
        let same = || requirements.iter().filter(|one| one.key == first.key);
        let named = same().flat_map(|one| one.values.iter().map(|value| Some(value.as_str())));
        let mut tried = named.chain([Some("no value has blanks"), None]);
        tried.any(|value| same().all(|one| one.is_met_by(value)))
    })
}

impl Requirement {
    fn is_met_by(&self, label: Option<&str>) -> bool {
        let is_listed = label.is_some_and(|label| self.values.iter().any(|value| value == label));
        match self.operator.as_str() {
            "In" => is_listed,
            "NotIn" => !is_listed,
            "Exists" => label.is_some(),
            _ => label.is_none(),
        }
    }

    fn is_valid(&self) -> bool {
        let takes = match self.operator.as_str() {
            "In" | "NotIn" => !self.values.is_empty(),
            "Exists" | "DoesNotExist" => self.values.is_empty(),
            _ => false,
        };
        takes
            && is_key(&self.key)
            && self
                .values
                .iter()
                .all(|value| value.is_empty() || is_name(value))
    }
}

/// Returns `true` for a name with or without a DNS subdomain prefix.
fn is_key(key: &str) -> bool {
    match key.split('/').collect::<Vec<_>>().as_slice() {
        [name] => is_name(name),
        [prefix, name] => is_subdomain(prefix) && is_name(name),
        _ => false,
    }
}

/// Returns `true` for at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
fn is_name(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    text.len() <= 63
        && text.chars().all(is_inner)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

fn is_subdomain(text: &str) -> bool {
    let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_label = |label: &str| {
        label.starts_with(is_end)
            && label.ends_with(is_end)
            && label.chars().all(|c| is_end(c) || c == '-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

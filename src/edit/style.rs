//! Values and members as text in one line, as YAML or as JSON.

use super::new_member::{NewMember, NewValue};
use crate::tree::{Entry, Node, Scalar, Style as ScalarStyle, Value};
use crate::yaml::print::{Format, Place, scalar};
use crate::yaml::text::{json_string, yaml_key, yaml_string};

/// The style of inserted text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    is_json: bool,
}

impl Style {
    pub(super) fn new(is_json: bool) -> Self {
        Self { is_json }
    }

    /// Returns a member in one line.
    pub(super) fn line(self, member: &NewMember) -> String {
        let value = match &member.value {
            NewValue::Fields(fields) => self.mapping(fields),
            NewValue::Scalar(node) => self.value(node),
            NewValue::Lines(lines) => quoted(lines),
        };
        self.keyed(member, &value)
    }

    /// Returns the key of a member, if it has one, before its value.
    pub(super) fn keyed(self, member: &NewMember, value: &str) -> String {
        match &member.key {
            Some(key) => format!("{}: {value}", self.key(key)),
            None => value.to_owned(),
        }
    }

    /// Returns fields with one line for each.
    pub(super) fn lines(self, fields: &[(String, Node)]) -> String {
        let line = |(name, node): &(String, Node)| format!("{}\n", self.field(name, node));
        fields.iter().map(line).collect()
    }

    /// Returns fields as a mapping in flow style with one line for each.
    pub(super) fn pretty(self, fields: &[(String, Node)], indent: &str, unit: &str) -> String {
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, node)| format!("\n{indent}{unit}{}", self.field(name, node)))
            .collect();
        format!("{{{}\n{indent}}}", fields.join(","))
    }

    /// Returns a key.
    pub(super) fn key(self, key: &str) -> String {
        if self.is_json {
            quoted(key)
        } else {
            plain_key(key)
        }
    }

    fn field(self, name: &str, node: &Node) -> String {
        format!("{}: {}", self.key(name), self.value(node))
    }

    fn mapping(self, fields: &[(String, Node)]) -> String {
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, node)| self.field(name, node))
            .collect();
        format!("{{{}}}", fields.join(", "))
    }

    fn value(self, node: &Node) -> String {
        match &node.value {
            Value::Scalar(scalar) => self.scalar(scalar),
            Value::Sequence(items) => {
                let items: Vec<String> = items.iter().map(|item| self.value(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Mapping(entries) => {
                let entry = |entry: &Entry| {
                    let key = entry.key.text.literal().unwrap_or_default();
                    self.field(key, &entry.value)
                };
                let entries: Vec<String> = entries.iter().map(entry).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    fn scalar(self, written: &Scalar) -> String {
        let text = written.text.literal().unwrap_or_default();
        if self.is_json {
            let mut out = Vec::new();
            scalar(Format::Json, written.style, text, Place::Document, &mut out);
            return String::from_utf8(out).unwrap_or_default();
        }
        let is_plain = written.style == ScalarStyle::Plain || is_plain(text);
        if is_plain {
            text.to_owned()
        } else {
            quoted(text)
        }
    }
}

/// Returns `true` if a string is the same string as a plain scalar, also in flow style.
fn is_plain(text: &str) -> bool {
    let mut out = Vec::new();
    yaml_string(&mut out, text, 0);
    out == text.as_bytes() && !text.contains(['{', '}', '[', ']', ','])
}

/// Returns a key as YAML.
fn plain_key(key: &str) -> String {
    let mut out = Vec::new();
    yaml_key(&mut out, key);
    String::from_utf8(out).unwrap_or_else(|_| quoted(key))
}

/// Returns a string in double quotes, in one line.
fn quoted(text: &str) -> String {
    let mut out = Vec::new();
    json_string(&mut out, text);
    String::from_utf8(out).unwrap_or_default()
}

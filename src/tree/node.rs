//! Nodes: what they are made from, and what is in them.

use std::rc::Rc;

use super::data::{Entry, Key, Node, Role, Scalar, Style, Text, Value};
use crate::source::{Span, Spanned};

impl Node {
    /// A string that nobody wrote, with the place that it belongs to.
    pub fn string(span: Span, text: &str) -> Self {
        Self::scalar(span, Style::Quoted, text.into())
    }

    /// A scalar without expressions.
    pub fn scalar(span: Span, style: Style, text: Rc<str>) -> Self {
        Self {
            span,
            value: Value::Scalar(Scalar {
                style,
                text: Text::Literal(text),
            }),
        }
    }

    /// Returns a string that may contain expressions.
    pub fn quoted(span: Span, text: Text) -> Self {
        let style = Style::Quoted;
        Self {
            span,
            value: Value::Scalar(Scalar { style, text }),
        }
    }

    /// A mapping.
    pub fn mapping(span: Span, entries: Vec<Entry>) -> Self {
        Self {
            span,
            value: Value::Mapping(entries.into()),
        }
    }

    /// Returns the mapping with another value for a key, which is added if it is not there.
    #[must_use]
    pub fn with(&self, key: &str, value: Self) -> Self {
        let mut entries = self.entries().unwrap_or_default().to_vec();
        let is_key = |entry: &&mut Entry| entry.key.text.literal() == Some(key);
        match entries.iter_mut().find(is_key) {
            Some(entry) => entry.value = value,
            None => entries.push(Entry::new(key, value)),
        }
        Self::mapping(self.span, entries)
    }

    /// Returns the node with its items and the values of its entries replaced. `change` gets the literal key
    /// of a value.
    #[must_use]
    pub fn map_children(&self, change: &dyn Fn(Option<&str>, &Self) -> Self) -> Self {
        let value = match &self.value {
            Value::Scalar(_) => return self.clone(),
            Value::Sequence(items) => {
                Value::Sequence(items.iter().map(|item| change(None, item)).collect())
            }
            Value::Mapping(entries) => {
                let changed = |Entry { key, value }: &Entry| Entry {
                    key: key.clone(),
                    value: change(key.text.literal(), value),
                };
                Value::Mapping(entries.iter().map(changed).collect())
            }
        };
        Self {
            span: self.span,
            value,
        }
    }

    /// Returns the path of the variable that is the whole value.
    pub fn variable(&self) -> Option<&[String]> {
        Some(&self.as_scalar()?.text.sole_slot()?.expression.path)
    }

    /// The entries, if this is a mapping.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if this is a sequence.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entry of a literal key, if this is a mapping that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let entries = self.entries().filter(|_| self.case().is_none())?;
        entries
            .iter()
            .find(|entry| entry.key.text.literal() == Some(key))
    }

    /// The value of a literal key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The scalar, if this is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar without expressions, whatever its type.
    pub fn text(&self) -> Option<&str> {
        self.as_scalar()?.text.literal()
    }

    /// Whether nothing is left to fill, here and below.
    pub fn is_literal(&self) -> bool {
        match &self.value {
            Value::Scalar(scalar) => scalar.text.literal().is_some(),
            Value::Sequence(items) => items.iter().all(Self::is_literal),
            Value::Mapping(entries) => entries
                .iter()
                .all(|entry| !entry.key.is_open() && entry.value.is_literal()),
        }
    }

    /// How many nodes there are, here and below.
    pub fn count(&self) -> usize {
        1 + match &self.value {
            Value::Scalar(_) => 0,
            Value::Sequence(items) => items.iter().map(Self::count).sum(),
            Value::Mapping(entries) => entries.iter().map(|entry| entry.value.count()).sum(),
        }
    }

    /// Every text of the tree, keys included, in the author's order.
    pub fn each_text<'a>(&'a self, visit: &mut dyn FnMut(&'a Text, Span)) {
        match &self.value {
            Value::Scalar(scalar) => visit(&scalar.text, self.span),
            Value::Sequence(items) => items.iter().for_each(|item| item.each_text(visit)),
            Value::Mapping(entries) => {
                for entry in entries.iter() {
                    visit(&entry.key.text, entry.key.span);
                    entry.value.each_text(visit);
                }
            }
        }
    }
}

impl Spanned<Text> {
    /// Returns the string as a node.
    pub fn node(&self) -> Node {
        Node::quoted(self.span, self.value.clone())
    }
}

impl Entry {
    /// An entry with a literal key that nobody wrote.
    pub fn new(key: &str, value: Node) -> Self {
        Self {
            key: Key {
                span: value.span,
                text: Text::Literal(key.into()),
                role: Role::Name,
                is_optional: false,
            },
            value,
        }
    }
}

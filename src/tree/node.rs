//! Constructors and accessors of nodes.

use std::rc::Rc;

use super::data::{Entry, Key, Node, Role, Scalar, Style, Text, Value};
use crate::source::{Span, Spanned};

impl Node {
    /// Returns a string that is not in the source, with the location that causes it.
    pub fn string(span: Span, text: &str) -> Self {
        Self::scalar(span, Style::Quoted, text.into())
    }

    /// Returns a scalar without expressions.
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

    /// Returns a mapping.
    pub fn mapping(span: Span, entries: Vec<Entry>) -> Self {
        Self {
            span,
            value: Value::Mapping(entries.into()),
        }
    }

    /// Returns the mapping with another value for a key, which is added if it does not exist.
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

    /// Returns the entries of a mapping, or `None` if the node is not a mapping.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the items of a sequence, or `None` if the node is not a sequence.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the entry of a literal key of a mapping.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let entries = self.entries().filter(|_| self.case().is_none())?;
        entries
            .iter()
            .find(|entry| entry.key.text.literal() == Some(key))
    }

    /// Returns the value of a literal key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Returns the scalar, or `None` if the node is a collection.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Returns the contents of a scalar without expressions, regardless of its type.
    pub fn text(&self) -> Option<&str> {
        self.as_scalar()?.text.literal()
    }

    /// Returns `true` if the tree contains no expressions, directives or optional keys.
    pub fn is_literal(&self) -> bool {
        match &self.value {
            Value::Scalar(scalar) => scalar.text.literal().is_some(),
            Value::Sequence(items) => items.iter().all(Self::is_literal),
            Value::Mapping(entries) => entries
                .iter()
                .all(|entry| !entry.key.is_unresolved() && entry.value.is_literal()),
        }
    }

    /// Returns the number of nodes of the tree.
    pub fn count(&self) -> usize {
        1 + match &self.value {
            Value::Scalar(_) => 0,
            Value::Sequence(items) => items.iter().map(Self::count).sum(),
            Value::Mapping(entries) => entries.iter().map(|entry| entry.value.count()).sum(),
        }
    }

    /// Calls `visit` with every string of the tree, including keys, in document order.
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
    /// Returns an entry with a literal key that is not in the source.
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

//! The decisions of a tree: the optional keys that are omitted, and the value that each `$case` selects.

use super::fill::{Choice, Scope, choose, is_set};
use crate::tree::{Entry, Key, Node, Value};

/// The decisions of trees, except those in items with `$each`, whose entries set their own variables.
#[derive(Default)]
pub struct Decisions<'a> {
    all: Vec<Decision<'a>>,
}

enum Decision<'a> {
    /// An optional key.
    Optional(&'a Entry),
    /// A mapping with a `$case`.
    Case(&'a Node),
}

impl<'a> Decisions<'a> {
    /// Adds the outermost decisions of a tree. Nested decisions depend on the answers of these.
    pub fn add(&mut self, node: &'a Node) {
        match &node.value {
            Value::Scalar(_) => {}
            Value::Mapping(_) if node.case().is_some() => self.all.push(Decision::Case(node)),
            Value::Mapping(entries) => {
                for entry in entries.iter() {
                    if entry.key.is_optional {
                        self.all.push(Decision::Optional(entry));
                    } else {
                        self.add(&entry.value);
                    }
                }
            }
            Value::Sequence(items) => {
                let items = items.iter().filter(|item| item.each_variable().is_none());
                items.for_each(|item| self.add(item));
            }
        }
    }

    /// Returns `true` if there are no decisions.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Appends the answers to all decisions. Scopes with the same answers
    /// produce trees of the same structure.
    pub fn answers(&self, scope: &dyn Scope, answers: &mut Vec<usize>) {
        const OPEN: usize = usize::MAX;
        for decision in &self.all {
            let (answer, value) = match decision {
                Decision::Optional(entry) => match is_set(&entry.value, scope) {
                    Some(true) => (1, Some(&entry.value)),
                    Some(false) => (0, None),
                    None => (OPEN, None),
                },
                Decision::Case(node) => match choice(node, scope) {
                    Some((index, value)) => (index, Some(value)),
                    None => (OPEN, None),
                },
            };
            answers.push(answer);
            if let Some(value) = value {
                let mut below = Self::default();
                below.add(value);
                below.answers(scope, answers);
            }
        }
    }
}

/// Returns the index of the option that a `$case` selects, and its value.
fn choice<'a>(node: &'a Node, scope: &dyn Scope) -> Option<(usize, &'a Node)> {
    let (selector, options) = node.case()?;
    let Choice::Value(value) = choose(selector, options, scope, &mut Vec::new()) else {
        return None;
    };
    let is_selected = |option: &Entry| std::ptr::eq(&raw const option.value, value);
    Some((options.iter().position(is_selected)?, value))
}

/// Returns the tree with the optional keys and the `$case`s resolved that a scope decides.
pub fn resolve(node: &Node, scope: &dyn Scope) -> Node {
    resolved(node, scope).unwrap_or_else(|| node.clone())
}

/// Returns the resolved tree, or `None` if the scope decides nothing in `node`.
fn resolved(node: &Node, scope: &dyn Scope) -> Option<Node> {
    let span = node.span;
    let value = match &node.value {
        Value::Scalar(_) => return None,
        Value::Mapping(_) if node.case().is_some() => {
            return choice(node, scope).map(|(_, value)| resolve(value, scope));
        }
        Value::Sequence(items) => {
            let below = |item: &Node| match item.each_variable() {
                Some(_) => None,
                None => resolved(item, scope),
            };
            let all: Vec<Option<Node>> = items.iter().map(below).collect();
            if all.iter().all(Option::is_none) {
                return None;
            }
            let pairs = all.into_iter().zip(items.iter());
            Value::Sequence(
                pairs
                    .map(|(new, item)| new.unwrap_or_else(|| item.clone()))
                    .collect(),
            )
        }
        Value::Mapping(entries) => {
            let mut is_new = false;
            // A key that is omitted remains written, so that a merged mapping does not set it.
            let has_spread = entries.iter().any(|entry| entry.key.is_spread());
            let all: Vec<Entry> = entries
                .iter()
                .filter_map(|entry| {
                    let is_set = entry.key.is_optional.then(|| is_set(&entry.value, scope));
                    let value = match is_set {
                        Some(None) => None,
                        Some(Some(false)) if has_spread => return Some(entry.clone()),
                        Some(Some(false)) => {
                            is_new = true;
                            return None;
                        }
                        None | Some(Some(true)) => resolved(&entry.value, scope),
                    };
                    let key = Key {
                        is_optional: is_set == Some(None),
                        ..entry.key.clone()
                    };
                    is_new |= value.is_some() || key.is_optional != entry.key.is_optional;
                    let value = value.unwrap_or_else(|| entry.value.clone());
                    Some(Entry { key, value })
                })
                .collect();
            if !is_new {
                return None;
            }
            Value::Mapping(all.into())
        }
    };
    Some(Node { span, value })
}

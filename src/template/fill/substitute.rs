//! The walk that fills texts and trees.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::append::append;
use super::problem::{Problem, Trouble, missing, not_text, too_long};
use super::scope::{Scope, is_empty, lookup};
use super::value::{key_trouble, strings, style, untyped};
use super::{each, json, yaml};
use crate::source::Span;
use crate::template::function::{MAX_LENGTH, ProblemKind};
use crate::tree::expression::Operation;
use crate::tree::{Entry, Key, Node, Part, Role, Scalar, Slot, Style, Text, Value};

/// Fills a text. What cannot be filled is left out and told in `problems`.
pub fn text(text: &Text, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Rc<str> {
    let parts = match text {
        Text::Literal(text) => return Rc::clone(text),
        Text::Parts(parts) => parts,
    };
    if let [Part::Expression(slot)] = &**parts
        && let Operation::None = slot.expression.operation
    {
        return slot_text(slot, scope, problems);
    }
    let mut filled = String::with_capacity(64);
    if append(text, scope, &mut filled) {
        return filled.into();
    }
    for part in parts.iter() {
        match part {
            Part::Literal(text) => filled.push_str(text),
            Part::Dollar => filled.push('$'),
            Part::Yaml(embedded) => {
                let tree = node(&embedded.tree, scope, problems);
                filled.push_str(&yaml::text(embedded, tree, problems));
            }
            Part::Rotated(name) => {
                filled.push_str(&scope.rotated(name.index).unwrap_or_default());
            }
            Part::Expression(slot) => {
                filled.push_str(&slot_text(slot, scope, problems));
                if filled.len() > MAX_LENGTH {
                    problems.push(too_long(slot.span));
                    break;
                }
            }
        }
    }
    filled.into()
}

fn slot_text(slot: &Slot, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Rc<str> {
    let expression = &slot.expression;
    if let Operation::None = expression.operation {
        match lookup(scope, &expression.path).as_deref() {
            Some(Node {
                value:
                    Value::Scalar(Scalar {
                        text: Text::Literal(text),
                        ..
                    }),
                ..
            }) => return Rc::clone(text),
            Some(value) => problems.push(not_text(slot.span, &expression.path, value)),
            None => problems.push(missing(slot.span, &expression.path)),
        }
        return Rc::default();
    }
    if slot.is_unquoted
        && is_empty(lookup(scope, &expression.path).as_deref())
        && let Some(default) = slot.default.as_ref().and_then(Node::as_scalar)
    {
        return text(&default.as_text(), scope, problems);
    }
    let mut not_texts = Vec::new();
    let evaluated = expression.evaluate(&slot.text, &mut |path| {
        let value = lookup(scope, path)?;
        if value.text().is_none() {
            not_texts.push(not_text(slot.span, path, &value));
        }
        value.text().map(|text| Cow::Owned(text.to_owned()))
    });
    if !not_texts.is_empty() {
        problems.append(&mut not_texts);
        return Rc::default();
    }
    match evaluated {
        Ok(text) => text.into(),
        Err(found) => {
            problems.extend(found.into_iter().map(|problem| Problem {
                span: Span::new(slot.span.file, problem.range),
                kind: match problem.kind {
                    ProblemKind::Missing(path) => Trouble::Missing(path.join(".")),
                    other => Trouble::Failed(other.to_string()),
                },
            }));
            Rc::default()
        }
    }
}

/// Fills a tree. What cannot be filled is left out and told in `problems`.
pub fn node(node: &Node, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => return self::scalar(node.span, scalar, scope, problems),
        _ if node.is_literal() => return node.clone(),
        Value::Mapping(_) if let Some(tree) = node.json() => {
            let known = problems.len();
            let filled = self::node(tree, scope, problems);
            return json::text(node, &filled, problems.len() == known, problems);
        }
        Value::Sequence(items) => {
            let mut filled = Vec::with_capacity(items.len());
            for item in items.iter() {
                match item.each() {
                    Some(each) => repeat(item, each, scope, problems, &mut filled),
                    None => filled.push(self::node(item, scope, problems)),
                }
            }
            Value::Sequence(filled.into())
        }
        Value::Mapping(entries) => Value::Mapping(mapping(entries, scope, problems).into()),
    };
    Node {
        span: node.span,
        value,
    }
}

/// Fills an item for each entry of its list.
fn repeat(
    item: &Node,
    each: &Slot,
    scope: &dyn Scope,
    problems: &mut Vec<Problem>,
    filled: &mut Vec<Node>,
) {
    let written = each.default.as_ref();
    let written = written.filter(|_| is_empty(lookup(scope, &each.expression.path).as_deref()));
    let default = written.map(|default| node(default, scope, problems));
    each::repeat(
        item,
        each,
        default.as_ref(),
        scope,
        problems,
        &mut |scope, problems| {
            filled.push(node(item, scope, problems));
        },
    );
}

fn scalar(span: Span, scalar: &Scalar, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Node {
    let style = match (scalar.style, &scalar.text) {
        (style, Text::Literal(text)) => return Node::scalar(span, style, Rc::clone(text)),
        (style, Text::Parts(_)) => style,
    };
    if style == Style::Plain
        && let Some(slot) = scalar.text.sole_slot()
        && let Some(whole) = whole(slot, scope, problems)
    {
        return Node { span, ..whole };
    }
    let filled = text(&scalar.text, scope, problems);
    Node::scalar(span, self::style(style, &filled), filled)
}

/// What stands for an expression that is a plain scalar of its own: a list or map as it is, or the
/// template's default.
fn whole(slot: &Slot, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Option<Node> {
    let expression = &slot.expression;
    if let Operation::Call { .. } = expression.operation {
        return None;
    }
    let value = lookup(scope, &expression.path);
    let is_empty = is_empty(value.as_deref());
    match &slot.default {
        Some(default) if is_empty => Some(node(default, scope, problems)),
        _ => match value?.into_owned() {
            value if value.as_scalar().is_none() => Some(value),
            value => untyped(&value),
        },
    }
}

fn mapping(entries: &[Entry], scope: &dyn Scope, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let mut filled: Vec<Entry> = Vec::new();
    let mut places: BTreeSet<Rc<str>> = BTreeSet::new();
    // Explicit keys win over what is spread, wherever they stand.
    for entry in entries.iter().filter(|entry| entry.key.role == Role::Name) {
        let key = text(&entry.key.text, scope, problems);
        if !places.insert(Rc::clone(&key)) {
            problems.push(Problem {
                span: entry.key.span,
                kind: Trouble::DuplicateKey(key.to_string()),
            });
        }
        // Keys without a variable were checked where they were read.
        if let Some(kind) = key_trouble(&key).filter(|_| entry.key.text.literal().is_none()) {
            let span = entry.key.span;
            problems.push(Problem { span, kind });
        }
    }
    for entry in entries.iter().filter(|entry| entry.key.role != Role::Each) {
        if entry.key.is_spread() {
            let map = spread(entry, scope, problems);
            filled.reserve(map.as_ref().and_then(Node::entries).map_or(0, <[_]>::len));
            for inner in map.iter().flat_map(|map| map.entries().unwrap_or_default()) {
                let key = inner.key.text.as_written();
                if places.insert(key) {
                    filled.push(inner.clone());
                }
            }
        } else {
            let key = text(&entry.key.text, scope, problems);
            let key = Key {
                text: Text::Literal(key),
                ..entry.key.clone()
            };
            filled.push(Entry {
                key,
                value: node(&entry.value, scope, problems),
            });
        }
    }
    filled
}

fn spread(entry: &Entry, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Option<Node> {
    let slot = entry.value.as_scalar()?.text.sole_slot()?;
    let before = problems.len();
    let map = whole(slot, scope, problems);
    let is_map = map.as_ref().is_some_and(|map| map.entries().is_some());
    if !is_map && problems.len() == before {
        let path = slot.expression.path.join(".");
        let kind = match lookup(scope, &slot.expression.path) {
            None => Trouble::Missing(path),
            Some(_) => Trouble::NotMap(path),
        };
        problems.push(Problem {
            span: slot.span,
            kind,
        });
    }
    let map = map.filter(|_| is_map)?;
    match entry.value.as_scalar()?.style {
        Style::Quoted => Some(strings(&map)),
        Style::Plain => Some(map),
    }
}

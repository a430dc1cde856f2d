//! Partial substitution: the names of a scope that are bound get their values, other expressions stay.
//!
//! A bound value may itself contain expressions. `key?`, `$case` and `$each` are resolved if what they
//! depend on is bound.

use std::borrow::Cow;
use std::rc::Rc;

use super::error::{FillError, FillErrorKind};
use super::fill::{self, Choice, Scope, choose, is_set, lookup};
use crate::tree::expression::{Expression, Operation};
use crate::tree::{Entry, Node, Part, Role, Scalar, Slot, Style, Text, Value};

/// Binds names in a tree. Names that are bound and not set, and values that do not fit, are pushed to
/// `problems`.
pub fn bind(node: &Node, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => return bind_scalar(node, scalar, scope, problems),
        _ if node.is_literal() => return node.clone(),
        Value::Sequence(items) => {
            let mut bound = Vec::with_capacity(items.len());
            for item in items.iter() {
                bind_item(item, scope, &mut bound, problems);
            }
            Value::Sequence(bound.into())
        }
        Value::Mapping(entries) => {
            if let Some((selector, options)) = node.case() {
                match choose(selector, options, scope, problems) {
                    Choice::Value(value) => return bind(value, scope, problems),
                    Choice::Unset | Choice::NoOption => return node.clone(),
                    Choice::Unknown => {}
                }
            }
            let entries = entries.iter();
            let bound = entries.filter_map(|entry| bind_entry(entry, scope, problems));
            Value::Mapping(bound.collect())
        }
    };
    let span = node.span;
    Node { span, value }
}

/// Binds an entry. Returns `None` if it is optional, and a name that it reads is not set.
fn bind_entry(entry: &Entry, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Option<Entry> {
    let mut key = entry.key.clone();
    if key.is_optional {
        match is_set(&entry.value, scope) {
            Some(false) => return None,
            Some(true) => key.is_optional = false,
            None => {}
        }
    }
    if key.role == Role::Name {
        key.text = bind_text(&key.text, scope, problems);
    }
    let value = bind(&entry.value, scope, problems);
    Some(Entry { key, value })
}

/// Binds an item of a sequence, which is repeated if its list is bound.
fn bind_item(item: &Node, scope: &dyn Scope, bound: &mut Vec<Node>, problems: &mut Vec<FillError>) {
    let list = item
        .each()
        .and_then(|each| lookup_bound(&each.expression.path, scope));
    let Some(list) = list.as_deref().and_then(Node::items) else {
        bound.push(bind(item, scope, problems));
        return;
    };
    let body = item.item().cloned().unwrap_or_else(|| {
        let all = item.entries().unwrap_or_default().iter();
        let others = all.filter(|entry| entry.key.role != Role::Each);
        Node::mapping(item.span, others.cloned().collect())
    });
    for entry in list {
        let within = Within {
            entry,
            outer: scope,
        };
        bound.push(bind(&body, &within, problems));
    }
}

fn bind_scalar(
    node: &Node,
    scalar: &Scalar,
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
) -> Node {
    if scalar.style == Style::Plain
        && let Some(slot) = scalar.text.sole_slot()
        && !matches!(slot.expression.operation, Operation::Call { .. })
        && is_bound(slot, scope)
    {
        match (lookup(scope, &slot.expression.path), &slot.default) {
            (Some(value), _) => return value.into_owned(),
            (None, Some(default)) => return bind(default, scope, problems),
            (None, None) => {}
        }
    }
    let style = scalar.style;
    let text = bind_text(&scalar.text, scope, problems);
    let span = node.span;
    let value = Value::Scalar(Scalar { style, text });
    Node { span, value }
}

fn bind_text(text: &Text, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Text {
    let Text::Parts(parts) = text else {
        return text.clone();
    };
    let bound = parts.iter().flat_map(|part| match part {
        Part::Expression(slot) if is_bound(slot, scope) => bind_slot(slot, scope, problems),
        part => vec![part.clone()],
    });
    Text::joined(bound)
}

/// Returns the parts of a string that a bound expression becomes.
fn bind_slot(slot: &Rc<Slot>, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Vec<Part> {
    let expression = &slot.expression;
    let mut problem = |kind| {
        let span = slot.span;
        problems.push(FillError { span, kind });
        Vec::new()
    };
    let name = || expression.path.join(".");
    let value = lookup(scope, &expression.path);
    let open = value.as_deref().filter(|value| !value.is_literal());
    match (open, &expression.operation) {
        // The value is final, or not set: the expression is evaluated.
        (None, _) => {
            let text = Text::Parts([Part::Expression(Rc::clone(slot))].into());
            Text::Literal(fill::text(&text, scope, problems)).parts()
        }
        (Some(value), _) if value.as_scalar().is_none() => problem(FillErrorKind::NotText(name())),
        (Some(value), Operation::None | Operation::Default(_)) => value
            .as_scalar()
            .map_or(Vec::new(), |scalar| scalar.as_text().parts()),
        (Some(value), Operation::Call { .. }) => match with_variable(slot, value) {
            Some(slot) => vec![Part::Expression(slot)],
            None => problem(FillErrorKind::Failed(format!(
                "`{}` is more than one variable here, and a function accepts only one",
                name()
            ))),
        },
    }
}

/// Returns the expression with the variable that a value is in the place of its own.
fn with_variable(slot: &Slot, value: &Node) -> Option<Rc<Slot>> {
    let other = value.as_scalar()?.text.sole_slot()?;
    let is_plain = other.expression.operation == Operation::None;
    let path = other.expression.path.clone();
    is_plain.then(|| {
        let expression = Expression {
            path,
            ..slot.expression.clone()
        };
        Rc::new(Slot {
            expression,
            ..slot.clone()
        })
    })
}

fn is_bound(slot: &Slot, scope: &dyn Scope) -> bool {
    let root = slot.expression.path.first();
    root.is_some_and(|root| scope.is_bound(root))
}

fn lookup_bound<'s>(path: &[String], scope: &'s dyn Scope) -> Option<Cow<'s, Node>> {
    lookup(scope, path).filter(|_| path.first().is_some_and(|root| scope.is_bound(root)))
}

/// The names of an item that is repeated: `WITH`, and those outside of it.
struct Within<'a> {
    entry: &'a Node,
    outer: &'a dyn Scope,
}

impl Scope for Within<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        match name {
            "WITH" => Some(Cow::Borrowed(self.entry)),
            _ => self.outer.get(name),
        }
    }

    fn is_bound(&self, name: &str) -> bool {
        name == "WITH" || self.outer.is_bound(name)
    }
}

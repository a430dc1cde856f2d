//! Partial substitution: replaces the bound names of a scope with their values and keeps other expressions.
//!
//! A bound value may itself contain expressions. `key?`, `$case` and `$each` are resolved if the
//! variables that they depend on are bound. Otherwise a name in them that is not set is an error, regardless
//! of later decisions.

mod open;

use std::collections::BTreeSet;
use std::rc::Rc;

use open::{Open, check_names};

use super::error::{FillError, FillErrorKind};
use super::fill::{
    self, Choice, Scope, check_key, choose, is_empty, is_set, lookup, repeat, strings,
};
use crate::source::Span;
use crate::tree::expression::{Expression, Operation, Segment, references};
use crate::tree::{Entry, ExpressionSlot, Node, Part, Role, Scalar, Style, Text, Value};

/// Substitutes the bound names in a tree.
///
/// Bound names without a value, and values of a wrong type, are pushed to `problems`.
pub fn bind(node: &Node, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => return bind_scalar(node.span, scalar, scope, problems),
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
            Value::Mapping(bind_entries(entries, scope, problems).into())
        }
    };
    let span = node.span;
    Node { span, value }
}

fn bind_entries(entries: &[Entry], scope: &dyn Scope, problems: &mut Vec<FillError>) -> Vec<Entry> {
    let mut bound: Vec<(Entry, bool)> = Vec::with_capacity(entries.len());
    let mut omitted: Vec<Rc<str>> = Vec::new();
    for entry in entries {
        match bind_entry(entry, scope, problems) {
            Some(entry) => bound.push(entry),
            None if entry.key.role == Role::Name => {
                let key = bind_text(&entry.key.text, scope, &mut Vec::new());
                omitted.extend(key.literal().map(Rc::from));
            }
            None => {}
        }
    }
    // Explicit keys override merged keys, regardless of their order.
    let names = bound
        .iter()
        .filter(|(entry, _)| entry.key.role == Role::Name);
    let mut known: BTreeSet<Rc<str>> = BTreeSet::new();
    for (Entry { key, .. }, is_bound) in names {
        let Some(text) = key.text.literal() else {
            continue;
        };
        let kind = match check_key(text).filter(|_| *is_bound) {
            None if known.insert(text.into()) => continue,
            None => FillErrorKind::DuplicateKey(text.to_owned()),
            Some(kind) => kind,
        };
        let span = key.span;
        problems.push(FillError { span, kind });
    }
    known.extend(omitted);
    let mut all = Vec::with_capacity(bound.len());
    for (entry, is_bound) in bound.drain(..) {
        if !entry.key.is_spread() || !is_bound {
            all.push(entry);
        } else if let Some(spread) = entry.value.entries() {
            let is_new = |entry: &&Entry| known.insert(entry.key.text.source_text());
            all.extend(spread.iter().filter(is_new).cloned());
        } else {
            let span = entry.key.span;
            let kind = FillErrorKind::NotMapping("<<".to_owned());
            problems.push(FillError { span, kind });
        }
    }
    all
}

/// Binds an entry, and returns whether its key, or the mapping that it merges, was bound.
///
/// Returns `None` if the entry is optional and uses a name that is not set.
fn bind_entry(
    entry: &Entry,
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
) -> Option<(Entry, bool)> {
    let mut key = entry.key.clone();
    if key.is_optional {
        match is_set(&entry.value, scope) {
            Some(false) => return None,
            Some(true) => key.is_optional = false,
            None => {}
        }
    }
    let mut slots = match key.role {
        Role::Name => key.text.slots().collect::<Vec<_>>(),
        Role::Spread => entry.value.as_scalar()?.text.slots().collect(),
        _ => Vec::new(),
    };
    slots.retain(|slot| is_bound(slot, scope));
    let is_bound = !slots.is_empty();
    if key.role == Role::Name {
        key.text = bind_text(&key.text, scope, problems);
    }
    let before = problems.len();
    let value = match entry.value.as_scalar() {
        Some(scalar) if key.role == Role::Spread && is_bound => {
            bind_spread(entry.value.span, scalar, scope, problems)
        }
        _ => bind(&entry.value, scope, problems),
    };
    // A merge key whose mapping could not be bound is omitted: its error is reported.
    let is_spread = key.role != Role::Spread || problems.len() == before;
    is_spread.then_some((Entry { key, value }, is_bound))
}

/// Binds the mapping of a merge key. If the variable is quoted, the scalars of the mapping become strings.
fn bind_spread(
    span: Span,
    scalar: &Scalar,
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
) -> Node {
    let plain = Scalar {
        style: Style::Plain,
        ..scalar.clone()
    };
    let bound = bind_scalar(span, &plain, scope, problems);
    match scalar.style {
        Style::Quoted if bound.entries().is_some() => strings(&bound),
        _ => bound,
    }
}

/// Binds an item of a sequence, and repeats the item if the sequence of its `$each` is bound.
fn bind_item(item: &Node, scope: &dyn Scope, bound: &mut Vec<Node>, problems: &mut Vec<FillError>) {
    let Some(each) = item.each_variable() else {
        bound.push(bind(item, scope, problems));
        return;
    };
    if !is_bound(each, scope) {
        bound.push(bind_open(item, scope, problems));
        return;
    }
    let body = item.item().cloned().unwrap_or_else(|| {
        let all = item.entries().unwrap_or_default().iter();
        let others = all.filter(|entry| entry.key.role != Role::Each);
        Node::mapping(item.span, others.cloned().collect())
    });
    let is_empty = is_empty(lookup(scope, &each.expression.path).as_deref());
    let default = each.default.as_ref().filter(|_| is_empty);
    let default = default.map(|default| bind(default, scope, problems));
    let mut add = |scope: &dyn Scope, problems: &mut Vec<FillError>| {
        bound.push(bind(&body, scope, problems));
    };
    repeat(item, each, default.as_ref(), scope, problems, &mut add);
}

/// Binds an item whose `$each` names a sequence that is not bound. The default of `$each` is bound outside
/// of the repetition.
fn bind_open(item: &Node, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Node {
    let entries = item.entries().unwrap_or_default().iter().cloned();
    let (each, others): (Vec<Entry>, Vec<Entry>) =
        entries.partition(|entry| entry.key.role == Role::Each);
    let before = problems.len();
    check_names(&others, scope, problems);
    if problems.len() > before {
        return item.clone();
    }
    let mut all = bind_entries(&each, scope, problems);
    all.extend(bind_entries(&others, &Open(scope), problems));
    Node::mapping(item.span, all)
}

fn bind_scalar(
    span: Span,
    scalar: &Scalar,
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
) -> Node {
    if scalar.style == Style::Plain
        && let Some(slot) = scalar.text.sole_slot()
        && !matches!(slot.expression.operation, Operation::Call { .. })
        && is_bound(slot, scope)
        && !is_mixed(slot, scope)
    {
        let value = lookup(scope, &slot.expression.path);
        match (&slot.default, value) {
            (Some(default), value) if is_empty(value.as_deref()) => {
                return bind(default, scope, problems);
            }
            (_, Some(value)) if value.as_scalar().is_none() => return value.into_owned(),
            _ => {}
        }
    }
    let text = bind_text(&scalar.text, scope, problems);
    // A plain scalar is typed by its contents, as in a substitution of all variables.
    let style = match (&scalar.text, &text) {
        (Text::Parts(_), Text::Literal(text)) => fill::style(scalar.style, text),
        _ => scalar.style,
    };
    let value = Value::Scalar(Scalar { style, text });
    Node { span, value }
}

fn bind_text(text: &Text, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Text {
    let Text::Parts(parts) = text else {
        return text.clone();
    };
    let bound = parts.iter().flat_map(|part| match part {
        Part::Expression(slot) if is_mixed(slot, scope) => {
            let kind = FillErrorKind::Failed(
                "an expression must not use both a name of the add-on's data and a variable of the cluster"
                    .to_owned(),
            );
            let span = slot.span;
            problems.push(FillError { span, kind });
            Vec::new()
        }
        Part::Expression(slot) if is_bound(slot, scope) => bind_slot(slot, scope, problems),
        part => vec![part.clone()],
    });
    Text::joined(bound)
}

/// Returns the parts of a string that replace a bound expression.
fn bind_slot(
    slot: &Rc<ExpressionSlot>,
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
) -> Vec<Part> {
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
        // The value has no expressions, or is not set, so the expression can be evaluated.
        (None, _) => {
            let text = Text::Parts([Part::Expression(Rc::clone(slot))].into());
            Text::Literal(fill::text(&text, scope, problems)).parts()
        }
        (Some(value), _) if value.as_scalar().is_none() => {
            problem(FillErrorKind::NotString(name()))
        }
        (Some(value), Operation::None | Operation::Default(_)) => value
            .as_scalar()
            .map_or(Vec::new(), |scalar| scalar.as_text().parts()),
        (Some(value), Operation::Call { .. }) => match with_variable(slot, value) {
            Some(slot) => vec![Part::Expression(slot)],
            None => problem(FillErrorKind::Failed(format!(
                "the value of `{}` is not a single variable, and a function accepts only one",
                name()
            ))),
        },
    }
}

/// Returns the expression with its variable replaced by the one that is the whole `value`.
///
/// Returns `None` if the value is not exactly one variable without an operation.
fn with_variable(slot: &ExpressionSlot, value: &Node) -> Option<Rc<ExpressionSlot>> {
    let other = value.as_scalar()?.text.sole_slot()?;
    let is_plain = other.expression.operation == Operation::None;
    let path = other.expression.path.clone();
    is_plain.then(|| {
        let expression = Expression {
            path,
            ..slot.expression.clone()
        };
        Rc::new(ExpressionSlot {
            expression,
            ..slot.clone()
        })
    })
}

fn is_bound(slot: &ExpressionSlot, scope: &dyn Scope) -> bool {
    let root = slot.expression.path.first();
    root.is_some_and(|root| scope.is_bound(root))
}

/// Returns `true` if some of the names in an expression are bound, and others are not.
fn is_mixed(slot: &ExpressionSlot, scope: &dyn Scope) -> bool {
    if slot.expression.operation == Operation::None {
        return false;
    }
    let segment = Segment::Expression(Box::new(slot.expression.clone()));
    let all = references(std::slice::from_ref(&segment));
    let is_bound = is_bound(slot, scope);
    all.iter()
        .any(|reference| scope.is_bound(&reference.path[0]) != is_bound)
}

#[cfg(test)]
#[path = "bind/tests.rs"]
mod tests;

//! Recursive substitution of strings and trees.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::decide::{Choice, choose, is_set};
use super::member::member_part;
use super::scope::{Scope, is_empty, lookup};
use super::text::with_yaml;
use super::value::{check_key, strings, style, untyped};
use super::{each, json, yaml};
use crate::source::Span;
use crate::template::engine::find_marker;
use crate::template::error::{FillError, FillErrorKind};
use crate::tree::expression::Operation;
use crate::tree::{Entry, ExpressionSlot, Key, Node, Role, Scalar, Style, Text, Value};

/// Substitutes the variables of a string. Omits expressions that fail, and pushes their errors to `problems`.
pub fn text(text: &Text, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Rc<str> {
    with_yaml(text, scope, problems, &mut |embedded, problems| {
        let tree = node(&embedded.tree, scope, problems);
        yaml::text(embedded, tree, problems)
    })
}

/// Substitutes the variables of a tree. Omits expressions that fail, and pushes their errors to `problems`.
pub fn node(node: &Node, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => return self::scalar(node.span, scalar, scope, problems),
        _ if node.is_literal() => return node.clone(),
        Value::Mapping(_) if let Some(tree) = node.json_source() => {
            let known = problems.len();
            let filled = self::node(tree, scope, problems);
            return json::text(node, &filled, problems.len() == known, problems);
        }
        Value::Mapping(_) if let Some((selector, options)) = node.case() => {
            return case(node, selector, options, scope, problems);
        }
        Value::Sequence(items) => {
            let mut filled = Vec::with_capacity(items.len());
            for item in items.iter() {
                match item.each_variable() {
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

/// Substitutes an item for each entry of the sequence that its `$each` names.
fn repeat(
    item: &Node,
    each: &ExpressionSlot,
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
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
            filled.push(node(item.item().unwrap_or(item), scope, problems));
        },
    );
}

fn scalar(span: Span, scalar: &Scalar, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Node {
    let style = match (scalar.style, &scalar.text) {
        (style, Text::Literal(text)) => return Node::scalar(span, style, Rc::clone(text)),
        (style, Text::Parts(_)) => style,
    };
    if style == Style::Plain
        && let Some(slot) = scalar.text.sole_slot()
        && let Some(node) = fill_sole_expression(slot, scope, problems)
    {
        let own = scope.is_traced() && node.span.is_of_member();
        let span = if own { node.span } else { span };
        return Node { span, ..node };
    }
    let filled = text(&scalar.text, scope, problems);
    let has_part = scope.is_traced() && member_part(&scalar.text, scope).is_some();
    let span = if has_part { span.of_members() } else { span };
    Node::scalar(span, self::style(style, &filled), filled)
}

/// Returns the value of an expression that is a whole plain scalar: a sequence or mapping, or the template's
/// default.
///
/// Returns `None` if the expression evaluates to a string.
fn fill_sole_expression(
    slot: &ExpressionSlot,
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
) -> Option<Node> {
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
            value => {
                let parsed = untyped(&value)?;
                problems.extend(escaped_markers(slot, &parsed));
                Some(parsed)
            }
        },
    }
}

/// Returns the errors of markers of other engines that only the escapes of a string in flow style create.
fn escaped_markers(slot: &ExpressionSlot, parsed: &Node) -> Vec<FillError> {
    let mut errors = Vec::new();
    parsed.each_text(&mut |text, span| {
        let marker = text.literal().and_then(find_marker);
        if let Some(marker) = marker.filter(|_| span.is_of_member()) {
            let variable = slot.expression.path.join(".");
            let is_inside = false;
            let kind = FillErrorKind::Engine {
                marker,
                variable,
                is_inside,
            };
            let span = slot.span;
            errors.push(FillError { span, kind });
        }
    });
    errors
}

/// Substitutes the value that a `$case` selects.
fn case(
    written: &Node,
    selector: &Scalar,
    options: &[Entry],
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
) -> Node {
    match choose(selector, options, scope, problems) {
        Choice::Value(value) => node(value, scope, problems),
        Choice::Unknown => written.clone(),
        Choice::Unset | Choice::NoOption => Node::string(written.span, ""),
    }
}

fn mapping(entries: &[Entry], scope: &dyn Scope, problems: &mut Vec<FillError>) -> Vec<Entry> {
    let is_kept =
        |entry: &&Entry| !entry.key.is_optional || is_set(&entry.value, scope) != Some(false);
    let (entries, omitted): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(is_kept);
    let mut filled: Vec<Entry> = Vec::new();
    let mut keys: BTreeSet<Rc<str>> = BTreeSet::new();
    // Explicit keys override merged keys, regardless of their order.
    for entry in entries.iter().filter(|entry| entry.key.role == Role::Name) {
        let key = text(&entry.key.text, scope, problems);
        if !keys.insert(Rc::clone(&key)) {
            problems.push(FillError {
                span: entry.key.span,
                kind: FillErrorKind::DuplicateKey(key.to_string()),
            });
        }
        // The parser already checked keys without a variable.
        if let Some(kind) = check_key(&key).filter(|_| entry.key.text.literal().is_none()) {
            let span = entry.key.span;
            problems.push(FillError { span, kind });
        }
    }
    // So do keys that are omitted: a merged mapping does not decide about a written key.
    for entry in omitted.iter().filter(|entry| entry.key.role == Role::Name) {
        keys.insert(text(&entry.key.text, scope, &mut Vec::new()));
    }
    for entry in entries.iter().filter(|entry| entry.key.role != Role::Each) {
        if entry.key.is_spread() {
            let map = spread(entry, scope, problems);
            filled.reserve(map.as_ref().and_then(Node::entries).map_or(0, <[_]>::len));
            for inner in map.iter().flat_map(|map| map.entries().unwrap_or_default()) {
                let key = inner.key.text.source_text();
                if keys.insert(key) {
                    filled.push(inner.clone());
                }
            }
        } else {
            // The errors of the key are already reported above.
            let key = text(&entry.key.text, scope, &mut Vec::new());
            let member = (entry.key.text.literal().is_none())
                .then(|| member_part(&entry.key.text, scope))
                .flatten();
            let key = Key {
                text: Text::Literal(key),
                span: member.unwrap_or(entry.key.span),
                is_optional: false,
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

fn spread(entry: &Entry, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Option<Node> {
    let scalar = entry.value.as_scalar()?;
    let slot = scalar.text.sole_slot()?;
    let before = problems.len();
    let map = fill_sole_expression(slot, scope, problems);
    let is_map = map.as_ref().is_some_and(|map| map.entries().is_some());
    if !is_map && problems.len() == before {
        let path = slot.expression.path.join(".");
        let kind = match lookup(scope, &slot.expression.path) {
            None => FillErrorKind::Missing(path),
            Some(_) => FillErrorKind::NotMapping(path),
        };
        problems.push(FillError {
            span: slot.span,
            kind,
        });
    }
    let map = map.filter(|_| is_map)?;
    match scalar.style {
        Style::Quoted => Some(strings(&map)),
        Style::Plain => Some(map),
    }
}

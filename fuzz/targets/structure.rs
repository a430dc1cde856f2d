//! The allowed effect of substitution: it changes only scalars with an expression.

use std::borrow::Cow;
use std::collections::BTreeSet;

use kubectl_fleet::template::fill::{self, Choice, Scope, choose, is_set, lookup};
use kubectl_fleet::tree::expression::{Expression, Operation, Segment};
use kubectl_fleet::tree::{Node, Part, Scalar, Style, Text, Value};
use kubectl_fleet::tree::{Plain, type_plain};
use serde_json::Value as Json;

/// The value that replaces a scalar.
enum Source<'a> {
    /// A string.
    Text,
    /// A sequence or a mapping from a variable.
    Value(Cow<'a, Node>),
    /// The default in the template for an unset variable.
    Default(&'a Node),
}

/// Checks that a rendered tree differs from its template only in expressions.
pub fn check(written: &Node, filled: &Node, scope: &dyn Scope) {
    if written.is_literal() {
        // A default has the location of its expression.
        assert_eq!(written.value, filled.value);
        return;
    }
    if let Some((selector, options)) = written.case() {
        match choose(selector, options, scope, &mut Vec::new()) {
            Choice::Value(value) => check(value, filled, scope),
            other => panic!("{other:?} was rendered"),
        }
        return;
    }
    match (&written.value, &filled.value) {
        (Value::Scalar(scalar), _) => match source(scalar, scope) {
            Source::Text => check_text(scalar, filled, scope),
            Source::Value(value) => assert_eq!(value.value, filled.value),
            Source::Default(default) => check(default, filled, scope),
        },
        (Value::Mapping(_), Value::Scalar(_)) if written.json_source().is_some() => {
            let text = filled.text().expect("a final text");
            assert!(serde_json::from_str::<Json>(text).is_ok(), "{text}");
        }
        // The sequence determines the number of repetitions.
        (Value::Sequence(written), Value::Sequence(_))
            if written.iter().any(|item| item.each_variable().is_some()) => {}
        (Value::Sequence(written), Value::Sequence(items)) => {
            assert_eq!(written.len(), items.len());
            for (written, filled) in written.iter().zip(&**items) {
                check(written, filled, scope);
            }
        }
        (Value::Mapping(_), Value::Mapping(_)) => check_mapping(written, filled, scope),
        _ => panic!("{written:?}\n{filled:?}"),
    }
}

fn check_text(written: &Scalar, filled: &Node, scope: &dyn Scope) {
    let scalar = filled.as_scalar().expect("a string replaces a scalar");
    assert!(written.style == Style::Plain || scalar.style == Style::Quoted);
    if let Some(text) = expected(&written.text, scope) {
        assert_eq!(filled.text(), Some(text.as_str()));
    }
}

fn check_mapping(written: &Node, filled: &Node, scope: &dyn Scope) {
    let is_kept = |entry: &&kubectl_fleet::tree::Entry| {
        !entry.key.is_optional || is_set(&entry.value, scope) != Some(false)
    };
    let written: Vec<_> = entries(written).iter().filter(is_kept).collect();
    let filled = entries(filled);
    let explicit: BTreeSet<String> = written
        .iter()
        .filter(|entry| !entry.key.is_spread())
        .map(|entry| fill::text(&entry.key.text, scope, &mut Vec::new()).to_string())
        .collect();
    let key = |node: &kubectl_fleet::tree::Key| node.text.literal().map(ToOwned::to_owned);
    let mut seen = BTreeSet::new();
    let mut rest = filled.iter();
    for entry in written {
        if entry.key.is_spread() {
            let scalar = entry.value.as_scalar().expect("a merge key has a variable");
            let map = match source(scalar, scope) {
                Source::Text => panic!("a string is merged"),
                Source::Value(map) => map,
                Source::Default(default) => Cow::Owned(fill::node(default, scope, &mut Vec::new())),
            };
            for inner in entries(&map) {
                let name = key(&inner.key).expect("a final key");
                if !explicit.contains(&name) && seen.insert(name) {
                    assert_eq!(rest.next().map(|found| &found.value), Some(&inner.value));
                }
            }
        } else {
            let found = rest.next().expect("an entry for each key of the template");
            let name = key(&found.key).expect("a final key");
            assert!(name != "<<" && explicit.contains(&name));
            if let Some(expected) = expected(&entry.key.text, scope) {
                assert_eq!(name, expected);
            }
            assert!(seen.insert(name), "duplicate key");
            check(&entry.value, &found.value, scope);
        }
    }
    assert!(rest.next().is_none());
}

fn entries(node: &Node) -> &[kubectl_fleet::tree::Entry] {
    node.entries().expect("a mapping")
}

/// Returns the rendered string, or `None` if an expression has a function or a default.
fn expected(text: &Text, scope: &dyn Scope) -> Option<String> {
    let parts = match text {
        Text::Literal(text) => return Some(text.to_string()),
        Text::Parts(parts) => parts,
    };
    let part = |part: &Part| match part {
        Part::Literal(text) => Some(text.to_string()),
        Part::Dollar => Some("$".to_owned()),
        // No generated template contains this, so no target renders it.
        Part::Yaml(_) | Part::Rotated(_) => None,
        Part::Expression(slot) => {
            let value = lookup(scope, &slot.expression.path)?;
            let text = value.text()?.to_owned();
            match slot.expression.operation {
                Operation::None => Some(text),
                Operation::Default(_) if !text.is_empty() => Some(text),
                Operation::Default(_) | Operation::Call { .. } => None,
            }
        }
    };
    parts.iter().map(part).collect()
}

fn source<'a>(scalar: &'a Scalar, scope: &'a dyn Scope) -> Source<'a> {
    match scalar.text.sole_slot() {
        Some(slot) if scalar.style == Style::Plain => {
            resolve(&slot.expression, slot.default.as_ref(), scope)
        }
        _ => Source::Text,
    }
}

fn resolve<'a>(
    expression: &'a Expression,
    default: Option<&'a Node>,
    scope: &'a dyn Scope,
) -> Source<'a> {
    let value = lookup(scope, &expression.path);
    let is_empty = value.as_ref().is_none_or(|value| value.text() == Some(""));
    match (&expression.operation, default) {
        (Operation::Call { .. }, _) => Source::Text,
        (_, Some(default)) if is_empty => Source::Default(default),
        (Operation::Default(segments), None) if is_empty => match segments.as_slice() {
            [Segment::Expression(inner)] => resolve(inner, None, scope),
            _ => Source::Text,
        },
        _ => match value {
            Some(value) if value.as_scalar().is_none() => Source::Value(value),
            _ => Source::Text,
        },
    }
}

/// Checks that the output equals the rendered object. `metadata` has its own order, and only strings.
pub fn is_printed(filled: &Node, printed: &Json) {
    let name = filled
        .get("metadata")
        .and_then(|metadata| metadata.get("name"));
    if let Some(name) = name.and_then(Node::text) {
        assert_eq!(printed["metadata"]["name"], name);
    }
    check_printed(filled, printed);
}

fn check_printed(filled: &Node, printed: &Json) {
    match (&filled.value, printed) {
        (Value::Scalar(scalar), printed) => {
            let text = filled.text().expect("a final text");
            let is_same = match type_plain(text) {
                _ if scalar.style == Style::Quoted => printed == text,
                Plain::Null => printed.is_null(),
                Plain::Bool(truth) => *printed == truth,
                Plain::Number(number) => {
                    serde_json::from_str(&number).is_ok_and(|read: Json| read == *printed)
                }
                Plain::String | Plain::Unrepresentable(_) => printed == text,
            };
            assert!(is_same, "{scalar:?} {printed}");
        }
        (Value::Sequence(items), Json::Array(printed)) => {
            assert_eq!(items.len(), printed.len());
            for (item, printed) in items.iter().zip(printed) {
                check_printed(item, printed);
            }
        }
        (Value::Mapping(entries), Json::Object(printed)) => {
            assert_eq!(entries.len(), printed.len());
            for (entry, (key, printed)) in entries.iter().zip(printed) {
                assert_eq!(entry.key.text.literal(), Some(key.as_str()));
                if key != "metadata" && key != "matchLabels" {
                    check_printed(&entry.value, printed);
                }
            }
        }
        _ => panic!("{filled:?} {printed}"),
    }
}

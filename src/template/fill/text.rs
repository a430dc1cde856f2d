//! Substitution of strings.

use std::borrow::Cow;
use std::rc::Rc;

use super::append::append;
use super::scope::{Scope, is_empty, lookup};
use crate::source::Span;
use crate::template::error::FillError;
use crate::template::function::{MAX_LENGTH, too_long};
use crate::tree::expression::Operation;
use crate::tree::{Embedded, ExpressionSlot, Node, Part, Scalar, Text, Value};

/// Substitutes the variables of a string without embedded YAML.
///
/// Omits expressions that fail, and pushes their errors to `problems`.
pub(super) fn plain(text: &Text, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Rc<str> {
    with_yaml(text, scope, problems, &mut |_, _| String::new())
}

/// Substitutes the variables of a string; `yaml` renders the embedded YAML.
pub(super) fn with_yaml(
    text: &Text,
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
    yaml: &mut dyn FnMut(&Embedded, &mut Vec<FillError>) -> String,
) -> Rc<str> {
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
            Part::Yaml(embedded) => filled.push_str(&yaml(embedded, problems)),
            Part::Rotated(name) => {
                filled.push_str(&scope.rotated(name.index).unwrap_or_default());
            }
            Part::Expression(slot) => {
                filled.push_str(&slot_text(slot, scope, problems));
                if filled.len() > MAX_LENGTH {
                    problems.push(FillError {
                        span: slot.span,
                        kind: too_long(),
                    });
                    break;
                }
            }
        }
    }
    filled.into()
}

fn slot_text(slot: &ExpressionSlot, scope: &dyn Scope, problems: &mut Vec<FillError>) -> Rc<str> {
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
            Some(value) => problems.push(FillError::not_text(slot.span, &expression.path, value)),
            None => problems.push(FillError::missing(slot.span, &expression.path)),
        }
        return Rc::default();
    }
    if slot.is_unquoted
        && is_empty(lookup(scope, &expression.path).as_deref())
        && let Some(default) = slot.default.as_ref().and_then(Node::as_scalar)
    {
        return plain(&default.as_text(), scope, problems);
    }
    let mut not_strings = Vec::new();
    let evaluated = expression.evaluate(&slot.text, &mut |path| {
        let value = lookup(scope, path)?;
        if value.text().is_none() {
            not_strings.push(FillError::not_text(slot.span, path, &value));
        }
        value.text().map(|text| Cow::Owned(text.to_owned()))
    });
    if !not_strings.is_empty() {
        problems.append(&mut not_strings);
        return Rc::default();
    }
    match evaluated {
        Ok(text) => text.into(),
        Err(errors) => {
            problems.extend(errors.into_iter().map(|problem| FillError {
                span: Span::new(slot.span.file, problem.range),
                kind: problem.kind,
            }));
            Rc::default()
        }
    }
}

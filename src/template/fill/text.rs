//! Substitution of strings.

use std::borrow::Cow;
use std::rc::Rc;

use super::append::append;
use super::member::member_variable;
use super::scope::{Scope, is_empty, lookup};
use crate::source::Span;
use crate::template::engine::{Danger, Seams};
use crate::template::error::{FillError, FillErrorKind};
use crate::template::function::{MAX_LENGTH, too_long};
use crate::tree::expression::{Expression, Operation};
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
    let mut seams = Seams::default();
    for (number, part) in parts.iter().enumerate() {
        let text: Rc<str> = match part {
            Part::Literal(text) => Rc::clone(text),
            Part::Dollar => "$".into(),
            Part::Yaml(embedded) => yaml(embedded, problems).into(),
            Part::Rotated(name) => scope.rotated(name.index).unwrap_or_default(),
            Part::Expression(slot) => slot_text(slot, scope, problems),
        };
        if let Some(danger) = seams.join(&filled, number, &text) {
            problems.extend(seam_error(danger, &parts[danger.first..=number], scope));
        }
        filled.push_str(&text);
        if let Part::Expression(slot) = part
            && filled.len() > MAX_LENGTH
        {
            problems.push(FillError {
                span: slot.span,
                kind: too_long(),
            });
            break;
        }
    }
    filled.into()
}

/// Returns the error of a dangerous part of a string if it comes from a member.
fn seam_error(danger: Danger, parts: &[Part], scope: &dyn Scope) -> Option<FillError> {
    parts.iter().find_map(|part| match part {
        Part::Expression(slot) => {
            let variable = member_variable(&slot.expression, scope)?;
            let kind = FillErrorKind::engine(danger, variable);
            let span = slot.span;
            Some(FillError { span, kind })
        }
        _ => None,
    })
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
    let mut value = |path: &[String]| {
        let value = lookup(scope, path)?;
        if value.text().is_none() {
            not_strings.push(FillError::not_text(slot.span, path, &value));
        }
        value.text().map(|text| Cow::Owned(text.to_owned()))
    };
    let member = |expression: &Expression| member_variable(expression, scope);
    let evaluated = expression.evaluate(&slot.text, &mut value, &member);
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

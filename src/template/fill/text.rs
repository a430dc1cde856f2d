//! Fills texts.

use std::borrow::Cow;
use std::rc::Rc;

use super::append::append;
use super::problem::{Problem, Trouble, missing, not_text, too_long};
use super::scope::{Scope, is_empty, lookup};
use crate::source::Span;
use crate::template::function::{MAX_LENGTH, ProblemKind};
use crate::tree::expression::Operation;
use crate::tree::{Embedded, Node, Part, Scalar, Slot, Text, Value};

/// Fills a text without YAML in it. What cannot be filled is left out and told in `problems`.
pub(super) fn plain(text: &Text, scope: &dyn Scope, problems: &mut Vec<Problem>) -> Rc<str> {
    with_yaml(text, scope, problems, &mut |_, _| String::new())
}

/// Fills a text; `yaml` fills the YAML in it.
pub(super) fn with_yaml(
    text: &Text,
    scope: &dyn Scope,
    problems: &mut Vec<Problem>,
    yaml: &mut dyn FnMut(&Embedded, &mut Vec<Problem>) -> String,
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
        return plain(&default.as_text(), scope, problems);
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

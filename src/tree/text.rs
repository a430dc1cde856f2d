//! Strings and the expressions in them.

use std::borrow::Cow;
use std::rc::Rc;

use super::data::{ExpressionSlot, Key, Node, Part, Role, Scalar, Style, Text};
use super::expression::{Expression, Operation, Segment};
use crate::source::Span;

impl Key {
    /// Returns `true` for a merge key (`<<`).
    pub fn is_spread(&self) -> bool {
        self.role == Role::Spread
    }

    /// Returns `true` if the key contains an expression, is optional, or is a directive or merge key.
    pub fn is_unresolved(&self) -> bool {
        self.role != Role::Name || self.is_optional || self.text.literal().is_none()
    }
}

impl ExpressionSlot {
    /// Returns `true` if the default begins as a flow collection but is not a valid one.
    pub fn is_default_unclosed(&self) -> bool {
        let Operation::Default(segments) = &self.expression.operation else {
            return false;
        };
        let first = match segments.first() {
            Some(Segment::Text(range)) => self.text.get(range.clone()).unwrap_or_default(),
            _ => "",
        };
        self.default.is_none() && first.starts_with(['[', '{'])
    }
}

impl Scalar {
    /// Returns the string of a scalar that is used as a string regardless of its style.
    pub fn as_text(&self) -> Text {
        let slot = self.text.sole_slot().filter(|_| self.style == Style::Plain);
        let is_scalar = |default: &Node| default.as_scalar().is_some();
        match slot {
            Some(slot) if slot.default.as_ref().is_some_and(is_scalar) => {
                let slot = ExpressionSlot {
                    is_unquoted: true,
                    ..(**slot).clone()
                };
                Text::Parts([Part::Expression(Rc::new(slot))].into())
            }
            _ => self.text.clone(),
        }
    }
}

impl Text {
    /// Returns a string that consists of one variable, with the location `span`.
    pub fn variable(name: &str, span: Span) -> Self {
        Self::variable_at(&[name], span)
    }

    /// Returns a string that consists of the variable at a path of names, with the location `span`.
    pub fn variable_at(path: &[&str], span: Span) -> Self {
        let text: Rc<str> = format!("${{{}}}", path.join(".")).into();
        let expression = Expression {
            path: path.iter().map(|name| (*name).to_owned()).collect(),
            operation: Operation::None,
            range: 0..text.len(),
        };
        let slot = ExpressionSlot {
            text,
            span,
            expression,
            default: None,
            is_unquoted: false,
        };
        Self::Parts([Part::Expression(Rc::new(slot))].into())
    }

    /// Returns the string if it contains no expressions.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Parts(_) => None,
        }
    }

    /// Returns the parts of the string.
    pub fn parts(&self) -> Vec<Part> {
        match self {
            Self::Literal(text) => vec![Part::Literal(Rc::clone(text))],
            Self::Parts(parts) => parts.to_vec(),
        }
    }

    /// Returns the string that consists of `parts`.
    pub fn joined(parts: impl Iterator<Item = Part>) -> Self {
        let parts: Rc<[Part]> = parts.collect();
        let literal = |part: &Part| match part {
            Part::Literal(text) => Some(Rc::clone(text)),
            _ => None,
        };
        let literals: Option<Vec<Rc<str>>> = parts.iter().map(literal).collect();
        match literals {
            Some(literals) => Self::Literal(literals.concat().into()),
            None => Self::Parts(parts),
        }
    }

    /// Returns the source of the string, with its expressions unevaluated.
    pub fn source_text(&self) -> Rc<str> {
        match self {
            Self::Literal(text) => Rc::clone(text),
            Self::Parts(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Literal(text) => Cow::Borrowed(&**text),
                    Part::Dollar => Cow::Borrowed("$$"),
                    Part::Expression(slot) => {
                        Cow::Borrowed(&slot.text[slot.expression.range.clone()])
                    }
                    Part::Yaml(_) => Cow::Borrowed("…"),
                    Part::Rotated(name) => {
                        Cow::Owned(format!("{}-…{}", name.written.source_text(), name.index))
                    }
                })
                .collect::<String>()
                .into(),
        }
    }

    /// Returns the expressions of the string.
    pub fn slots(&self) -> impl Iterator<Item = &Rc<ExpressionSlot>> {
        let parts: &[Part] = match self {
            Self::Literal(_) => &[],
            Self::Parts(parts) => parts,
        };
        parts.iter().flat_map(|part| match part {
            Part::Literal(_) | Part::Dollar | Part::Yaml(_) => Vec::new(),
            Part::Expression(slot) => vec![slot],
            Part::Rotated(name) => name.written.slots().collect(),
        })
    }

    /// Returns `true` if the string contains the whole value of a variable that `is_wanted` selects.
    pub fn contains_value(&self, is_wanted: impl Fn(&str) -> bool) -> bool {
        self.slots().any(|slot| {
            let Expression {
                path, operation, ..
            } = &slot.expression;
            let is_whole = path.len() == 1 && !matches!(operation, Operation::Call { .. });
            is_whole && is_wanted(&path[0])
        })
    }

    /// Returns the expression that is the whole string.
    pub fn sole_slot(&self) -> Option<&Rc<ExpressionSlot>> {
        match self {
            Self::Parts(parts) => match &**parts {
                [Part::Expression(slot)] => Some(slot),
                _ => None,
            },
            Self::Literal(_) => None,
        }
    }
}

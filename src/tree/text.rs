//! Texts, and the expressions in them.

use std::borrow::Cow;
use std::rc::Rc;

use super::data::{Key, Node, Part, Role, Scalar, Slot, Style, Text};
use super::expression::{Expression, Operation, Segment};
use crate::source::Span;

impl Key {
    /// Whether a map is spread here.
    pub fn is_spread(&self) -> bool {
        self.role == Role::Spread
    }

    /// Whether the key itself is still to fill, or stands for something else.
    pub fn is_open(&self) -> bool {
        self.role != Role::Name || self.is_optional || self.text.literal().is_none()
    }
}

impl Slot {
    /// Whether the default begins as a list or a map and could not be read as one.
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
    /// The text, where one is wanted whatever the scalar looks like.
    pub fn as_text(&self) -> Text {
        let slot = self.text.sole_slot().filter(|_| self.style == Style::Plain);
        let is_scalar = |default: &Node| default.as_scalar().is_some();
        match slot {
            Some(slot) if slot.default.as_ref().is_some_and(is_scalar) => {
                let slot = Slot {
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
    /// Returns the text that is one variable, as if it had been written at `span`.
    pub fn variable(name: &str, span: Span) -> Self {
        Self::variable_at(&[name], span)
    }

    /// Returns the text that is the value at a path of names, as if it had been written at `span`.
    pub fn variable_at(path: &[&str], span: Span) -> Self {
        let text: Rc<str> = format!("${{{}}}", path.join(".")).into();
        let expression = Expression {
            path: path.iter().map(|name| (*name).to_owned()).collect(),
            operation: Operation::None,
            range: 0..text.len(),
        };
        let slot = Slot {
            text,
            span,
            expression,
            default: None,
            is_unquoted: false,
        };
        Self::Parts([Part::Expression(Rc::new(slot))].into())
    }

    /// The text, where there is nothing to fill.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Parts(_) => None,
        }
    }

    /// The pieces that the text is made of.
    pub fn parts(&self) -> Vec<Part> {
        match self {
            Self::Literal(text) => vec![Part::Literal(Rc::clone(text))],
            Self::Parts(parts) => parts.to_vec(),
        }
    }

    /// The text that is made of pieces.
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

    /// The text as the author wrote it, where expressions have no meaning.
    pub fn as_written(&self) -> Rc<str> {
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
                        Cow::Owned(format!("{}-…{}", name.written.as_written(), name.index))
                    }
                })
                .collect::<String>()
                .into(),
        }
    }

    /// The expressions of the text.
    pub fn slots(&self) -> impl Iterator<Item = &Rc<Slot>> {
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

    /// Returns `true` if the string contains the whole value of one of some variables.
    pub fn contains_value(&self, is_wanted: impl Fn(&str) -> bool) -> bool {
        self.slots().any(|slot| {
            let Expression {
                path, operation, ..
            } = &slot.expression;
            let is_whole = path.len() == 1 && !matches!(operation, Operation::Call { .. });
            is_whole && is_wanted(&path[0])
        })
    }

    /// The expression that is the whole text.
    pub fn sole_slot(&self) -> Option<&Rc<Slot>> {
        match self {
            Self::Parts(parts) => match &**parts {
                [Part::Expression(slot)] => Some(slot),
                _ => None,
            },
            Self::Literal(_) => None,
        }
    }
}

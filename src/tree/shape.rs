//! What a value is, for those that expect one thing or another.

use std::fmt;

use super::data::{Node, Style, Value};
use super::typing::{Plain, type_plain};

/// What a value is, as messages say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A string, or a text with expressions.
    Text,
    /// A number, also one that cannot be carried.
    Number,
    /// A boolean.
    Boolean,
    /// A null, or nothing at all.
    Nothing,
    /// A sequence.
    List,
    /// A mapping.
    Mapping,
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Nothing => "nothing",
            Self::List => "a list",
            Self::Mapping => "a mapping",
        })
    }
}

impl Node {
    /// What the value is.
    pub fn shape(&self) -> Shape {
        match &self.value {
            Value::Sequence(_) => Shape::List,
            Value::Mapping(_) => Shape::Mapping,
            Value::Scalar(scalar) if scalar.style == Style::Quoted => Shape::Text,
            Value::Scalar(scalar) => match scalar.text.literal().map(type_plain) {
                Some(Plain::Null) => Shape::Nothing,
                Some(Plain::Bool(_)) => Shape::Boolean,
                Some(Plain::Number(_) | Plain::Unrepresentable(_)) => Shape::Number,
                Some(Plain::String) | None => Shape::Text,
            },
        }
    }

    /// Whether the value says nothing.
    pub fn is_null(&self) -> bool {
        self.shape() == Shape::Nothing
    }
}

//! The types of values, for messages and checks.

use std::fmt;

use super::data::{Node, Style, Value};
use super::typing::{Plain, type_plain};

/// The type of a value, as messages name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A string, or a scalar with expressions.
    String,
    /// A number, including one that cannot be represented.
    Number,
    /// A boolean.
    Boolean,
    /// A null or an empty value.
    Null,
    /// A sequence.
    Sequence,
    /// A mapping.
    Mapping,
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Null => "null",
            Self::Sequence => "a sequence",
            Self::Mapping => "a mapping",
        })
    }
}

impl Node {
    /// Returns the type of the value.
    pub fn shape(&self) -> Shape {
        match &self.value {
            Value::Sequence(_) => Shape::Sequence,
            Value::Mapping(_) => Shape::Mapping,
            Value::Scalar(scalar) if scalar.style == Style::Quoted => Shape::String,
            Value::Scalar(scalar) => match scalar.text.literal().map(type_plain) {
                Some(Plain::Null) => Shape::Null,
                Some(Plain::Bool(_)) => Shape::Boolean,
                Some(Plain::Number(_) | Plain::Unrepresentable(_)) => Shape::Number,
                Some(Plain::String) | None => Shape::String,
            },
        }
    }

    /// Returns `true` if the value is null or empty.
    pub fn is_null(&self) -> bool {
        self.shape() == Shape::Null
    }
}

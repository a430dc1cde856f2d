//! A value that a schema does not allow.

use std::rc::Rc;

use super::node::{Schema, Type};
use crate::source::Span;
use crate::tree::Shape;

/// A value that a schema does not allow, at a location.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The location of the value; that of the key for a field that does not exist.
    pub span: Span,
    /// The path of the value in the object, such as `spec.replicas`; empty for the object.
    pub path: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a value.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The schema has no such field.
    Undefined {
        /// The name of the field.
        field: String,
        /// The schema of the mapping.
        schema: Rc<Schema>,
    },
    /// Required fields are not set.
    Missing(Vec<String>),
    /// The value has another type.
    Type(Type, Shape),
    /// The value is not valid: the value, and what it must be.
    Value(Option<String>, String),
}

impl Type {
    /// Returns the type as messages name it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Mapping => "a mapping",
            Self::Sequence => "a sequence",
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::IntegerOrString => "an integer or a string",
        }
    }
}

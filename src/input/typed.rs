//! The trait of types that can be read from a YAML value.

use std::rc::Rc;

use super::key::Type;
use super::read::{each, entries, string, wrong_type};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Spanned;
use crate::tree::{Entry, Node, Plain, Shape, Text, type_plain};

/// Function that reads a value; `subject` is its name in messages.
pub(super) type Read<T> = fn(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<T>;

/// A type that can be read from a value.
pub(super) trait Typed: Sized {
    /// The type of the value.
    const TYPE: Type;
    /// Name of an item of a sequence in messages, before the key.
    const ITEM: &'static str = "an entry of";

    /// Reads a value, and reports it if it is invalid; `subject` is its name in messages.
    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self>;
}

impl Typed for Node {
    const TYPE: Type = Type::Any;

    fn read(node: &Node, _: &str, _: &mut Diagnostics) -> Option<Self> {
        Some(node.clone())
    }
}

impl Typed for bool {
    const TYPE: Type = Type::Boolean;

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        if let (Shape::Boolean, Some(text)) = (node.shape(), node.text()) {
            Some(type_plain(text) == Plain::Bool(true))
        } else {
            wrong_type(node, subject, "a boolean", diags);
            None
        }
    }
}

/// An integer that is not negative.
impl Typed for usize {
    const TYPE: Type = Type::Number;

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        let number = node
            .text()
            .filter(|_| node.shape() == Shape::Number)
            .and_then(|text| text.parse().ok());
        if number.is_none() {
            let found = match node.text() {
                Some(text) if node.shape() == Shape::Number => format!("`{text}`"),
                _ => node.shape().to_string(),
            };
            let message = format!("{subject} must be an integer that is not negative, not {found}");
            let help = "write an unquoted number, such as 3";
            diags.push(Diagnostic::new(Code::WrongType, node.span, message).help(help));
        }
        number
    }
}

impl Typed for Text {
    const TYPE: Type = Type::Template;
    const ITEM: &'static str = "a path of";

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        match node.as_scalar() {
            Some(scalar) if node.shape() == Shape::String => Some(scalar.as_text()),
            _ => {
                wrong_type(node, subject, "a string", diags);
                None
            }
        }
    }
}

/// A string that is not empty.
impl Typed for String {
    const TYPE: Type = Type::String;
    const ITEM: &'static str = "a path of";

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        let text = string(node, subject, diags)?;
        if text.is_empty() {
            let message = format!("{subject} must not be empty");
            let help = "write a value that is not empty";
            diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
            return None;
        }
        Some(text)
    }
}

impl Typed for Rc<str> {
    const TYPE: Type = String::TYPE;

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        String::read(node, subject, diags).map(Into::into)
    }
}

/// A mapping with any keys.
impl Typed for Vec<Entry> {
    const TYPE: Type = Type::Map;

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        entries(node, subject, diags)
    }
}

/// A sequence; an invalid item is omitted.
impl<T: Typed> Typed for Vec<T> {
    const TYPE: Type = Type::Sequence(&T::TYPE);

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        let item = format!("{} {subject}", T::ITEM);
        each(node, subject, &item, T::read, diags)
    }
}

impl<T: Typed> Typed for Spanned<T> {
    const TYPE: Type = T::TYPE;
    const ITEM: &'static str = T::ITEM;

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        let span = node.span;
        T::read(node, subject, diags).map(|value| Self { value, span })
    }
}

impl<T: Typed> Typed for Option<T> {
    const TYPE: Type = T::TYPE;

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        T::read(node, subject, diags).map(Some)
    }
}

/// Declares how a type is read from one of a few strings.
macro_rules! keywords {
    ($type:ty { $($word:expr => $value:expr,)* }) => {
        impl $crate::input::typed::Typed for $type {
            const TYPE: $crate::input::key::Type = $crate::input::key::Type::Enum(&[$($word),*]);

            fn read(
                node: &$crate::tree::Node,
                subject: &str,
                diags: &mut $crate::diagnostic::Diagnostics,
            ) -> Option<Self> {
                $crate::input::read::read_enum(node, subject, &[$(($word, $value)),*], diags)
            }
        }
    };
}
pub(super) use keywords;

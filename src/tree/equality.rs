//! Equality of trees: their contents, regardless of locations and files.

use super::data::{Key, Node, Slot};
use super::expression::{Expression, Operation, Segment};

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        (self.role, self.is_optional) == (other.role, other.is_optional) && self.text == other.text
    }
}

/// Slots are equal if their expressions are: the same path, operation and arguments. Ranges and the texts
/// that they count are those of one file; the default as a tree follows from its text.
impl PartialEq for Slot {
    fn eq(&self, other: &Self) -> bool {
        self.is_unquoted == other.is_unquoted
            && is_same_expression(
                (&self.expression, &self.text),
                (&other.expression, &other.text),
            )
    }
}

/// A piece of an expression, and the text whose bytes its ranges count.
type Of<'a, T> = (&'a T, &'a str);

fn is_same_expression((one, text): Of<'_, Expression>, (other, of): Of<'_, Expression>) -> bool {
    let is_same = |one: &[Segment], other: &[Segment]| is_same_text((one, text), (other, of));
    one.path == other.path
        && match (&one.operation, &other.operation) {
            (Operation::None, Operation::None) => true,
            (Operation::Default(one), Operation::Default(other)) => is_same(one, other),
            (
                Operation::Call {
                    function,
                    arguments,
                },
                Operation::Call {
                    function: called,
                    arguments: given,
                },
            ) => {
                function == called
                    && arguments.len() == given.len()
                    && arguments.iter().zip(given).all(|(a, b)| is_same(a, b))
            }
            _ => false,
        }
}

fn is_same_text((one, text): Of<'_, [Segment]>, (other, of): Of<'_, [Segment]>) -> bool {
    let is_same = |(one, other): (&Segment, &Segment)| match (one, other) {
        (Segment::Text(one), Segment::Text(other)) => text[one.clone()] == of[other.clone()],
        (Segment::Dollar(_), Segment::Dollar(_)) => true,
        (Segment::Expression(one), Segment::Expression(other)) => {
            is_same_expression((one, text), (other, of))
        }
        _ => false,
    };
    one.len() == other.len() && one.iter().zip(other).all(is_same)
}

#[cfg(test)]
mod tests {
    use super::super::expression::split;
    use super::*;
    use crate::source::{Sources, Span};

    /// The slots of a text.
    fn slots(text: &str) -> Vec<Slot> {
        let slot = |segment| match segment {
            Segment::Expression(expression) => Some(Slot {
                text: text.into(),
                span: Span::new(Sources::default().add("", String::new()), 0..0),
                expression: *expression,
                default: None,
                is_unquoted: false,
            }),
            Segment::Text(_) | Segment::Dollar(_) => None,
        };
        split(text).unwrap().into_iter().filter_map(slot).collect()
    }

    #[test]
    fn expressions_are_compared_by_their_contents() {
        for equal in [
            "${a} and ${ a }",
            "${a:=b$$c} ${a:-b$$c}",
            "${a:=${b:=${c}}x} ${a:=${b:=${ c }}x}",
            "${a/b/${c}} ${a/b/${c}}",
        ] {
            let slots = slots(equal);
            assert_eq!(slots[0], slots[1], "{equal}");
        }
        // In each of these, the ranges of both are the same bytes of their text.
        for (one, other) in [
            ("${a}", "${b}"),
            ("${a.b}", "${a_b}"),
            ("${a:=b}", "${a:=c}"),
            ("${a:=$$}", "${a:=$b}"),
            ("${a/b/c}", "${a/b/d}"),
            ("${a//b/c}", "${a/b/cd}"),
            ("${a#b}", "${a%b}"),
            ("${a:=${b}}", "${a:=${c}}"),
        ] {
            assert_ne!(slots(one), slots(other), "{one} {other}");
        }
    }
}

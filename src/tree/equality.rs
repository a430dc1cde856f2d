//! Equality of trees, which ignores source locations and files.

use super::data::{ExpressionSlot, Key, Node};
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

/// Slots are equal if their expressions have the same path, operation and arguments. Ranges and source
/// strings differ between files, and the parsed default depends only on its source string.
impl PartialEq for ExpressionSlot {
    fn eq(&self, other: &Self) -> bool {
        self.is_unquoted == other.is_unquoted
            && is_same_expression(
                (&self.expression, &self.text),
                (&other.expression, &other.text),
            )
    }
}

/// A part of an expression, and the source string to which its ranges refer.
type WithSource<'a, T> = (&'a T, &'a str);

fn is_same_expression(
    (left, left_source): WithSource<'_, Expression>,
    (right, right_source): WithSource<'_, Expression>,
) -> bool {
    let is_same = |left: &[Segment], right: &[Segment]| {
        is_same_text((left, left_source), (right, right_source))
    };
    left.path == right.path
        && match (&left.operation, &right.operation) {
            (Operation::None, Operation::None) => true,
            (Operation::Default(left), Operation::Default(right)) => is_same(left, right),
            (
                Operation::Call {
                    function,
                    arguments,
                },
                Operation::Call {
                    function: right_function,
                    arguments: right_arguments,
                },
            ) => {
                function == right_function
                    && arguments.len() == right_arguments.len()
                    && arguments
                        .iter()
                        .zip(right_arguments)
                        .all(|(a, b)| is_same(a, b))
            }
            _ => false,
        }
}

fn is_same_text(
    (left, left_source): WithSource<'_, [Segment]>,
    (right, right_source): WithSource<'_, [Segment]>,
) -> bool {
    let is_same = |(left, right): (&Segment, &Segment)| match (left, right) {
        (Segment::Text(left), Segment::Text(right)) => {
            left_source[left.clone()] == right_source[right.clone()]
        }
        (Segment::Dollar(_), Segment::Dollar(_)) => true,
        (Segment::Expression(left), Segment::Expression(right)) => {
            is_same_expression((left, left_source), (right, right_source))
        }
        _ => false,
    };
    left.len() == right.len() && left.iter().zip(right).all(is_same)
}

#[cfg(test)]
mod tests {
    use super::super::expression::split;
    use super::*;
    use crate::source::{Sources, Span};

    /// Returns the expressions of a string.
    fn slots(text: &str) -> Vec<ExpressionSlot> {
        let slot = |segment| match segment {
            Segment::Expression(expression) => Some(ExpressionSlot {
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
        // In each pair, both expressions have the same ranges.
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

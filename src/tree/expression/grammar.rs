//! The parts of an expression, and the variables that it refers to.

use std::ops::Range;

use super::function::Function;

/// Maximum nesting depth of expressions: `${a:=${b}}` has depth 2.
pub const MAX_DEPTH: usize = 64;

/// Maximum number of reported errors per string.
pub const MAX_ERRORS: usize = 1000;

/// A segment of a string with expressions.
///
/// All ranges are byte ranges of the string passed to [`split`](super::split). The segments of a whole
/// string are adjacent and cover it. The segments of an argument omit the backslashes of the escapes `\/`
/// and `\\`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// A literal.
    Text(Range<usize>),
    /// `$$`, which represents one `$`.
    Dollar(Range<usize>),
    /// `${…}`.
    Expression(Box<Expression>),
}

/// One `${…}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// The variable, then the keys that select a field: `["a", "b"]` for `${a.b}`; never empty.
    pub path: Vec<String>,
    /// The operation on the value of the variable.
    pub operation: Operation,
    /// Range from `$` to after `}`.
    pub range: Range<usize>,
}

/// The operation of an [`Expression`] on the value of its variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// `${V}`: no operation.
    None,
    /// `${V:=d}`, also written `=`, `:-`, `:?` and `:+`: `d` replaces an unset or empty value.
    /// If `d` has no segments, the variable is required, as in `${V}`.
    Default(Vec<Segment>),
    /// A function call.
    Call {
        /// The function.
        function: Function,
        /// One entry per argument; never an empty one.
        arguments: Vec<Vec<Segment>>,
    },
}

/// A syntax error of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte range of the error in the string passed to [`split`](super::split).
    pub range: Range<usize>,
    /// The message: lower case, without a final period.
    pub message: String,
    /// The help.
    pub help: Option<String>,
}

/// A reference to a variable in a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference<'a> {
    /// See [`Expression::path`].
    pub path: &'a [String],
    /// See [`Expression::range`].
    pub range: Range<usize>,
    /// Whether the reference has no default, or an empty one: an unset variable is an error.
    pub required: bool,
    /// Whether the reference is in the default of another, and so is evaluated only if that default is used.
    pub conditional: bool,
}

/// Returns `true` if a string is a valid name of a variable in expressions.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_name_char)
}

pub(super) fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns every reference in `segments`, including nested ones, in document order.
pub fn references(segments: &[Segment]) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    collect(segments, false, &mut found);
    found
}

fn collect<'a>(segments: &'a [Segment], conditional: bool, found: &mut Vec<Reference<'a>>) {
    for segment in segments {
        if let Segment::Expression(expression) = segment {
            expression.collect(conditional, found);
        }
    }
}

impl Expression {
    /// Returns the variables that the expression mentions, in the order of their `${`.
    pub fn references(&self) -> Vec<Reference<'_>> {
        let mut found = Vec::new();
        self.collect(false, &mut found);
        found
    }

    fn collect<'a>(&'a self, conditional: bool, found: &mut Vec<Reference<'a>>) {
        let required =
            !matches!(&self.operation, Operation::Default(default) if !default.is_empty());
        found.push(Reference {
            path: &self.path,
            range: self.range.clone(),
            required,
            conditional,
        });
        match &self.operation {
            Operation::None => {}
            Operation::Default(default) => collect(default, true, found),
            Operation::Call { arguments, .. } => {
                for argument in arguments {
                    collect(argument, conditional, found);
                }
            }
        }
    }
}

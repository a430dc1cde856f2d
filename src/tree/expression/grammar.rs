//! The parts of an expression, and the variables that it refers to.

use std::ops::Range;

use super::function::Function;

/// How deep expressions may be nested: `${a:=${b}}` is two deep.
pub const MAX_DEPTH: usize = 64;

/// How many mistakes of one text are reported.
pub const MAX_ERRORS: usize = 1000;

/// A piece of a text with expressions. All ranges count bytes of the text given to [`split`](super::split).
///
/// The pieces of a whole text lie side by side and cover it. Those of an argument leave out the
/// backslashes that `\/` and `\\` lose there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Stands for the bytes themselves.
    Text(Range<usize>),
    /// `$$`, which stands for one `$`.
    Dollar(Range<usize>),
    /// `${…}`.
    Expression(Box<Expression>),
}

/// One `${…}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// The variable, then the keys that lead into it: `${a.b}` is `["a", "b"]`; never empty.
    pub path: Vec<String>,
    /// What is done with the variable's value.
    pub operation: Operation,
    /// From `$` to after `}`.
    pub range: Range<usize>,
}

/// What an [`Expression`] does with the value of its variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// `${V}`: nothing.
    None,
    /// `${V:=d}`, also written `=`, `:-`, `:?` and `:+`: `d` stands in for an unset or empty value.
    /// Without any segment the variable is as required as in `${V}`.
    Default(Vec<Segment>),
    /// A function with as many arguments as it was given.
    Call {
        /// What is called.
        function: Function,
        /// One entry per argument; never an empty one.
        arguments: Vec<Vec<Segment>>,
    },
}

/// Something in a text that starts like an expression and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What to point at: bytes of the text given to [`split`](super::split).
    pub range: Range<usize>,
    /// What is wrong: lowercase, without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// A variable that a text mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference<'a> {
    /// As [`Expression::path`].
    pub path: &'a [String],
    /// As [`Expression::range`].
    pub range: Range<usize>,
    /// Whether it is without a default, or with an empty one: unset, it is a mistake.
    pub required: bool,
    /// Whether it stands in the default of another, and so matters only where that one is used.
    pub conditional: bool,
}

/// Whether a text is a name, as expressions have it.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_of_name)
}

pub(super) fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Every variable that `segments` mention, nested ones too, in the order of their `${`.
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

//! The types of a tree.

use std::rc::Rc;

use super::expression::Expression;
use crate::source::Span;

/// A value and its source location.
#[derive(Clone, Debug)]
pub struct Node {
    /// Source location of the value; for an alias, the location of the alias.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A scalar, a sequence or a mapping. Collections are shared: an alias costs no copy.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A scalar, typed by its style and its string.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Rc<[Node]>),
    /// A mapping in document order; keys are unique after substitution.
    Mapping(Rc<[Entry]>),
}

/// A scalar as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// Style: plain scalars are typed by their string, all others are strings.
    pub style: Style,
    /// The string after YAML unescaping.
    pub text: Text,
}

/// The style of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Unquoted: a number, a boolean, null or a string, depending on the contents.
    Plain,
    /// Quoted or a block: always a string.
    Quoted,
}

/// A string that can contain expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum Text {
    /// A string without expressions.
    Literal(Rc<str>),
    /// A string with at least one expression.
    Parts(Rc<[Part]>),
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A string without expressions.
    Literal(Rc<str>),
    /// `$$`, which evaluates to `$`.
    Dollar,
    /// `${…}`.
    Expression(Rc<ExpressionSlot>),
    /// A tree as YAML, such as the values of a chart. Has no syntax in input files.
    Yaml(Rc<Embedded>),
    /// The name of a rotated object, which contains a content hash. Has no syntax in input files.
    Rotated(Rc<RotatedName>),
}

/// A tree that is embedded in a string as YAML, with mappings sorted by key.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// The tree.
    pub tree: Node,
    /// Expressions of a template engine that evaluates the string later, as strings at the leaves of a
    /// mapping. They override the tree.
    pub runtime: Option<Node>,
    /// Whether a Go template engine evaluates the string, so that `{{` in the tree must be escaped.
    pub is_template: bool,
}

/// The name of a rotated object.
#[derive(Clone, Debug, PartialEq)]
pub struct RotatedName {
    /// Index into [`Plan::rotated`](crate::plan::Plan::rotated).
    pub index: usize,
    /// The name in the template.
    pub written: Text,
}

/// An expression in a template, with its source.
#[derive(Clone, Debug)]
pub struct ExpressionSlot {
    /// Source string to which the ranges of the expression refer.
    pub text: Rc<str>,
    /// Location of the expression.
    pub span: Span,
    /// The parsed expression.
    pub expression: Expression,
    /// Default parsed as a YAML flow value. It is the value of a plain scalar that consists of only this
    /// expression, if the variable is unset.
    pub default: Option<Node>,
    /// Whether the expression is a whole plain scalar that must be a string. If so, a quoted default
    /// evaluates to its contents without the quotes.
    pub is_unquoted: bool,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// Its value.
    pub value: Node,
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub struct Key {
    /// Source location of the key.
    pub span: Span,
    /// The key; `<<` for a merge key.
    pub text: Text,
    /// The role of the entry.
    pub role: Role,
    /// Whether the key ends with a `?`: the entry is omitted if its value refers to something that is
    /// not set. `text` does not contain the `?`.
    pub is_optional: bool,
}

/// The key of a [`Role::Case`].
pub const CASE: &str = "$case";

/// The role of an entry of a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A key and its value.
    Name,
    /// An unquoted `<<` whose value is a variable, whose entries are merged into the mapping. If the style of
    /// the value is [`Style::Quoted`], their scalars become strings.
    Spread,
    /// `$each`, whose value is a variable: the mapping, which is an item of a sequence, is repeated for each
    /// entry of the variable.
    Each,
    /// `$json`, whose value is a tree: the mapping, which has no other key, represents the JSON string of the
    /// tree.
    Json,
    /// `$case`, whose value is an expression: the mapping represents the value of the key that equals the
    /// value of the expression. It is the first entry; the others have [`Role::Name`].
    Case,
    /// `$item`, next to a `$each`: each repetition produces this value instead of the mapping.
    Item,
}

//! The types of a tree.

use std::rc::Rc;

use super::expression::Expression;
use crate::source::Span;

/// A value and the place where it was written.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it was written; for an alias, where it is used.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A scalar, a sequence or a mapping. Collections are shared: an alias costs no copy.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A scalar, typed by its style and text.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Rc<[Node]>),
    /// A mapping, in the author's order; keys are unique once nothing is left to fill.
    Mapping(Rc<[Entry]>),
}

/// A scalar as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// Plain scalars are typed by their text, all others are strings.
    pub style: Style,
    /// The text after YAML's own unescaping.
    pub text: Text,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Unquoted: a number, a boolean, null or a string, as its text says.
    Plain,
    /// Quoted or a block: always a string.
    Quoted,
}

/// A text, perhaps with expressions to fill.
#[derive(Clone, Debug, PartialEq)]
pub enum Text {
    /// Text that is final.
    Literal(Rc<str>),
    /// Text with at least one expression.
    Parts(Rc<[Part]>),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text that is final.
    Literal(Rc<str>),
    /// `$$`, which fills to `$`.
    Dollar,
    /// `${…}`.
    Expression(Rc<Slot>),
    /// A tree as YAML. Nobody writes this: it is how values reach a chart.
    Yaml(Rc<Embedded>),
    /// The name of an object, which follows its content. Nobody writes this, either.
    Rotated(Rc<RotatedName>),
}

/// A tree that stands in a text as YAML, its mappings sorted by key.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// The tree.
    pub tree: Node,
    /// Expressions of an engine that reads the text later, as texts at the leaves of a mapping. They
    /// win over the tree.
    pub runtime: Option<Node>,
    /// Whether an engine of Go templates reads the text: `{{` in the tree is then escaped.
    pub is_template: bool,
}

/// The name of an object that is rotated.
#[derive(Clone, Debug, PartialEq)]
pub struct RotatedName {
    /// An index into [`Plan::rotated`](crate::plan::Plan::rotated).
    pub index: usize,
    /// The name as the template writes it.
    pub written: Text,
}

/// An expression in a template, ready to be filled.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The text whose bytes the expression's ranges count.
    pub text: Rc<str>,
    /// Where the expression stands.
    pub span: Span,
    /// What it says.
    pub expression: Expression,
    /// Its default, read as a YAML flow value: what stands in a plain scalar that is this
    /// expression and nothing else, where the variable is unset.
    pub default: Option<Node>,
    /// Whether a text is wanted where the expression is a plain scalar of its own. A default that is
    /// a quoted text then gives what is in the quotes.
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
    /// Where it was written.
    pub span: Span,
    /// The key; for a spread the text is `<<`.
    pub text: Text,
    /// What the entry is.
    pub role: Role,
    /// Whether the key ends with a `?`: the entry is omitted if its value refers to something that is
    /// not set. The text is without the `?`.
    pub is_optional: bool,
}

/// The key of a [`Role::Case`].
pub const CASE: &str = "$case";

/// What an entry of a mapping is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A value under a name.
    Name,
    /// An unquoted `<<` whose value is a variable: its entries are spread here. If the value's style
    /// is [`Style::Quoted`], their scalars become strings.
    Spread,
    /// `$each`, whose value is a variable: the mapping, which is an item of a list, is repeated for
    /// each of its entries.
    Each,
    /// `$json`, whose value is a tree: the mapping, which says nothing else, stands for a text, which is
    /// that tree as JSON.
    Json,
    /// `$case`, whose value is an expression: the mapping stands for the value of the key that equals the
    /// expression's value. It is the first entry; the others are names.
    Case,
    /// `$item`, next to a `$each`: each repetition gives this value instead of the mapping.
    Item,
}

//! Data with places: what is read, what variables hold, what templates are and what is printed.
//!
//! One type serves all stages. A text of a template may hold expressions; filling gives the same
//! tree without them. Scalars keep the author's text and its style, and are typed only when they
//! are printed or checked, so `1.10` is not 1.1 before somebody asks for a number.

mod shape;

use std::borrow::Cow;
use std::rc::Rc;

use crate::source::Span;
use crate::template::expression::{Expression, Operation, Segment};
pub use shape::Shape;

/// A value and the place where it was written.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Where it was written.
    pub span: Span,
    /// The key; for a spread the text is `<<`.
    pub text: Text,
    /// What the entry is.
    pub role: Role,
}

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
}

impl Key {
    /// Whether a map is spread here.
    pub fn is_spread(&self) -> bool {
        self.role == Role::Spread
    }

    /// Whether the key itself is still to fill, or stands for something else.
    pub fn is_open(&self) -> bool {
        self.role != Role::Name || self.text.literal().is_none()
    }
}

impl Slot {
    /// Whether the default begins as a list or a map and could not be read as one.
    pub fn is_default_unclosed(&self) -> bool {
        let Operation::Default(segments) = &self.expression.operation else {
            return false;
        };
        let first = match segments.first() {
            Some(Segment::Text(range)) => self.text.get(range.clone()).unwrap_or_default(),
            _ => "",
        };
        self.default.is_none() && first.starts_with(['[', '{'])
    }
}

impl Scalar {
    /// The text, where one is wanted whatever the scalar looks like.
    pub fn as_text(&self) -> Text {
        let slot = self.text.sole_slot().filter(|_| self.style == Style::Plain);
        let is_scalar = |default: &Node| default.as_scalar().is_some();
        match slot {
            Some(slot) if slot.default.as_ref().is_some_and(is_scalar) => {
                let slot = Slot {
                    is_unquoted: true,
                    ..(**slot).clone()
                };
                Text::Parts([Part::Expression(Rc::new(slot))].into())
            }
            _ => self.text.clone(),
        }
    }
}

impl Text {
    /// The text, where there is nothing to fill.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Parts(_) => None,
        }
    }

    /// The pieces that the text is made of.
    pub fn parts(&self) -> Vec<Part> {
        match self {
            Self::Literal(text) => vec![Part::Literal(Rc::clone(text))],
            Self::Parts(parts) => parts.to_vec(),
        }
    }

    /// The text that is made of pieces.
    pub fn joined(parts: impl Iterator<Item = Part>) -> Self {
        let parts: Rc<[Part]> = parts.collect();
        let literal = |part: &Part| match part {
            Part::Literal(text) => Some(Rc::clone(text)),
            _ => None,
        };
        let literals: Option<Vec<Rc<str>>> = parts.iter().map(literal).collect();
        match literals {
            Some(literals) => Self::Literal(literals.concat().into()),
            None => Self::Parts(parts),
        }
    }

    /// The text as the author wrote it, where expressions have no meaning.
    pub fn as_written(&self) -> Rc<str> {
        match self {
            Self::Literal(text) => Rc::clone(text),
            Self::Parts(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Literal(text) => Cow::Borrowed(&**text),
                    Part::Dollar => Cow::Borrowed("$$"),
                    Part::Expression(slot) => {
                        Cow::Borrowed(&slot.text[slot.expression.range.clone()])
                    }
                    Part::Yaml(_) => Cow::Borrowed("…"),
                    Part::Rotated(name) => {
                        Cow::Owned(format!("{}-…{}", name.written.as_written(), name.index))
                    }
                })
                .collect::<String>()
                .into(),
        }
    }

    /// The expressions of the text.
    pub fn slots(&self) -> impl Iterator<Item = &Rc<Slot>> {
        let parts: &[Part] = match self {
            Self::Literal(_) => &[],
            Self::Parts(parts) => parts,
        };
        parts.iter().flat_map(|part| match part {
            Part::Literal(_) | Part::Dollar | Part::Yaml(_) => Vec::new(),
            Part::Expression(slot) => vec![slot],
            Part::Rotated(name) => name.written.slots().collect(),
        })
    }

    /// The expression that is the whole text.
    pub fn sole_slot(&self) -> Option<&Rc<Slot>> {
        match self {
            Self::Parts(parts) => match &**parts {
                [Part::Expression(slot)] => Some(slot),
                _ => None,
            },
            Self::Literal(_) => None,
        }
    }
}

impl Node {
    /// A string that nobody wrote, with the place that it belongs to.
    pub fn string(span: Span, text: &str) -> Self {
        Self::scalar(span, Style::Quoted, text.into())
    }

    /// A scalar without expressions.
    pub fn scalar(span: Span, style: Style, text: Rc<str>) -> Self {
        Self {
            span,
            value: Value::Scalar(Scalar {
                style,
                text: Text::Literal(text),
            }),
        }
    }

    /// A mapping.
    pub fn mapping(span: Span, entries: Vec<Entry>) -> Self {
        Self {
            span,
            value: Value::Mapping(entries.into()),
        }
    }

    /// The entries, if this is a mapping.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if this is a sequence.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entry of a literal key, if this is a mapping that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?
            .iter()
            .find(|entry| entry.key.text.literal() == Some(key))
    }

    /// The value of a literal key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The scalar, if this is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar without expressions, whatever its type.
    pub fn text(&self) -> Option<&str> {
        self.as_scalar()?.text.literal()
    }

    /// The variable that this item of a list is repeated for.
    pub fn each(&self) -> Option<&Rc<Slot>> {
        let mut entries = self.entries()?.iter();
        let each = entries.find(|entry| entry.key.role == Role::Each)?;
        each.value.as_scalar()?.text.sole_slot()
    }

    /// The tree that this mapping is the JSON of, as a text.
    pub fn json(&self) -> Option<&Self> {
        let mut entries = self.entries()?.iter();
        let json = entries.find(|entry| entry.key.role == Role::Json)?;
        Some(&json.value)
    }

    /// Whether nothing is left to fill, here and below.
    pub fn is_literal(&self) -> bool {
        match &self.value {
            Value::Scalar(scalar) => scalar.text.literal().is_some(),
            Value::Sequence(items) => items.iter().all(Self::is_literal),
            Value::Mapping(entries) => entries
                .iter()
                .all(|entry| !entry.key.is_open() && entry.value.is_literal()),
        }
    }

    /// How many nodes there are, here and below.
    pub fn count(&self) -> usize {
        1 + match &self.value {
            Value::Scalar(_) => 0,
            Value::Sequence(items) => items.iter().map(Self::count).sum(),
            Value::Mapping(entries) => entries.iter().map(|entry| entry.value.count()).sum(),
        }
    }

    /// Whether both say the same, wherever they were written.
    pub fn is_equal(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar(one), Value::Scalar(other)) => one == other,
            (Value::Sequence(one), Value::Sequence(other)) => {
                one.len() == other.len() && one.iter().zip(&**other).all(|(a, b)| a.is_equal(b))
            }
            (Value::Mapping(one), Value::Mapping(other)) => {
                let same = |(a, b): (&Entry, &Entry)| {
                    a.key.text == b.key.text && a.value.is_equal(&b.value)
                };
                one.len() == other.len() && one.iter().zip(&**other).all(same)
            }
            _ => false,
        }
    }

    /// Every text of the tree, keys included, in the author's order.
    pub fn each_text<'a>(&'a self, visit: &mut dyn FnMut(&'a Text, Span)) {
        match &self.value {
            Value::Scalar(scalar) => visit(&scalar.text, self.span),
            Value::Sequence(items) => items.iter().for_each(|item| item.each_text(visit)),
            Value::Mapping(entries) => {
                for entry in entries.iter() {
                    visit(&entry.key.text, entry.key.span);
                    entry.value.each_text(visit);
                }
            }
        }
    }
}

impl Entry {
    /// An entry with a literal key that nobody wrote.
    pub fn new(key: &str, value: Node) -> Self {
        Self {
            key: Key {
                span: value.span,
                text: Text::Literal(key.into()),
                role: Role::Name,
            },
            value,
        }
    }
}

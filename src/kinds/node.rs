//! A part of a schema, as one line of the data represents it.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value as Json;

/// A part of a schema: what a value must be. Without members, every value is valid.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of the schema"
)]
pub struct Schema {
    /// The type; `None` for any.
    #[serde(rename = "t")]
    pub kind: Option<Type>,
    /// Whether null is a value; otherwise it means that the field is not set.
    #[serde(rename = "z")]
    pub is_nullable: bool,
    /// The fields of a mapping.
    #[serde(rename = "p")]
    pub fields: BTreeMap<String, Child>,
    /// The fields that must be set.
    #[serde(rename = "r")]
    pub required: Vec<String>,
    /// The schema of all other fields.
    #[serde(rename = "*")]
    pub others: Option<Child>,
    /// Whether other fields are allowed without a schema.
    #[serde(rename = "u")]
    pub keeps_unknown: bool,
    /// Whether the mapping is an object with `apiVersion`, `kind` and `metadata`.
    #[serde(rename = "m")]
    pub is_object: bool,
    /// The schema of the items of a sequence.
    #[serde(rename = "l")]
    pub items: Option<Child>,
    /// The fields that identify an item of a sequence.
    #[serde(rename = "k")]
    pub keys: Vec<String>,
    /// Whether the items of a sequence must differ.
    #[serde(rename = "d")]
    pub is_set: bool,
    /// The valid values.
    #[serde(rename = "e")]
    pub values: Vec<Json>,
    /// A regular expression that must match in a string.
    #[serde(rename = "re")]
    pub pattern: Option<String>,
    /// The name of a format.
    #[serde(rename = "f")]
    pub format: Option<String>,
    /// The smallest number.
    #[serde(rename = "lo")]
    pub minimum: Option<f64>,
    /// The largest number.
    #[serde(rename = "hi")]
    pub maximum: Option<f64>,
    /// Whether the smallest number itself is excluded.
    #[serde(rename = "xlo")]
    pub excludes_minimum: bool,
    /// Whether the largest number itself is excluded.
    #[serde(rename = "xhi")]
    pub excludes_maximum: bool,
    /// A number of which a number must be a multiple.
    #[serde(rename = "of")]
    pub multiple_of: Option<f64>,
    /// Minimum number of characters, items or fields.
    #[serde(rename = "n0")]
    pub min_count: Option<usize>,
    /// Maximum number of characters, items or fields.
    #[serde(rename = "n1")]
    pub max_count: Option<usize>,
    /// Schemas of which at least one must match.
    pub any: Vec<Child>,
    /// Schemas that must all match.
    pub all: Vec<Child>,
    /// Schemas of which exactly one must match.
    pub one: Vec<Child>,
    /// A schema that must not match.
    pub not: Option<Child>,
    /// The compiled pattern; `None` if it has syntax that is not supported.
    #[serde(skip)]
    pub(super) compiled: OnceCell<Option<Regex>>,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub enum Type {
    /// A mapping.
    #[serde(rename = "o")]
    Mapping,
    /// A sequence.
    #[serde(rename = "a")]
    Sequence,
    /// A string.
    #[serde(rename = "s")]
    String,
    /// An integer.
    #[serde(rename = "i")]
    Integer,
    /// A number.
    #[serde(rename = "n")]
    Number,
    /// A boolean.
    #[serde(rename = "b")]
    Boolean,
    /// An integer or a string.
    #[serde(rename = "x")]
    IntegerOrString,
}

/// A part of a part.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Child {
    /// The number of its line.
    Number(usize),
    /// The letter of a type without other restrictions, or `?` for any value.
    Plain(String),
}

impl Schema {
    /// Returns a schema that restricts only the type.
    pub(super) fn plain(letter: &str) -> Self {
        let kind = match letter {
            "o" => Some(Type::Mapping),
            "a" => Some(Type::Sequence),
            "s" => Some(Type::String),
            "i" => Some(Type::Integer),
            "n" => Some(Type::Number),
            "b" => Some(Type::Boolean),
            "x" => Some(Type::IntegerOrString),
            _ => None,
        };
        Self {
            kind,
            keeps_unknown: kind.is_none(),
            ..Self::default()
        }
    }

    /// Returns `true` if every string is valid.
    pub fn accepts_any_string(&self) -> bool {
        matches!(self.kind, None | Some(Type::String | Type::IntegerOrString))
            && self.values.is_empty()
            && self.pattern.is_none()
            && self.format.is_none()
            && self.min_count.is_none()
            && self.max_count.is_none()
            && !self.has_alternatives()
    }

    /// Returns `true` if every value is valid.
    pub fn accepts_anything(&self) -> bool {
        self.kind.is_none()
            && self.fields.is_empty()
            && self.others.is_none()
            && self.required.is_empty()
            && self.items.is_none()
            && self.accepts_any_string()
    }

    /// Returns `true` for the schema of an alternative, which restricts some fields and does not define all.
    pub(super) fn is_partial(&self) -> bool {
        self.kind.is_none()
    }

    /// Returns `true` if other schemas decide, too, whether a value is valid.
    pub fn has_alternatives(&self) -> bool {
        !(self.any.is_empty() && self.all.is_empty() && self.one.is_empty() && self.not.is_none())
    }

    /// Returns `true` if the pattern matches in a string, or there is none.
    pub(super) fn matches(&self, text: &str) -> bool {
        let Some(pattern) = &self.pattern else {
            return true;
        };
        let compiled = self.compiled.get_or_init(|| compile(pattern).ok());
        compiled.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}

/// Compiles a pattern in the syntax of Go, in which `[` inside brackets is a character.
pub(super) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    Regex::new(&escape_brackets(pattern))
}

/// Escapes each `[` inside brackets, except in a class such as `[:alpha:]`.
fn escape_brackets(pattern: &str) -> String {
    let mut escaped = String::with_capacity(pattern.len());
    let mut characters = pattern.chars().peekable();
    let mut is_inside = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                escaped.push(character);
                escaped.extend(characters.next());
                continue;
            }
            '[' if is_inside && characters.peek() != Some(&':') => escaped.push('\\'),
            '[' if !is_inside => {
                is_inside = true;
                escaped.push(character);
                // A `]` at the beginning is a character, too.
                if characters.peek() == Some(&'^') {
                    escaped.extend(characters.next());
                }
                if characters.peek() == Some(&']') {
                    escaped.push('\\');
                    escaped.extend(characters.next());
                }
                continue;
            }
            '[' => {
                // The end of a class does not end the brackets.
                escaped.push(character);
                for inner in characters.by_ref() {
                    escaped.push(inner);
                    if inner == ']' {
                        break;
                    }
                }
                continue;
            }
            ']' => is_inside = false,
            _ => {}
        }
        escaped.push(character);
    }
    escaped
}

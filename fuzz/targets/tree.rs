//! Trees with variables, in the style of a template's author.

use libfuzzer_sys::arbitrary::{self, Arbitrary};

use crate::written::{carried, mapping, quoted, sequence};

/// A value.
#[derive(Clone, Debug, Arbitrary)]
pub enum Tree {
    Nothing,
    Truth(bool),
    Number(i8),
    Text(Word),
    /// Only a variable, which can become any value, possibly with a sequence as default.
    Variable(u8, bool),
    /// A variable in a string.
    Texts(u8),
    List(Vec<Tree>),
    Map(Vec<(Key, Tree)>),
}

#[derive(Clone, Debug, Arbitrary)]
pub enum Word {
    Known(u8),
    Free(String),
}

/// A key.
#[derive(Clone, Debug, Arbitrary)]
pub enum Key {
    Known(u8),
    /// One of two keys.
    OftenKnown(u8),
    /// A string and a variable.
    Variable(u8),
    /// `<<`, whose value must be only a variable.
    Spread(u8),
}

/// Maximum depth of a tree.
const DEPTH: usize = 4;
/// Number of variables.
pub const VARIABLES: usize = 6;

const WORDS: [&str; 12] = [
    "", "x", "1", "1.0", "true", "null", "~", "yes", "012", "a: b", "$", "- a\n",
];

const KEYS: [&str; 8] = ["a", "b", "-", "0", "1", "", "a/b", "m~n"];

/// Any variable.
fn any(number: u8) -> String {
    format!("${{V{}}}", usize::from(number) % VARIABLES)
}

/// A variable with a scalar value.
fn scalar(number: u8) -> String {
    format!("${{V{}}}", number % 2)
}

/// A variable with a mapping as value.
fn map(number: u8) -> String {
    format!("${{V{}}}", 2 + number % 2)
}

/// The YAML of the variables' values: scalars, mappings, and arbitrary values.
pub fn variables(values: &[Tree; VARIABLES]) -> String {
    let value = |(number, value): (usize, &Tree)| {
        let value = match (number, value.literal().pruned()) {
            (0 | 1, Tree::Nothing | Tree::List(_) | Tree::Map(_)) => Tree::Number(7),
            (2 | 3, value) if !matches!(value, Tree::Map(_)) => {
                Tree::Map(vec![(Key::Known(0), value)])
            }
            (_, value) => value,
        };
        (format!("V{number}"), value.written())
    };
    mapping(values.iter().enumerate().map(value))
}

/// A key that many trees have.
pub fn known(key: u8) -> &'static str {
    KEYS[usize::from(key) % KEYS.len()]
}

impl Word {
    fn text(&self) -> String {
        match self {
            Self::Known(word) => WORDS[usize::from(*word) % WORDS.len()].to_owned(),
            Self::Free(text) => carried(text),
        }
    }
}

impl Key {
    fn written(&self) -> String {
        match self {
            Self::Known(_) | Self::OftenKnown(_) => quoted(self.known().unwrap_or_default()),
            Self::Variable(number) => format!("\"k-{}\"", scalar(*number)),
            Self::Spread(_) => "<<".to_owned(),
        }
    }

    /// Returns the key if it is a string.
    pub fn known(&self) -> Option<&'static str> {
        match self {
            Self::Known(key) => Some(known(*key)),
            Self::OftenKnown(key) => Some(known(*key % 2)),
            Self::Variable(_) | Self::Spread(_) => None,
        }
    }

    /// Returns `true` if both are the same string, or the same string with the same variable.
    pub fn is_same(&self, other: &Self) -> bool {
        !self.is_spread() && self.written() == other.written()
    }

    pub fn is_spread(&self) -> bool {
        matches!(self, Self::Spread(_))
    }
}

impl Tree {
    /// Returns the tree without values that are too deep and without duplicate keys.
    pub fn pruned(&self) -> Self {
        self.pruned_to(DEPTH)
    }

    fn pruned_to(&self, depth: usize) -> Self {
        match self {
            Self::List(_) | Self::Map(_) if depth == 0 => Self::Nothing,
            Self::List(items) => {
                Self::List(items.iter().map(|item| item.pruned_to(depth - 1)).collect())
            }
            Self::Map(entries) => {
                let mut seen = Vec::new();
                let mut kept = Vec::new();
                for (key, value) in entries {
                    let name = key.written();
                    if !seen.contains(&name) {
                        seen.push(name);
                        kept.push((key.clone(), value.pruned_to(depth - 1)));
                    }
                }
                Self::Map(kept)
            }
            other => other.clone(),
        }
    }

    /// Returns the tree with strings instead of its variables.
    pub fn literal(&self) -> Self {
        match self {
            Self::Variable(number, _) | Self::Texts(number) => Self::Text(Word::Known(*number)),
            Self::List(items) => Self::List(items.iter().map(Self::literal).collect()),
            Self::Map(entries) => {
                let entry = |(key, value): &(Key, Self)| match key {
                    Key::Known(key) | Key::OftenKnown(key) | Key::Variable(key) => {
                        Some((Key::Known(*key), value.literal()))
                    }
                    Key::Spread(_) => None,
                };
                Self::Map(entries.iter().filter_map(entry).collect())
            }
            other => other.clone(),
        }
    }

    /// Returns `true` if a tree or a key in this tree satisfies a condition.
    pub fn any(&self, tree: fn(&Self) -> bool, key: fn(&Key) -> bool) -> bool {
        tree(self)
            || match self {
                Self::List(items) => items.iter().any(|item| item.any(tree, key)),
                Self::Map(entries) => entries
                    .iter()
                    .any(|(name, value)| key(name) || value.any(tree, key)),
                _ => false,
            }
    }

    pub fn has_variable(&self) -> bool {
        self.any(
            |tree| matches!(tree, Self::Variable(..) | Self::Texts(_)),
            |key| key.known().is_none(),
        )
    }

    /// Returns the tree as YAML in flow style.
    pub fn written(&self) -> String {
        match self {
            Self::Nothing => "null".to_owned(),
            Self::Truth(truth) => truth.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(word) => quoted(&word.text()),
            Self::Variable(number, false) => any(*number),
            Self::Variable(number, true) => any(*number).replace('}', ":=[1, x]}"),
            Self::Texts(number) => format!("\"x{}\"", scalar(*number)),
            Self::List(items) => sequence(items.iter().map(Self::written)),
            Self::Map(entries) => mapping(entries.iter().map(|(key, value)| {
                let value = match key {
                    Key::Spread(number) => map(*number),
                    _ => value.written(),
                };
                (key.written(), value)
            })),
        }
    }

    /// Returns each value that a JSON Pointer can address, with its pointer.
    pub fn places(&self, here: &str, found: &mut Vec<(String, Self)>) {
        found.push((here.to_owned(), self.clone()));
        match self {
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    item.places(&format!("{here}/{at}"), found);
                }
            }
            Self::Map(entries) => {
                for (key, value) in entries {
                    if let Some(key) = key.known() {
                        value.places(&format!("{here}/{}", token(key)), found);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Escapes a key for a JSON Pointer.
pub fn token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

//! Generated selectors, most of them valid in Kubernetes.

use std::collections::BTreeMap;

use libfuzzer_sys::arbitrary::{self, Arbitrary};

use crate::oracle::Tree;
use crate::written::carried;

#[derive(Debug, Arbitrary)]
pub struct Selector {
    oddity: u8,
    labels: Option<Vec<(Word, Odd)>>,
    expressions: Option<Vec<Expression>>,
    other: (Word, Odd),
}

#[derive(Debug, Arbitrary)]
enum Expression {
    In(Word, Vec<Word>),
    NotIn(Word, Vec<Word>),
    Exists(Word),
    DoesNotExist(Word),
    /// Each part is arbitrary.
    Any(Odd, Odd, Odd),
    /// There is an additional part.
    Extra(Word, Word, Odd),
}

#[derive(Debug, Arbitrary)]
pub enum Word {
    Known(u8),
    Free(String),
    /// A name with the maximum length or slightly more, possibly after such a prefix.
    Long(u8, u8),
}

/// Usually a keyword.
#[derive(Debug, Arbitrary)]
pub enum Odd {
    Word(Word),
    AlsoWord(Word),
    Number(i8),
    Truth(bool),
    Nothing,
    List(Vec<Odd>),
    Map(Vec<(Word, Odd)>),
}

/// The keys of labels; selectors use more.
pub const KEYS: [&str; 4] = ["a", "b", "x.example.org/c", "D_1"];

const VALUES: [&str; 6] = ["x", "y", "", "1", "true", "x.y_z-1"];

const WORDS: [&str; 32] = [
    "a",
    "b",
    "x.example.org/c",
    "D_1",
    "x",
    "y",
    "",
    "1",
    "true",
    "x.y_z-1",
    "In",
    "NotIn",
    "Exists",
    "DoesNotExist",
    "missing",
    "all",
    "key",
    "operator",
    "values",
    "matchLabels",
    "matchExpressions",
    "-a",
    "a b",
    "a/b/c",
    "/a",
    "a/",
    "X.org/a",
    "a..b/c",
    "a-",
    "in",
    "<<",
    "${a}",
];

impl Word {
    pub fn text(&self) -> String {
        match self {
            Self::Known(word) => WORDS[usize::from(*word) % WORDS.len()].to_owned(),
            // YAML limits a simple key to 1,024 characters, including escapes.
            Self::Free(text) => carried(text).chars().take(160).collect(),
            Self::Long(prefix, name) => {
                let prefix = "a".repeat([1, 252, 253, 254][usize::from(*prefix % 4)]);
                let text = "b".repeat([1, 62, 63, 64][usize::from(*name % 4)]);
                if *name < 128 {
                    text
                } else {
                    format!("{prefix}/{text}")
                }
            }
        }
    }

    /// An arbitrary number.
    fn number(&self) -> usize {
        match self {
            Self::Known(word) => usize::from(*word),
            Self::Free(text) => text.len(),
            Self::Long(prefix, name) => usize::from(*prefix) + usize::from(*name),
        }
    }

    /// A valid value of a label.
    pub fn value(&self) -> String {
        match self {
            Self::Free(text) => {
                let mut text = text.clone();
                text.retain(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
                text.truncate(63);
                let is_end = |c: char| !c.is_ascii_alphanumeric();
                text.trim_matches(is_end).to_owned()
            }
            _ => VALUES[self.number() % VALUES.len()].to_owned(),
        }
    }

    fn key(&self) -> String {
        KEYS[self.number() % KEYS.len()].to_owned()
    }

    fn tree(&self) -> Tree {
        Tree::Text(self.text())
    }

    /// Returns the generated word, or a usual one. Some words are usual even in unusual selectors.
    fn tree_unless(&self, is_odd: bool, usual: fn(&Self) -> String) -> Tree {
        match self {
            Self::Known(word) if *word >= 128 => Tree::Text(usual(self)),
            _ if is_odd => self.tree(),
            _ => Tree::Text(usual(self)),
        }
    }
}

impl Odd {
    pub fn tree(&self) -> Tree {
        match self {
            Self::Word(word) | Self::AlsoWord(word) => word.tree(),
            Self::Number(number) => Tree::Other(number.to_string()),
            Self::Truth(truth) => Tree::Other(truth.to_string()),
            Self::Nothing => Tree::Nothing,
            Self::List(items) => Tree::List(items.iter().map(Self::tree).collect()),
            Self::Map(entries) => map(entries),
        }
    }

    fn word(&self) -> Word {
        match self {
            Self::Word(Word::Known(word)) | Self::AlsoWord(Word::Known(word)) => Word::Known(*word),
            Self::Word(Word::Free(text)) | Self::AlsoWord(Word::Free(text)) => {
                Word::Free(text.clone())
            }
            _ => Word::Known(0),
        }
    }
}

fn map(entries: &[(Word, Odd)]) -> Tree {
    let entry = |(key, value): &(Word, Odd)| (key.text(), value.tree());
    Tree::Map(entries.iter().map(entry).collect())
}

fn expression(key: Tree, operator: &str, values: Option<Vec<Tree>>) -> Tree {
    let values = values.map(|values| ("values", Tree::List(values)));
    let known = [("key", key), ("operator", Tree::Text(operator.to_owned()))];
    let entries = known.into_iter().chain(values);
    Tree::Map(
        entries
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

impl Expression {
    fn tree(&self, is_odd: bool) -> Tree {
        let key = |word: &Word| word.tree_unless(is_odd, Word::key);
        let values = |values: &[Word]| {
            let value = |word: &Word| word.tree_unless(is_odd, Word::value);
            let none = values.is_empty() && !is_odd;
            let values = values.iter().map(value);
            Some(
                values
                    .chain(none.then(|| Tree::Text("x".to_owned())))
                    .collect(),
            )
        };
        match self {
            Self::In(name, listed) => expression(key(name), "In", values(listed)),
            Self::NotIn(name, listed) => expression(key(name), "NotIn", values(listed)),
            Self::Exists(name) => expression(key(name), "Exists", None),
            Self::DoesNotExist(name) => expression(key(name), "DoesNotExist", None),
            Self::Any(name, ..) if !is_odd => expression(key(&name.word()), "Exists", None),
            Self::Any(name, operator, values) => {
                let known = [("key", name), ("operator", operator), ("values", values)];
                let known = known.map(|(name, value)| (name.to_owned(), value.tree()));
                Tree::Map(known.into_iter().collect())
            }
            Self::Extra(name, extra, value) => {
                let mut tree = expression(key(name), "Exists", None);
                if let Tree::Map(entries) = &mut tree
                    && is_odd
                {
                    entries.push((extra.text(), value.tree()));
                }
                tree
            }
        }
    }
}

impl Selector {
    pub fn tree(&self) -> Tree {
        let is_odd = self.oddity > 150;
        let labels = self.labels.as_ref().map(|labels| {
            if is_odd {
                return map(labels);
            }
            let label = |(key, value): &(Word, Odd)| (key.key(), value.word().value());
            let labels: BTreeMap<String, String> = labels.iter().map(label).collect();
            Tree::Map(
                labels
                    .into_iter()
                    .map(|(key, value)| (key, Tree::Text(value)))
                    .collect(),
            )
        });
        let expressions = self.expressions.as_ref().map(|all| {
            let all = all.iter().take(if is_odd { usize::MAX } else { 4 });
            Tree::List(all.map(|one| one.tree(is_odd)).collect())
        });
        let known = [("matchLabels", labels), ("matchExpressions", expressions)];
        let known = known
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let (key, value) = &self.other;
        let other = (self.oddity > 240).then(|| (key.text(), value.tree()));
        Tree::Map(known.chain(other).collect())
    }
}

//! The variables that a `.env` file has set so far, and texts that are put together from them.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::tree::{Entry, Part, Style, Text, Value};

/// Variables that a shell keeps for itself: some shells change or refuse what is assigned to them.
pub(super) const KEPT: [&str; 4] = ["LINENO", "OPTIND", "PPID", "_"];

/// What expanded variables may add to the values of one file, in bytes: as much as a file may have.
pub(super) const BUDGET: usize = 4 * 1024 * 1024;
/// What an expression counts.
const EXPRESSION: usize = 64;

/// The last word about each variable.
#[derive(Default)]
pub(super) struct Variables {
    entries: Vec<Option<Entry>>,
    by_name: BTreeMap<Rc<str>, usize>,
}

impl Variables {
    /// A new last word.
    pub(super) fn put(&mut self, entry: Entry) {
        let name = entry.key.text.as_written();
        if let Some(old) = self.by_name.insert(name, self.entries.len()) {
            self.entries[old] = None;
        }
        self.entries.push(Some(entry));
    }

    /// The pieces of a variable's value: none of one that is unset; nothing where the file has not
    /// spoken of it.
    pub(super) fn get(&self, name: &str) -> Option<Vec<Part>> {
        let entry = self.entries[*self.by_name.get(name)?].as_ref()?;
        Some(match &entry.value.value {
            Value::Scalar(scalar) if scalar.style == Style::Quoted => scalar.text.parts(),
            _ => Vec::new(),
        })
    }

    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.entries.into_iter().flatten().collect()
    }
}

/// A text in the making.
#[derive(Default)]
pub(super) struct Written {
    parts: Vec<Part>,
    /// What stands behind the last expression.
    text: String,
}

impl Written {
    pub(super) fn push(&mut self, character: char) {
        self.text.push(character);
    }

    pub(super) fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn extend(&mut self, parts: Vec<Part>) {
        for part in parts {
            match part {
                Part::Literal(text) => self.text.push_str(&text),
                part => {
                    self.flush();
                    self.parts.push(part);
                }
            }
        }
    }

    pub(super) fn into_text(mut self) -> Text {
        if self.parts.is_empty() {
            return Text::Literal(self.text.into());
        }
        self.flush();
        Text::Parts(self.parts.into())
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.parts.push(Part::Literal(text.into()));
        }
    }
}

/// How much of the budget pieces take.
pub(super) fn cost(parts: &[Part]) -> usize {
    let cost = |part: &Part| match part {
        Part::Literal(text) => text.len(),
        Part::Dollar | Part::Expression(_) | Part::Yaml(_) | Part::Rotated(_) => EXPRESSION,
    };
    parts.iter().map(cost).sum()
}

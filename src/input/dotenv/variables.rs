//! The variables that a `.env` file has set so far, and values that contain them.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::tree::{Entry, Part, Style, Text, Value};

/// Variables that shells reserve: some shells change or reject an assigned value.
pub(super) const SHELL_RESERVED: [&str; 4] = ["LINENO", "OPTIND", "PPID", "_"];

/// Maximum size that expanded variables add to the values of one file, in bytes; equals the maximum size of a
/// file.
pub(super) const MAX_EXPANDED_BYTES: usize = 4 * 1024 * 1024;
/// Size of an expression, in bytes, for the limit of expanded variables.
const EXPRESSION_BYTES: usize = 64;

/// The last assignment or `unset` of each variable.
#[derive(Default)]
pub(super) struct Variables {
    entries: Vec<Option<Entry>>,
    by_name: BTreeMap<Rc<str>, usize>,
}

impl Variables {
    /// Sets or unsets a variable.
    pub(super) fn put(&mut self, entry: Entry) {
        let name = entry.key.text.source_text();
        if let Some(old) = self.by_name.insert(name, self.entries.len()) {
            self.entries[old] = None;
        }
        self.entries.push(Some(entry));
    }

    /// Returns the parts of the value of a variable, which are empty if it is unset. Returns `None` if the file
    /// does not mention the variable.
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

/// A value that is being read.
#[derive(Default)]
pub(super) struct ValueBuilder {
    parts: Vec<Part>,
    /// The literal string after the last expression.
    text: String,
}

impl ValueBuilder {
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

/// Returns the size of parts, in bytes, for the limit of expanded variables.
pub(super) fn cost(parts: &[Part]) -> usize {
    let cost = |part: &Part| match part {
        Part::Literal(text) => text.len(),
        Part::Dollar | Part::Expression(_) | Part::Yaml(_) | Part::Rotated(_) => EXPRESSION_BYTES,
    };
    parts.iter().map(cost).sum()
}

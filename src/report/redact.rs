//! Lines of files without secrets.

use std::ops::Range;
use std::rc::Rc;

use crate::diagnostic::{escape_control_chars, find_logins, find_secret_word};

/// Maximum length of a source line in a report, in bytes.
pub(super) const MAX_LINE_BYTES: usize = 240;

/// The lines of a file, each with the part of it that can be a secret.
#[derive(Debug)]
pub struct SafeLines {
    text: Rc<str>,
    lines: Vec<(Range<usize>, Hidden)>,
}

/// The part of a line that can be a secret: a value in a `kind: Secret`, or a line of a PEM block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hidden {
    Nothing,
    /// Nothing of a line of a block of text, in which a colon separates no key.
    Text,
    Value,
    Line,
}

impl SafeLines {
    /// Finds the lines of a file and the secrets in them.
    pub fn new(text: Rc<str>) -> Self {
        let mut lines: Vec<(Range<usize>, Hidden)> = Vec::new();
        let mut document = 0;
        let mut is_secret = false;
        let mut is_pem = false;
        // The column of the last key that names a secret: deeper lines are a part of its value.
        let mut key = None;
        // The column of the last key whose value is a block of text.
        let mut text_key = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let range = at..at + line.trim_end_matches('\n').len();
            at += line.len();
            if line.starts_with("---") {
                (document, is_secret) = (lines.len(), false);
            }
            if !is_secret && is_kind_of_secret(line) {
                is_secret = true;
                let before = lines[document..].iter_mut();
                before.for_each(|(_, hidden)| {
                    *hidden = match *hidden {
                        Hidden::Nothing => Hidden::Value,
                        Hidden::Text => Hidden::Line,
                        hidden => hidden,
                    }
                });
            }
            is_pem |= line.to_ascii_lowercase().contains("-----begin");
            let is_below_key = key.is_some_and(|column| is_below(line, column));
            if !is_below_key {
                key = secret_key(line);
            }
            let is_text = text_key.is_some_and(|column| is_below(line, column));
            if !is_text {
                text_key = key_of_text(line);
            }
            let hidden = match (is_pem || is_secret || is_below_key, is_pem || is_text) {
                (true, true) => Hidden::Line,
                (true, false) => Hidden::Value,
                (false, true) => Hidden::Text,
                (false, false) => Hidden::Nothing,
            };
            is_pem &= !line.contains("-----END");
            lines.push((range, hidden));
        }
        Self { text, lines }
    }

    /// Returns the number of lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns `true` if the file has no line.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns a line as written, secrets included. Lines count from 0.
    pub fn written(&self, line: usize) -> Option<&str> {
        Some(&self.text[self.lines.get(line)?.0.clone()])
    }

    /// Returns a line in which asterisks replace secrets, character by character.
    pub fn redacted(&self, line: usize) -> Option<String> {
        let (range, hidden) = self.lines.get(line)?;
        let line = &self.text[range.clone()];
        let colon_after = |at: usize| line[at..].find([':', '=']).map(|colon| at + colon + 1);
        let word = find_secret_word(line).and_then(colon_after);
        let from = match hidden {
            Hidden::Line => 0,
            Hidden::Value => colon_after(0).unwrap_or(0),
            Hidden::Nothing | Hidden::Text => word.unwrap_or(line.len()),
        };
        let mask = |c: char| std::iter::repeat_n(if c == ' ' { ' ' } else { '*' }, c.len_utf8());
        let mut masked: Vec<Range<usize>> = find_logins(&line[..from]);
        masked.push(from..line.len());
        let mut shown = String::with_capacity(line.len());
        for range in masked {
            shown.push_str(&line[shown.len()..range.start]);
            shown.extend(line[range].chars().flat_map(mask));
        }
        Some(shown)
    }

    /// Returns a line for a report: without secrets, indentation and control characters, and cut to a number of
    /// bytes.
    pub fn shown(&self, line: usize, limit: usize) -> Option<String> {
        let redacted = self.redacted(line)?;
        let text = redacted.trim();
        let end = floor_char_boundary(text, limit);
        let cut = if end < text.len() { "…" } else { "" };
        Some(escape_control_chars(&text[..end]) + cut)
    }
}

/// Returns the column of the key of a line, if it names a secret.
fn secret_key(line: &str) -> Option<usize> {
    let (column, key, _) = split_key(line)?;
    find_secret_word(key).is_some().then_some(column)
}

/// Returns the column of the key of a line, if its value is a block of text.
fn key_of_text(line: &str) -> Option<usize> {
    let (column, _, value) = split_key(line)?;
    value.starts_with(['|', '>']).then_some(column)
}

/// Returns the column of the key of a line, the key, and the value in the same line.
fn split_key(line: &str) -> Option<(usize, &str, &str)> {
    let text = line.trim_start_matches([' ', '-']);
    let (key, value) = text.split_once(':')?;
    (!text.starts_with('#')).then(|| (line.len() - text.len(), key, value.trim()))
}

/// Returns `true` for a line of the value of a key at a column: deeper, or an item of its sequence, or empty.
fn is_below(line: &str, column: usize) -> bool {
    let text = line.trim_start_matches(' ');
    let indentation = line.len() - text.len();
    text.trim().is_empty()
        || indentation > column
        || indentation == column && (text.starts_with("- ") || text.starts_with("-\n"))
}

fn is_kind_of_secret(line: &str) -> bool {
    line.split_once("kind:").is_some_and(|(_, kind)| {
        kind.trim_start_matches([' ', '"', '\''])
            .starts_with("Secret")
    })
}

/// Returns the last character boundary at or before an offset.
pub(super) fn floor_char_boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

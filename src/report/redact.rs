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
                before
                    .filter(|(_, hidden)| *hidden == Hidden::Nothing)
                    .for_each(|(_, hidden)| *hidden = Hidden::Value);
            }
            is_pem |= line.to_ascii_lowercase().contains("-----begin");
            let hidden = match (is_pem, is_secret) {
                (true, _) => Hidden::Line,
                (false, true) => Hidden::Value,
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
            Hidden::Nothing => word.unwrap_or(line.len()),
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

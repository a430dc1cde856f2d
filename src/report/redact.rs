//! Lines of files without secrets.

use std::ops::Range;
use std::rc::Rc;

use crate::diagnostic::{escape_control_chars, find_logins, find_secret_word, is_secret_key};

/// Maximum length of a source line in a report, in bytes.
pub(super) const MAX_LINE_BYTES: usize = 240;

/// The lines of a file, each with the part of it that can be a secret.
#[derive(Debug)]
pub struct SafeLines {
    text: Rc<str>,
    lines: Vec<(Range<usize>, Hidden)>,
}

/// The part of a line that can be a secret: a value in a `kind: Secret` or next to the name of a secret, or a line of a
/// PEM block or below a key that names a secret.
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
        hide_structures(&text, &mut lines);
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

/// Hides what YAML puts on other lines than the name of the secret: the values below a key that names one, and the value
/// next to the name of an entry.
fn hide_structures(text: &str, lines: &mut [(Range<usize>, Hidden)]) {
    // The indentation of the key whose value is hidden, until a line is not below it.
    let mut below: Option<usize> = None;
    for at in 0..lines.len() {
        let line = YamlLine::new(&text[lines[at].0.clone()]);
        if line.content.is_empty() {
            continue;
        }
        let is_item = line.content.starts_with("- ") || line.content == "-";
        let is_below = |indent: usize| line.indent > indent || is_item && line.indent == indent;
        if below.is_some_and(is_below) {
            lines[at].1 = Hidden::Line;
            continue;
        }
        below = None;
        let Some((key, value)) = line.entry() else {
            continue;
        };
        if is_secret_key(key) && is_open(value) {
            below = Some(line.key_indent());
        }
        if matches!(unquoted(key), "name" | "key" | "id") && is_secret_key(value) {
            hide_siblings(text, lines, at, line.key_indent());
        }
    }
}

/// Hides the values of the mapping that contains a line, except the names.
fn hide_siblings(text: &str, lines: &mut [(Range<usize>, Hidden)], at: usize, indent: usize) {
    let mut is_value = false;
    for number in at + 1..lines.len() {
        let line = YamlLine::new(&text[lines[number].0.clone()]);
        if line.content.is_empty() || line.indent > indent {
            if is_value {
                lines[number].1 = Hidden::Line;
            }
            continue;
        }
        if line.indent < indent || line.content.starts_with("- ") {
            break;
        }
        is_value = line.is_value();
        if is_value {
            lines[number].1 = Hidden::Value;
        }
    }
    // The lines above, up to the beginning of the item.
    if YamlLine::new(&text[lines[at].0.clone()])
        .content
        .starts_with("- ")
    {
        return;
    }
    let mut first = at;
    while first > 0 {
        let line = YamlLine::new(&text[lines[first - 1].0.clone()]);
        if !line.content.is_empty() && line.key_indent() < indent {
            break;
        }
        first -= 1;
        if line.content.starts_with("- ") && line.key_indent() == indent {
            break;
        }
    }
    let mut is_value = false;
    for (range, hidden) in &mut lines[first..at] {
        let line = YamlLine::new(&text[range.clone()]);
        if line.key_indent() > indent || line.content.is_empty() {
            if is_value {
                *hidden = Hidden::Line;
            }
            continue;
        }
        is_value = line.is_value();
        if is_value {
            *hidden = Hidden::Value;
        }
    }
}

/// A line of YAML without its indentation and comment.
struct YamlLine<'t> {
    indent: usize,
    content: &'t str,
}

impl<'t> YamlLine<'t> {
    fn new(line: &'t str) -> Self {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        let content = content.trim_end();
        let content = if content.starts_with('#') {
            ""
        } else {
            content
        };
        Self { indent, content }
    }

    /// Returns the key and the value.
    fn entry(&self) -> Option<(&'t str, &'t str)> {
        let content = self.content.trim_start_matches(['-', ' ']);
        let (key, value) = content.split_once(':')?;
        (value.is_empty() || value.starts_with(' ')).then(|| (key.trim(), value.trim()))
    }

    /// Returns the indentation of the key, after the dashes of items.
    fn key_indent(&self) -> usize {
        let key = self.content.trim_start_matches(['-', ' ']);
        self.indent + self.content.len() - key.len()
    }

    /// Returns `true` for the value next to a name.
    fn is_value(&self) -> bool {
        let values = ["value", "default", "data", "content"];
        self.entry()
            .is_some_and(|(key, _)| values.contains(&unquoted(key)))
    }
}

fn unquoted(key: &str) -> &str {
    key.trim_matches(['"', '\''])
}

/// Returns `true` if the value of a key is on the next lines: nothing, or the sign of a block, an anchor or a tag.
fn is_open(value: &str) -> bool {
    let value = value.split(" #").next().unwrap_or_default().trim();
    value.is_empty() || value.starts_with(['|', '>', '&', '!', '#', '{', '['])
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

#[cfg(test)]
mod tests {
    use super::SafeLines;

    #[test]
    fn secrets_on_other_lines_are_hidden() {
        for text in [
            "password: |\n  CANARY\n  CANARY\nnext: shown\n",
            "adminPassword:\n  CANARY\nnext: shown\n",
            "secrets:\n- CANARY\n- a: CANARY\nnext: shown\n",
            "secrets:\n  a:\n    b: CANARY\nnext: shown\n",
            "env:\n- name: PASSWORD\n  value: CANARY\n- name: OTHER\n  value: shown\n",
            "env:\n- value: CANARY\n  name: PASSWORD\n- value: shown\n  name: OTHER\n",
            "env:\n- name: TOKEN\n  value: |\n    CANARY\n- {name: OTHER, value: shown}\n",
            "env:\n- {name: TOKEN, value: CANARY}\n- {name: OTHER, value: shown}\n",
            "\"token\":\n  \"CANARY\"\nnext: shown\n",
            "a:\n  - name: my-secret\n    kind: shown\n    value: CANARY\n",
        ] {
            let lines = SafeLines::new(text.into());
            let all: String = (0..lines.len())
                .filter_map(|at| lines.redacted(at))
                .collect();
            assert!(
                !all.contains("CANARY") && all.contains("shown"),
                "{text}\n{all}"
            );
        }
    }
}

//! Reads `.env` files: the assignments of a POSIX shell, without a shell.
//!
//! No command is run and no environment is read. A reference to a variable that the file does not set becomes
//! an expression, which is evaluated where the value is used. Constructs that need a running shell, or that
//! common shells interpret differently, are errors.

mod error;
mod preceding;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod variables;

use std::ops::Range;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Span};
use crate::template;
use crate::tree::{Entry, Key, Node, Role, Style, Text};
use crate::yaml;
use error::DotenvError;
use preceding::PrecedingToken;
use text::{bare_word, is_separator, line_end, name_at};
use variables::{SHELL_RESERVED, Variables};

/// Byte order mark, which a shell reads as a character.
const MARK: char = '\u{feff}';

/// Reads the assignments of a `.env` file: an entry for each variable that is set at its end, and a null for
/// each variable that is unset, in the order of their last assignments.
///
/// Reports every line with an error. Returns `None` if a line has an error, because its variables are unknown.
pub fn read(file: FileId, text: &str, diags: &mut Diagnostics) -> Option<Vec<Entry>> {
    let before = diags.errors();
    let mut reader = Reader {
        file,
        text,
        at: 0,
        open: None,
        suspicious_quote: None,
        variables: Variables::default(),
        expanded: 0,
        diags,
    };
    if text.starts_with(MARK) {
        reader.push(error::byte_order_mark(0..MARK.len_utf8()));
        reader.at = MARK.len_utf8();
    }
    while reader.at < text.len() {
        if reader.line().is_err() {
            reader.skip_line();
        }
    }
    let entries = reader.variables.into_entries();
    (diags.errors() == before).then_some(entries)
}

/// The error of a line whose remainder cannot be read.
struct LineError;

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    /// Offset of the next byte to read.
    at: usize,
    /// Offset of the open quote.
    open: Option<usize>,
    /// Offset of the first quote that was closed on a later line and inside a word: perhaps by the quote
    /// that was meant to open the next value.
    suspicious_quote: Option<usize>,
    variables: Variables,
    /// Size of the variables that were expanded so far, in bytes.
    expanded: usize,
    diags: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// Reads the commands up to the line end that ends the last one.
    fn line(&mut self) -> Result<(), LineError> {
        while self.has_word() || !self.is_at_line_end() {
            self.command()?;
            if !self.is_at_line_end() {
                if self.peek() != Some(b';') {
                    return Err(self.stop(error::operator(self.text, self.at)));
                }
                self.at += 1;
            }
        }
        self.at += usize::from(self.at < self.text.len());
        Ok(())
    }

    /// Reads a command up to the following operator or line end.
    fn command(&mut self) -> Result<(), LineError> {
        match bare_word(self.text, self.at) {
            "export" => self.export(),
            "unset" => self.unset(),
            _ => self.assignments(),
        }
    }

    /// Reads `A=1 B=2`. An assignment can use the previous ones.
    fn assignments(&mut self) -> Result<(), LineError> {
        let mut preceding = PrecedingToken::Nothing;
        loop {
            let Some(name) = self.assigned_name() else {
                return Err(self.stop(error::word(self.text, self.at, preceding)));
            };
            let entry = self.assignment(&name, false)?;
            preceding = value_token(&entry);
            self.variables.put(entry);
            if !self.has_word() {
                return Ok(());
            }
        }
    }

    /// Reads `export A=1 B`. A shell expands all values before it assigns the first.
    fn export(&mut self) -> Result<(), LineError> {
        let command = self.command_word("export".len());
        if !self.has_word() {
            return Err(self.stop(error::export_without_name(command)));
        }
        let mut preceding = PrecedingToken::Argument;
        let mut entries = Vec::new();
        while self.has_word() {
            if let Some(name) = self.assigned_name() {
                let entry = self.assignment(&name, true)?;
                preceding = value_token(&entry);
                entries.push(entry);
            } else {
                self.name(preceding)?;
                if let PrecedingToken::Value { is_empty } = &mut preceding {
                    *is_empty = false;
                }
            }
        }
        for entry in entries {
            self.variables.put(entry);
        }
        Ok(())
    }

    /// Reads `unset A B`.
    fn unset(&mut self) -> Result<(), LineError> {
        let command = self.command_word("unset".len());
        if !self.has_word() {
            return Err(self.stop(error::unset_without_name(command)));
        }
        while self.has_word() {
            let name = self.name(PrecedingToken::Argument)?;
            let null = Node::scalar(self.span(&name), Style::Plain, "null".into());
            let entry = self.entry(&name, null);
            self.variables.put(entry);
        }
        Ok(())
    }

    /// Skips the name of a command with this length, and returns its range.
    fn command_word(&mut self, length: usize) -> Range<usize> {
        let start = self.at;
        self.at += length;
        start..self.at
    }

    /// Reads a word that must be only a name.
    fn name(&mut self, preceding: PrecedingToken) -> Result<Range<usize>, LineError> {
        let start = self.at;
        let name = name_at(self.text, start);
        if name.is_empty() || name != bare_word(self.text, start) {
            return Err(self.stop(error::word(self.text, start, preceding)));
        }
        self.at += name.len();
        Ok(start..self.at)
    }

    /// Returns the name that the next word assigns to. Returns `None` if the word is not an assignment.
    fn assigned_name(&self) -> Option<Range<usize>> {
        let end = self.at + name_at(self.text, self.at).len();
        let is_assigned = end > self.at && self.text[end..].starts_with('=');
        is_assigned.then_some(self.at..end)
    }

    fn assignment(&mut self, name: &Range<usize>, is_exported: bool) -> Result<Entry, LineError> {
        self.at = name.end + 1;
        if self.peek() == Some(b'(') {
            return Err(self.stop(error::array(name.start..self.at + 1)));
        }
        let value = self.value(is_exported)?;
        let written = value.span.start as usize..value.span.end as usize;
        self.check_characters(written);
        Ok(self.entry(name, value))
    }

    /// Returns an entry, and reports a name that shells reserve.
    fn entry(&mut self, name: &Range<usize>, value: Node) -> Entry {
        let text = &self.text[name.clone()];
        if SHELL_RESERVED.contains(&text) {
            self.push(error::reserved(text, name.clone()));
        }
        Entry {
            key: Key {
                span: self.span(name),
                text: Text::Literal(text.into()),
                role: Role::Name,
                is_optional: false,
            },
            value,
        }
    }

    /// Reports characters that are not allowed in YAML either: see [`yaml::parse`] and [`template::parse`].
    fn check_characters(&mut self, written: Range<usize>) {
        let text = &self.text[written.clone()];
        if let Some((at, name)) = yaml::text::find_unsupported_char(text) {
            let length = text[at..].chars().next().map_or(0, char::len_utf8);
            let start = written.start + at;
            self.push(error::unsupported_character(name, start..start + length));
        }
        if let Some(at) = text.find(template::RESERVED) {
            let at = written.start + at;
            let span = Span::new(self.file, at..at);
            self.diags.push(yaml::reserved_character(span));
        }
    }

    /// Moves to the next word of a command. Returns `true` if there is one. A comment begins where a word can
    /// begin.
    fn has_word(&mut self) -> bool {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.text[self.at + 1..].starts_with('\n') => self.at += 2,
                Some(b'#') => self.at = line_end(self.text, self.at),
                next => return next.is_some_and(|byte| !is_separator(byte)),
            }
        }
    }

    fn is_at_line_end(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n'))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.clone())
    }

    fn push(&mut self, error: DotenvError) {
        self.diags.push(error.at(self.file));
    }

    fn stop(&mut self, error: DotenvError) -> LineError {
        self.push(error);
        LineError
    }

    /// Skips to the line after the one with an error, at the line end where a shell would end the command.
    fn skip_line(&mut self) {
        let bytes = self.text.as_bytes();
        loop {
            match (self.open, self.peek()) {
                (Some(quote), None) => {
                    self.push(error::unclosed(self.text, quote, self.suspicious_quote));
                    // No other quote of this kind follows, so this is reported at most once for each kind of quote.
                    self.open = None;
                    self.at = line_end(self.text, quote);
                    continue;
                }
                (None, None | Some(b'\n')) => break,
                (Some(quote), Some(byte)) if byte == bytes[quote] => self.open = None,
                (None, Some(b'\'' | b'"')) => self.open = Some(self.at),
                (None, Some(b'#')) if self.at > 0 && is_separator(bytes[self.at - 1]) => {
                    self.at = line_end(self.text, self.at);
                    continue;
                }
                (quote, Some(b'\\')) if quote.is_none_or(|quote| bytes[quote] == b'"') => {
                    self.at += 1;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at = (self.at + 1).min(self.text.len());
    }
}

fn value_token(entry: &Entry) -> PrecedingToken {
    let is_empty = entry.value.span.start == entry.value.span.end;
    PrecedingToken::Value { is_empty }
}

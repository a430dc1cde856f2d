//! Reads `.env` files: what a POSIX shell would make of plain assignments, without one.
//!
//! Nothing is run and no environment is read. A variable that the file itself does not set becomes
//! an expression, for whoever uses the value to fill. What only a running shell can tell is an error,
//! and so is what shells in use read in different ways.

mod before;
mod mistake;
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
use before::Before;
use mistake::Mistake;
use text::{bare_word, is_separator, line_end, name_at};
use variables::{KEPT, Variables};

/// A byte order mark, which is a letter to a shell.
const MARK: char = '\u{feff}';

/// Reads the assignments of a `.env` file: an entry for each variable that it leaves set, and one with
/// null for each that it leaves unset, in the order of the last word about each.
///
/// Every line with an error is reported. Returns `None` if there is one: what the file sets is unknown
/// then.
pub fn read(file: FileId, text: &str, diags: &mut Diagnostics) -> Option<Vec<Entry>> {
    let before = diags.errors();
    let mut reader = Reader {
        file,
        text,
        at: 0,
        open: None,
        suspect: None,
        variables: Variables::default(),
        expanded: 0,
        diags,
    };
    if text.starts_with(MARK) {
        reader.push(mistake::byte_order_mark(0..MARK.len_utf8()));
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

/// A mistake after which the rest of its line tells nothing.
struct Broken;

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    /// What is read next.
    at: usize,
    /// Where the quote stands that is open.
    open: Option<usize>,
    /// The first quote that was closed lines later and in the middle of a word: perhaps by the quote
    /// that should have opened the next value.
    suspect: Option<usize>,
    variables: Variables,
    /// How much of the budget of values is used.
    expanded: usize,
    diags: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// Reads the commands up to a line end that ends the last of them.
    fn line(&mut self) -> Result<(), Broken> {
        while self.has_word() || !self.is_at_line_end() {
            self.command()?;
            if !self.is_at_line_end() {
                if self.peek() != Some(b';') {
                    return Err(self.stop(mistake::operator(self.text, self.at)));
                }
                self.at += 1;
            }
        }
        self.at += usize::from(self.at < self.text.len());
        Ok(())
    }

    /// Reads a command up to the operator or line end behind it.
    fn command(&mut self) -> Result<(), Broken> {
        match bare_word(self.text, self.at) {
            "export" => self.export(),
            "unset" => self.unset(),
            _ => self.assignments(),
        }
    }

    /// Reads `A=1 B=2`. Each is known to the next one.
    fn assignments(&mut self) -> Result<(), Broken> {
        let mut before = Before::Nothing;
        loop {
            let Some(name) = self.assigned_name() else {
                return Err(self.stop(mistake::word(self.text, self.at, before)));
            };
            let entry = self.assignment(&name, false)?;
            before = value_before(&entry);
            self.variables.put(entry);
            if !self.has_word() {
                return Ok(());
            }
        }
    }

    /// Reads `export A=1 B`. A shell expands all values before it assigns the first.
    fn export(&mut self) -> Result<(), Broken> {
        let command = self.command_word("export".len());
        if !self.has_word() {
            return Err(self.stop(mistake::export_alone(command)));
        }
        let mut before = Before::Argument;
        let mut entries = Vec::new();
        while self.has_word() {
            if let Some(name) = self.assigned_name() {
                let entry = self.assignment(&name, true)?;
                before = value_before(&entry);
                entries.push(entry);
            } else {
                self.name(before)?;
                if let Before::Value { is_empty } = &mut before {
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
    fn unset(&mut self) -> Result<(), Broken> {
        let command = self.command_word("unset".len());
        if !self.has_word() {
            return Err(self.stop(mistake::unset_alone(command)));
        }
        while self.has_word() {
            let name = self.name(Before::Argument)?;
            let null = Node::scalar(self.span(&name), Style::Plain, "null".into());
            let entry = self.entry(&name, null);
            self.variables.put(entry);
        }
        Ok(())
    }

    /// Steps over a command's name of that length.
    fn command_word(&mut self, length: usize) -> Range<usize> {
        let start = self.at;
        self.at += length;
        start..self.at
    }

    /// Reads a word that is a name and nothing else.
    fn name(&mut self, before: Before) -> Result<Range<usize>, Broken> {
        let start = self.at;
        let name = name_at(self.text, start);
        if name.is_empty() || name != bare_word(self.text, start) {
            return Err(self.stop(mistake::word(self.text, start, before)));
        }
        self.at += name.len();
        Ok(start..self.at)
    }

    /// The name that is assigned to here, if that is what the word does.
    fn assigned_name(&self) -> Option<Range<usize>> {
        let end = self.at + name_at(self.text, self.at).len();
        let is_assigned = end > self.at && self.text[end..].starts_with('=');
        is_assigned.then_some(self.at..end)
    }

    fn assignment(&mut self, name: &Range<usize>, is_exported: bool) -> Result<Entry, Broken> {
        self.at = name.end + 1;
        if self.peek() == Some(b'(') {
            return Err(self.stop(mistake::array(name.start..self.at + 1)));
        }
        let value = self.value(is_exported)?;
        let written = value.span.start as usize..value.span.end as usize;
        self.refuse_uncarried(written);
        Ok(self.entry(name, value))
    }

    /// An entry, whose name no shell keeps for itself.
    fn entry(&mut self, name: &Range<usize>, value: Node) -> Entry {
        let text = &self.text[name.clone()];
        if KEPT.contains(&text) {
            self.push(mistake::kept(text, name.clone()));
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

    /// As in a text of YAML: see [`yaml::parse`] and [`template::parse`].
    fn refuse_uncarried(&mut self, written: Range<usize>) {
        let text = &self.text[written.clone()];
        if let Some((at, name)) = yaml::text::uncarried(text) {
            let length = text[at..].chars().next().map_or(0, char::len_utf8);
            let start = written.start + at;
            self.push(mistake::uncarried(name, start..start + length));
        }
        if let Some(at) = text.find(template::RESERVED) {
            let at = written.start + at;
            let span = Span::new(self.file, at..at);
            self.diags.push(yaml::reserved_character(span));
        }
    }

    /// Goes to the next word of a command. A comment stands where a word would begin.
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

    fn push(&mut self, mistake: Mistake) {
        self.diags.push(mistake.at(self.file));
    }

    fn stop(&mut self, mistake: Mistake) -> Broken {
        self.push(mistake);
        Broken
    }

    /// Goes on behind the line end that a shell would take for the end of what is broken here.
    fn skip_line(&mut self) {
        let bytes = self.text.as_bytes();
        loop {
            match (self.open, self.peek()) {
                (Some(quote), None) => {
                    self.push(mistake::unclosed(self.text, quote, self.suspect));
                    // No such quote follows, so this happens once for each kind of quotes.
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

fn value_before(entry: &Entry) -> Before {
    let is_empty = entry.value.span.start == entry.value.span.end;
    Before::Value { is_empty }
}

//! Values of a `.env` file: quotes, backslashes and variables, as a POSIX shell reads them.

use super::text::{is_separator, line_end, name_at};
use super::variables::{BUDGET, KEPT, Written, cost};
use super::{Broken, Reader, mistake};
use crate::tree::{Node, Scalar, Style, Text, Value};

impl Reader<'_> {
    /// Reads the word behind `=`.
    pub(super) fn value(&mut self, is_exported: bool) -> Result<Node, Broken> {
        let start = self.at;
        let mut end = start;
        let mut written = Written::default();
        // A tilde is a home folder at the beginning, and behind a colon that is not quoted.
        let mut is_tilde_home = true;
        while let Some(byte) = self.peek().filter(|byte| !is_separator(*byte)) {
            if self.eat_line_break() {
                continue;
            }
            match byte {
                b'\'' => self.single_quoted(&mut written)?,
                b'"' => self.double_quoted(&mut written)?,
                b'$' => self.dollar(false, &mut written)?,
                b'`' => return Err(self.stop(mistake::command_output(self.at..self.at + 1))),
                b'\\' if self.at + 1 == self.text.len() => {
                    return Err(self.stop(mistake::last_backslash(self.at)));
                }
                b'\\' => {
                    self.at += 1;
                    self.character(&mut written);
                }
                byte => {
                    if byte == b'~' && is_tilde_home {
                        self.push(mistake::home(self.at));
                    } else if byte == b'{' && is_exported {
                        self.push(mistake::brace(self.at));
                    }
                    self.character(&mut written);
                }
            }
            is_tilde_home = byte == b':';
            end = self.at;
        }
        Ok(Node {
            span: self.span(&(start..end)),
            value: Value::Scalar(Scalar {
                style: Style::Quoted,
                text: written.into_text(),
            }),
        })
    }

    fn single_quoted(&mut self, written: &mut Written) -> Result<(), Broken> {
        let start = self.open();
        let Some(length) = self.text[self.at..].find('\'') else {
            return Err(Broken);
        };
        written.push_str(&self.text[self.at..self.at + length]);
        self.at += length;
        self.close(start);
        Ok(())
    }

    fn double_quoted(&mut self, written: &mut Written) -> Result<(), Broken> {
        let start = self.open();
        loop {
            match self.peek() {
                None => return Err(Broken),
                Some(b'"') => break,
                Some(b'$') => self.dollar(true, written)?,
                Some(b'`') => {
                    return Err(self.stop(mistake::command_output(self.at..self.at + 1)));
                }
                Some(b'\\') if self.eat_line_break() => {}
                Some(b'\\') => {
                    if self.text[self.at + 1..].starts_with(['$', '`', '"', '\\']) {
                        self.at += 1;
                    }
                    self.character(written);
                }
                Some(_) => self.character(written),
            }
        }
        self.close(start);
        Ok(())
    }

    fn open(&mut self) -> usize {
        let start = self.at;
        self.open = Some(start);
        self.at += 1;
        start
    }

    fn close(&mut self, start: usize) {
        self.open = None;
        let is_over_lines = line_end(self.text, start) < self.at;
        self.at += 1;
        if is_over_lines && self.peek().is_some_and(|next| !is_separator(next)) {
            self.suspect.get_or_insert(start);
        }
    }

    /// A backslash before a line end: both are nothing.
    fn eat_line_break(&mut self) -> bool {
        let is_there = self.text[self.at..].starts_with("\\\n");
        self.at += if is_there { 2 } else { 0 };
        is_there
    }

    fn character(&mut self, written: &mut Written) {
        if let Some(character) = self.text[self.at..].chars().next() {
            written.push(character);
            self.at += character.len_utf8();
        }
    }

    /// Reads what a `$` begins; it stands for itself where it begins nothing.
    fn dollar(&mut self, is_quoted: bool, written: &mut Written) -> Result<(), Broken> {
        let start = self.at;
        let rest = &self.text[start + 1..];
        match rest.bytes().next() {
            Some(b'(') => Err(self.stop(mistake::substitution(self.text, start))),
            Some(b'[') => Err(self.stop(mistake::bracket(start))),
            Some(b'{') => {
                let name = name_at(rest, 1);
                if name.is_empty() || !rest[1 + name.len()..].starts_with('}') {
                    return Err(self.stop(mistake::operation(self.text, start)));
                }
                self.at += name.len() + 3;
                self.expand(name, start, written);
                Ok(())
            }
            Some(b'0'..=b'9' | b'?' | b'$' | b'@' | b'#' | b'!' | b'-' | b'*') => {
                self.at += 2;
                self.push(mistake::parameter(self.text, start..self.at));
                Ok(())
            }
            Some(b'\\') if rest[1..].starts_with('\n') => {
                Err(self.stop(mistake::broken_name(start..start + 1)))
            }
            Some(b'\'' | b'"') if !is_quoted => {
                self.push(mistake::dollar_quote(self.text, start));
                self.at += 1;
                Ok(())
            }
            _ => {
                let name = name_at(rest, 0);
                if name.is_empty() {
                    self.character(written);
                    return Ok(());
                }
                self.at += 1 + name.len();
                if self.is_name_broken() {
                    return Err(self.stop(mistake::broken_name(start..self.at)));
                }
                self.expand(name, start, written);
                Ok(())
            }
        }
    }

    /// Whether a name goes on behind backslashes and line ends.
    fn is_name_broken(&self) -> bool {
        let rest = &self.text[self.at..];
        let next = rest.trim_start_matches("\\\n");
        next.len() < rest.len()
            && next.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_')
    }

    /// Appends a variable that is written from `start` up to here.
    fn expand(&mut self, name: &str, start: usize, written: &mut Written) {
        if KEPT.contains(&name) {
            self.push(mistake::parameter(self.text, start..self.at));
            return;
        }
        if self.expanded > BUDGET {
            return;
        }
        let span = self.span(&(start..self.at));
        let parts = self.variables.get(name);
        let parts = parts.unwrap_or_else(|| Text::variable(name, span).parts());
        self.expanded += cost(&parts);
        if self.expanded > BUDGET {
            self.push(mistake::budget(start..self.at));
        } else {
            written.extend(parts);
        }
    }
}

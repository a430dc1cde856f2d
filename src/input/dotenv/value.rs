//! Reads the values of a `.env` file: quotes, backslashes and variables, as in a POSIX shell.

use super::text::{is_separator, line_end, name_at};
use super::variables::{MAX_EXPANDED_BYTES, SHELL_RESERVED, ValueBuilder, cost};
use super::{LineError, Reader, error};
use crate::tree::{Node, Scalar, Style, Text, Value};

impl Reader<'_> {
    /// Reads the value after `=`.
    pub(super) fn value(&mut self, is_exported: bool) -> Result<Node, LineError> {
        let start = self.at;
        let mut end = start;
        let mut written = ValueBuilder::default();
        // A shell replaces `~` at the beginning and after an unquoted colon.
        let mut is_tilde_home = true;
        while let Some(byte) = self.peek().filter(|byte| !is_separator(*byte)) {
            if self.eat_line_break() {
                continue;
            }
            match byte {
                b'\'' => self.single_quoted(&mut written)?,
                b'"' => self.double_quoted(&mut written)?,
                b'$' => self.dollar(false, &mut written)?,
                b'`' => return Err(self.stop(error::command_output(self.at..self.at + 1))),
                b'\\' if self.at + 1 == self.text.len() => {
                    return Err(self.stop(error::last_backslash(self.at)));
                }
                b'\\' => {
                    self.at += 1;
                    self.character(&mut written);
                }
                byte => {
                    if byte == b'~' && is_tilde_home {
                        self.push(error::tilde(self.at));
                    } else if byte == b'{' && is_exported {
                        self.push(error::brace(self.at));
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

    fn single_quoted(&mut self, written: &mut ValueBuilder) -> Result<(), LineError> {
        let start = self.open();
        let Some(length) = self.text[self.at..].find('\'') else {
            return Err(LineError);
        };
        written.push_str(&self.text[self.at..self.at + length]);
        self.at += length;
        self.close(start);
        Ok(())
    }

    fn double_quoted(&mut self, written: &mut ValueBuilder) -> Result<(), LineError> {
        let start = self.open();
        loop {
            match self.peek() {
                None => return Err(LineError),
                Some(b'"') => break,
                Some(b'$') => self.dollar(true, written)?,
                Some(b'`') => {
                    return Err(self.stop(error::command_output(self.at..self.at + 1)));
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
            self.suspicious_quote.get_or_insert(start);
        }
    }

    /// Skips a backslash before a line end, which continues the line. Returns `true` if it exists.
    fn eat_line_break(&mut self) -> bool {
        let is_continued = self.text[self.at..].starts_with("\\\n");
        self.at += if is_continued { 2 } else { 0 };
        is_continued
    }

    fn character(&mut self, written: &mut ValueBuilder) {
        if let Some(character) = self.text[self.at..].chars().next() {
            written.push(character);
            self.at += character.len_utf8();
        }
    }

    /// Reads an expansion that begins with `$`, or a literal `$`.
    fn dollar(&mut self, is_quoted: bool, written: &mut ValueBuilder) -> Result<(), LineError> {
        let start = self.at;
        let rest = &self.text[start + 1..];
        match rest.bytes().next() {
            Some(b'(') => Err(self.stop(error::substitution(self.text, start))),
            Some(b'[') => Err(self.stop(error::bracket(start))),
            Some(b'{') => {
                let name = name_at(rest, 1);
                if name.is_empty() || !rest[1 + name.len()..].starts_with('}') {
                    return Err(self.stop(error::operation(self.text, start)));
                }
                self.at += name.len() + 3;
                self.expand(name, start, written);
                Ok(())
            }
            Some(b'0'..=b'9' | b'?' | b'$' | b'@' | b'#' | b'!' | b'-' | b'*') => {
                self.at += 2;
                self.push(error::parameter(self.text, start..self.at));
                Ok(())
            }
            Some(b'\\') if rest[1..].starts_with('\n') => {
                Err(self.stop(error::broken_name(start..start + 1)))
            }
            Some(b'\'' | b'"') if !is_quoted => {
                self.push(error::dollar_quote(self.text, start));
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
                    return Err(self.stop(error::broken_name(start..self.at)));
                }
                self.expand(name, start, written);
                Ok(())
            }
        }
    }

    /// Returns `true` if a name continues after backslashes and line ends.
    fn is_name_broken(&self) -> bool {
        let rest = &self.text[self.at..];
        let next = rest.trim_start_matches("\\\n");
        next.len() < rest.len()
            && next.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_')
    }

    /// Appends the value of the variable whose reference begins at `start` and ends here.
    fn expand(&mut self, name: &str, start: usize, written: &mut ValueBuilder) {
        if SHELL_RESERVED.contains(&name) {
            self.push(error::parameter(self.text, start..self.at));
            return;
        }
        if self.expanded > MAX_EXPANDED_BYTES {
            return;
        }
        let span = self.span(&(start..self.at));
        let parts = self.variables.get(name);
        let parts = parts.unwrap_or_else(|| Text::variable(name, span).parts());
        self.expanded += cost(&parts);
        if self.expanded > MAX_EXPANDED_BYTES {
            self.push(error::too_large(start..self.at));
        } else {
            written.extend(parts);
        }
    }
}

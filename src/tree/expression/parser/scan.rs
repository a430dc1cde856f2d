//! Lexical elements of expressions: literals, names and single characters.

use std::ops::Range;

use crate::tree::expression::grammar::{Segment, is_name_char};

/// A string and the current offset in it.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

/// The escapes that a literal can contain, each of which represents its second character.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// No escapes: defaults, offsets and patterns.
    None,
    /// `$$`: outside expressions.
    Dollar,
    /// `$$`, `\/` and `\\`: the arguments of the replacing functions.
    All,
}

impl Parser<'_> {
    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn looking_at(&self, prefix: &str) -> bool {
        self.rest().starts_with(prefix)
    }

    pub(super) fn eat(&mut self, prefix: &str) -> bool {
        let is_match = self.looking_at(prefix);
        if is_match {
            self.at += prefix.len();
        }
        is_match
    }

    /// Consumes the characters that `is_match` accepts, and returns their number of bytes.
    pub(super) fn eat_while(&mut self, is_match: impl Fn(char) -> bool) -> usize {
        let rest = self.rest();
        let length = rest.find(|c| !is_match(c)).unwrap_or(rest.len());
        self.at += length;
        length
    }

    /// Parses a literal up to one of `ends`, a `${` or the end of the string.
    pub(super) fn literal(&mut self, ends: &[u8], escapes: Escapes, into: &mut Vec<Segment>) {
        let bytes = self.text.as_bytes();
        let mut from = self.at;
        while let Some(&byte) = bytes.get(self.at) {
            match (byte, bytes.get(self.at + 1)) {
                (b'$', Some(b'{')) => break,
                (b'$', Some(b'$')) if escapes != Escapes::None => {
                    push_text(from..self.at, into);
                    into.push(Segment::Dollar(self.at..self.at + 2));
                    self.at += 2;
                    from = self.at;
                }
                (b'\\', Some(b'/' | b'\\')) if escapes == Escapes::All => {
                    push_text(from..self.at, into);
                    from = self.at + 1;
                    self.at += 2;
                }
                _ if ends.contains(&byte) => break,
                _ => self.at += 1,
            }
        }
        push_text(from..self.at, into);
    }

    /// Parses a name and `}`, with optional whitespace around the name.
    pub(super) fn plain(&mut self) -> Option<Vec<String>> {
        let is_space = |c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c');
        self.eat_while(is_space);
        let path = self.path()?;
        self.eat_while(is_space);
        self.eat("}").then_some(path)
    }

    /// Parses a name, or several joined by dots; stops before a dot that is not followed by a name.
    pub(super) fn path(&mut self) -> Option<Vec<String>> {
        let mut path = Vec::new();
        loop {
            let from = self.at;
            if self.eat_while(is_name_char) == 0 {
                self.at = from.saturating_sub(usize::from(!path.is_empty()));
                break;
            }
            path.push(self.text.get(from..self.at)?.to_owned());
            if !self.eat(".") {
                break;
            }
        }
        (!path.is_empty()).then_some(path)
    }
}

fn push_text(range: Range<usize>, into: &mut Vec<Segment>) {
    if !range.is_empty() {
        into.push(Segment::Text(range));
    }
}

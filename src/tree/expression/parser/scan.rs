//! The words of the grammar: literal text, names, single characters.

use std::ops::Range;

use crate::tree::expression::grammar::{Segment, is_of_name};

/// A text and a position in it.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

/// Which pairs of characters stand for their second one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// None: defaults, offsets and patterns.
    None,
    /// `$$`: outside of expressions.
    Dollar,
    /// `$$`, `\/` and `\\`: the arguments of the replacing functions.
    All,
}

impl Parser<'_> {
    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn looking_at(&self, wanted: &str) -> bool {
        self.rest().starts_with(wanted)
    }

    pub(super) fn eat(&mut self, wanted: &str) -> bool {
        let found = self.looking_at(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// Gives the number of bytes eaten.
    pub(super) fn eat_while(&mut self, wanted: impl Fn(char) -> bool) -> usize {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        length
    }

    /// Reads up to `end`, a `${` or the end of the text.
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

    /// `V}`, with blanks around the name or without.
    pub(super) fn plain(&mut self) -> Option<Vec<String>> {
        let blank = |c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c');
        self.eat_while(blank);
        let path = self.path()?;
        self.eat_while(blank);
        self.eat("}").then_some(path)
    }

    /// A name, or several joined by dots; stops before a dot that no name follows.
    pub(super) fn path(&mut self) -> Option<Vec<String>> {
        let mut path = Vec::new();
        loop {
            let from = self.at;
            if self.eat_while(is_of_name) == 0 {
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

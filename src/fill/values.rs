//! The values of a template for one subject at a time.

use std::ops::Range;

use super::unfilled::{Unfilled, for_each_filled};
use crate::template::error::FillError;
use crate::template::fill::{self, Scope};
use crate::tree::{Node, Style};

/// The values of a template, by their numbers.
#[derive(Default)]
pub struct Values {
    /// The concatenated strings of scalars. Most values are strings, and need no allocation of their own.
    texts: String,
    filled: Vec<Filled>,
    /// The size of all scalars, in bytes.
    bytes: usize,
}

enum Filled {
    /// A range of [`Values::texts`].
    Text(Range<usize>, Style),
    /// Any other value.
    Tree(Node),
}

impl Values {
    /// Replaces the values with those of another subject. Values that exceed `room` are missing.
    pub fn fill(
        &mut self,
        unfilled: &[Unfilled],
        scope: &dyn Scope,
        room: usize,
        problems: &mut Vec<FillError>,
    ) {
        self.texts.clear();
        self.filled.clear();
        self.bytes = 0;
        for value in unfilled {
            self.push(value, scope, problems);
            if self.bytes > room {
                break;
            }
        }
    }

    /// Substitutes the next value.
    fn push(&mut self, unfilled: &Unfilled, scope: &dyn Scope, problems: &mut Vec<FillError>) {
        let written = &unfilled.node;
        let start = self.texts.len();
        let filled = if let Some(scalar) = written.as_scalar()
            && fill::append(&scalar.text, scope, &mut self.texts)
        {
            let style = fill::style(scalar.style, &self.texts[start..]);
            Filled::Text(start..self.texts.len(), style)
        } else {
            Filled::Tree(fill::node(written, scope, problems))
        };
        self.filled.push(filled);
        let text = self.text(self.filled.len() - 1);
        self.bytes += text.map_or(0, str::len);
    }

    /// Returns the size of all scalars, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the string of a value. Returns `None` if the value is not a scalar.
    pub fn text(&self, value: usize) -> Option<&str> {
        match &self.filled[value] {
            Filled::Text(range, _) => Some(&self.texts[range.clone()]),
            Filled::Tree(node) => node.text(),
        }
    }

    /// Calls `visit` with each plain scalar of a value that contains expressions, and with its value after
    /// substitution.
    pub fn for_each_plain(
        &self,
        value: usize,
        written: &Unfilled,
        visit: &mut dyn FnMut(&Node, &str),
    ) {
        match &self.filled[value] {
            Filled::Text(range, Style::Plain) => visit(&written.node, &self.texts[range.clone()]),
            Filled::Text(_, Style::Quoted) => {}
            Filled::Tree(node) => for_each_filled(&written.plain_scalars, node, visit),
        }
    }

    /// Returns a value that is kept as a tree.
    pub fn tree(&self, value: usize) -> Option<&Node> {
        match &self.filled[value] {
            Filled::Text(..) => None,
            Filled::Tree(node) => Some(node),
        }
    }

    /// Returns the string and the style of a value that is kept as a string.
    pub fn scalar(&self, value: usize) -> Option<(&str, Style)> {
        match &self.filled[value] {
            Filled::Text(range, style) => Some((&self.texts[range.clone()], *style)),
            Filled::Tree(_) => None,
        }
    }
}

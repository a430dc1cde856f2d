//! The values of a template for one subject at a time.

use std::ops::Range;

use super::unfilled::{Unfilled, each_filled};
use crate::template::error::FillError;
use crate::template::fill::{self, Scope};
use crate::tree::{Node, Style};

/// The values of a template, by their numbers.
#[derive(Default)]
pub struct Values {
    /// The texts of scalars, one behind the other: most values are texts, and need no room of
    /// their own.
    texts: String,
    filled: Vec<Filled>,
    /// The bytes of all scalars.
    bytes: usize,
}

enum Filled {
    /// A part of [`Values::texts`].
    Text(Range<usize>, Style),
    /// Anything else.
    Tree(Node),
}

impl Values {
    /// Replaces the values by those of another subject. Those that have no room are missing.
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

    /// The bytes of all scalars.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The text of a value that is a scalar.
    pub fn text(&self, value: usize) -> Option<&str> {
        match &self.filled[value] {
            Filled::Text(range, _) => Some(&self.texts[range.clone()]),
            Filled::Tree(node) => node.text(),
        }
    }

    /// Gives `visit` the unquoted words with expressions in a value, each with what it became.
    pub fn each_unquoted(
        &self,
        value: usize,
        written: &Unfilled,
        visit: &mut dyn FnMut(&Node, &str),
    ) {
        match &self.filled[value] {
            Filled::Text(range, Style::Plain) => visit(&written.node, &self.texts[range.clone()]),
            Filled::Text(_, Style::Quoted) => {}
            Filled::Tree(node) => each_filled(&written.unquoted, node, visit),
        }
    }

    /// A value that is no scalar.
    pub fn tree(&self, value: usize) -> Option<&Node> {
        match &self.filled[value] {
            Filled::Text(..) => None,
            Filled::Tree(node) => Some(node),
        }
    }

    /// Returns the string and the style of a value that is a scalar and was kept as a string.
    pub fn scalar(&self, value: usize) -> Option<(&str, Style)> {
        match &self.filled[value] {
            Filled::Text(range, style) => Some((&self.texts[range.clone()], *style)),
            Filled::Tree(_) => None,
        }
    }
}

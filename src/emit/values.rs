//! What the holes of a program are filled with, for one subject at a time.

use std::ops::Range;

use super::program::Hole;
use super::written::{Written, each_filled};
use crate::template::fill::yaml::sorted;
use crate::template::fill::{self, Problem, Scope};
use crate::tree::{Node, Style};
use crate::yaml::print::{self, Form, Format};

/// The filled values of a program, in its order.
#[derive(Default)]
pub(super) struct Values {
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
    /// The program's values for a subject; what cannot be filled is told.
    pub(super) fn of(written: &[Written], scope: &dyn Scope) -> Self {
        let mut values = Self::default();
        for value in written {
            values.push(value, scope, &mut Vec::new());
        }
        values
    }

    /// Forgets the values of the last subject.
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.filled.clear();
        self.bytes = 0;
    }

    /// Fills the next value.
    pub(super) fn push(
        &mut self,
        written: &Written,
        scope: &dyn Scope,
        problems: &mut Vec<Problem>,
    ) {
        let written = &written.node;
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
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The text of a value that is a scalar.
    pub(super) fn text(&self, value: usize) -> Option<&str> {
        match &self.filled[value] {
            Filled::Text(range, _) => Some(&self.texts[range.clone()]),
            Filled::Tree(node) => node.text(),
        }
    }

    /// Gives `visit` the unquoted words with expressions in a value, each with what it became.
    pub(super) fn each_unquoted(
        &self,
        value: usize,
        written: &Written,
        visit: &mut dyn FnMut(&Node, &str),
    ) {
        match &self.filled[value] {
            Filled::Text(range, Style::Plain) => visit(&written.node, &self.texts[range.clone()]),
            Filled::Text(_, Style::Quoted) => {}
            Filled::Tree(node) => each_filled(&written.unquoted, node, visit),
        }
    }

    /// A value that is no scalar.
    pub(super) fn tree(&self, value: usize) -> Option<&Node> {
        match &self.filled[value] {
            Filled::Text(..) => None,
            Filled::Tree(node) => Some(node),
        }
    }

    /// Prints a value into its hole, with the blank or line break before it.
    pub(super) fn print(&self, hole: &Hole, format: Format, out: &mut Vec<u8>) {
        let Some(within) = hole.within else {
            self.print_as(format.into(), hole, out);
            return;
        };
        let mut yaml = Vec::new();
        self.print_as(within.form, hole, &mut yaml);
        within.write(&yaml, out);
    }

    fn print_as(&self, form: Form, hole: &Hole, out: &mut Vec<u8>) {
        match &self.filled[hole.value] {
            Filled::Text(range, style) => {
                print::scalar(form, *style, &self.texts[range.clone()], hole.place, out);
            }
            Filled::Tree(node) if hole.within.is_some() => {
                print::value(form, &sorted(node), hole.place, out);
            }
            Filled::Tree(node) => print::value(form, node, hole.place, out),
        }
    }
}

//! The values that readers need of a template, each once.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::constants::Constants;
use super::unfilled::{Unfilled, embeds_yaml};
use crate::plan::{Plan, Template};
use crate::source::Spanned;
use crate::tree::{Node, Style, Text, Value};

/// Collects the values of a template that differ between its instances.
pub struct Collector<'a> {
    constants: Constants<'a>,
    values: Vec<Unfilled>,
    /// The scalars so far, by what their author wrote.
    known: BTreeMap<((bool, bool), Rc<str>), usize>,
}

impl<'a> Collector<'a> {
    /// Returns a collector for a template of a plan.
    pub fn new(plan: &'a Plan, template: &'a Template) -> Self {
        Self {
            constants: Constants::new(plan, template),
            values: Vec::new(),
            known: BTreeMap::new(),
        }
    }

    /// Returns the value of a node if it is the same for all instances.
    pub fn constant(&self, node: &Node) -> Option<Node> {
        self.constants.value(node)
    }

    /// Returns the number of a value, which is added if it is new.
    pub fn value(&mut self, node: &Node) -> usize {
        let new = self.values.len();
        let index = if let Some(scalar) = node.as_scalar() {
            let is_unquoted = scalar.text.slots().any(|slot| slot.is_unquoted);
            let style = (scalar.style == Style::Quoted, is_unquoted);
            let key = (style, scalar.text.as_written());
            // What is written does not tell two trees apart, nor a final text that looks like
            // an expression, which was written with `$$`.
            if scalar.text.literal().is_some() || embeds_yaml(&scalar.text) {
                new
            } else {
                *self.known.entry(key).or_insert(new)
            }
        } else {
            // A tree may be printed and checked: it is substituted once.
            let mut values = self.values.iter();
            let known = values.position(|known| is_same(&known.node, node));
            known.unwrap_or(new)
        };
        if index == new {
            self.values.push(node.clone().into());
        }
        index
    }

    /// Returns the number of the value of a string.
    pub fn text(&mut self, text: &Spanned<Text>) -> usize {
        self.value(&text.node())
    }

    /// Returns the values, by their numbers.
    pub(super) fn into_values(self) -> Vec<Unfilled> {
        self.values
    }
}

/// Returns `true` if both are the same mapping or sequence.
fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Mapping(one), Value::Mapping(other)) => Rc::ptr_eq(one, other),
        (Value::Sequence(one), Value::Sequence(other)) => Rc::ptr_eq(one, other),
        _ => false,
    }
}

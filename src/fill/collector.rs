//! Collection of the values of a template that readers need, each once.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::constants::Constants;
use super::unfilled::{Unfilled, embeds_yaml};
use crate::plan::{Plan, Template};
use crate::source::Spanned;
use crate::tree::{Node, Text, Value};

/// Collects the values of a template that differ between its instances.
pub struct Collector<'a> {
    constants: Constants<'a>,
    values: Vec<Unfilled>,
    /// The numbers of the scalars so far, by their strings as written. Different scalars can be written alike:
    /// one with data that contains `${`, and one with an expression.
    scalars: BTreeMap<Rc<str>, Vec<usize>>,
    /// The numbers of the mappings and sequences so far, by their addresses.
    trees: BTreeMap<*const (), usize>,
}

impl<'a> Collector<'a> {
    /// Returns a collector for a template of a plan.
    pub fn new(plan: &'a Plan, template: &'a Template) -> Self {
        Self {
            constants: Constants::new(plan, template),
            values: Vec::new(),
            scalars: BTreeMap::new(),
            trees: BTreeMap::new(),
        }
    }

    /// Returns the value of a node if it is the same for all instances.
    pub fn constant(&self, node: &Node) -> Option<Node> {
        self.constants.fold(node)
    }

    /// Returns the number of a value, which is added if it is new.
    pub fn value(&mut self, node: &Node) -> usize {
        let new = self.values.len();
        let index = match &node.value {
            // A scalar with embedded YAML has no string that identifies it.
            Value::Scalar(scalar) if embeds_yaml(&scalar.text) => new,
            Value::Scalar(scalar) => {
                let alike = self.scalars.entry(scalar.text.source_text()).or_default();
                let is_same = |index: &&usize| self.values[**index].node == *node;
                alike.iter().find(is_same).copied().unwrap_or_else(|| {
                    alike.push(new);
                    new
                })
            }
            // A tree that is both rendered and validated is substituted once.
            Value::Mapping(entries) => self.tree(Rc::as_ptr(entries).cast(), new),
            Value::Sequence(items) => self.tree(Rc::as_ptr(items).cast(), new),
        };
        if index == new {
            self.values.push(node.clone().into());
        }
        index
    }

    fn tree(&mut self, address: *const (), new: usize) -> usize {
        *self.trees.entry(address).or_insert(new)
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

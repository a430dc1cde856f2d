//! The mappings and sequences that variables bring into objects.
//!
//! A variable can contain a whole reference, or a part of one. Such a value is substituted for every subject of the
//! object, so that it is followed like a written one. Strings are not substituted: kinds and names are compared as written.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::plan::{Plan, Template, With};
use crate::template::BUILT_IN;
use crate::template::fill;
use crate::tree::expression::Operation;
use crate::tree::{ExpressionSlot, Node, Role, Scalar, Style, Value};

/// The names of variables and fields that have a mapping or a sequence for a subject.
pub(super) struct Structures<'a> {
    names: BTreeSet<&'a str>,
}

/// A template, with the values of its variables.
pub(super) struct Values<'a> {
    pub(super) plan: &'a Plan,
    pub(super) template: &'a Template,
    pub(super) structures: &'a Structures<'a>,
}

impl<'a> Structures<'a> {
    /// Finds the names in all values of a plan.
    pub(super) fn new(plan: &'a Plan) -> Self {
        let mut all = Self {
            names: BTreeSet::new(),
        };
        let groups = plan.groups.iter().map(|group| &group.variables);
        let clusters = plan.clusters.iter().map(|cluster| &cluster.variables);
        let mut shared = std::ptr::null();
        for variables in clusters.chain(groups).chain([&plan.constants]) {
            let known = std::mem::replace(&mut shared, Rc::as_ptr(&variables.shared));
            let values = &variables.shared.values;
            let values = values.iter().filter(|_| known != shared);
            for (name, value) in variables.own.iter().chain(values) {
                all.add(name, value);
            }
        }
        for template in plan.templates.iter().chain(&plan.delivered) {
            for (name, value) in template.variables.iter() {
                all.add(name, value);
            }
            for instance in &template.instances {
                if let With::Entry(entry) = &instance.with {
                    all.add_fields(entry);
                }
            }
        }
        all
    }

    fn add(&mut self, name: &'a str, value: &'a Node) {
        let can_be_structure = match &value.value {
            Value::Scalar(scalar) => is_flow(scalar) || scalar.text.literal().is_none(),
            Value::Sequence(_) | Value::Mapping(_) => true,
        };
        if can_be_structure {
            self.names.insert(name);
            self.add_fields(value);
        }
    }

    fn add_fields(&mut self, value: &'a Node) {
        match &value.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => items.iter().for_each(|item| self.add_fields(item)),
            Value::Mapping(entries) => {
                for entry in entries.iter() {
                    self.add(entry.key.text.literal().unwrap_or_default(), &entry.value);
                }
            }
        }
    }

    /// Returns `true` if the value of a scalar can be a mapping or a sequence.
    pub(super) fn includes(&self, scalar: &Scalar) -> bool {
        let slot = scalar.text.sole_slot();
        scalar.style == Style::Plain && slot.is_some_and(|slot| self.includes_slot(slot))
    }

    fn includes_slot(&self, slot: &ExpressionSlot) -> bool {
        let expression = &slot.expression;
        let is_built_in = |name: &String| BUILT_IN.contains(&&**name);
        let path = &expression.path;
        let is_known = path.last().is_some_and(|name| self.names.contains(&**name));
        let default = slot.default.as_ref();
        let is_default = default.is_some_and(|default| match default.as_scalar() {
            Some(default) => self.includes(default),
            None => true,
        });
        !matches!(expression.operation, Operation::Call { .. })
            && (is_known || is_default || path.first().is_some_and(is_built_in))
    }

    /// Returns `true` if a tree has a value that can be a mapping or a sequence, a merge key, or a kind from a variable.
    fn is_open(&self, node: &Node) -> bool {
        match &node.value {
            Value::Scalar(scalar) => self.includes(scalar),
            Value::Sequence(items) => items.iter().any(|item| self.is_open(item)),
            Value::Mapping(entries) => entries.iter().any(|entry| match entry.key.role {
                Role::Spread => true,
                Role::Each => false,
                _ => {
                    let is_kind = entry.key.text.literal().is_none_or(|key| key == "kind");
                    is_kind && !entry.value.is_literal() || self.is_open(&entry.value)
                }
            }),
        }
    }
}

/// Returns `true` for a string that contains a mapping or a sequence in flow style, as in a `.env` file.
fn is_flow(scalar: &Scalar) -> bool {
    let text = scalar.text.literal();
    scalar.style == Style::Plain && text.is_some_and(|text| text.starts_with(['[', '{']))
}

impl Values<'_> {
    /// Returns `true` if the items that a `$each` repeats contain references from variables. Their variables exist only
    /// in the items, so these are substituted as a whole.
    pub(super) fn is_open_repetition(&self, item: &Node) -> bool {
        item.each_variable().is_some() && self.structures.is_open(item)
    }

    /// Calls `visit` with the values of a tree for the subjects of its template. Equal values that follow each other are
    /// visited once.
    pub(super) fn each(&self, node: &Node, visit: &mut dyn FnMut(&Node)) {
        let mut last = None;
        for instance in &self.template.instances {
            let scope = self.plan.scope(self.template, instance);
            // The walk reports the errors.
            let value = fill::node(node, &scope, &mut Vec::new());
            if last.as_ref() != Some(&value) {
                visit(&value);
                last = Some(value);
            }
        }
    }
}

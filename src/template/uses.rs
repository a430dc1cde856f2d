//! The uses of variables in a tree: below optional keys, in repeated items, or elsewhere.

use crate::source::Span;
use crate::tree::expression::{Segment, references};
use crate::tree::{Entry, ExpressionSlot, Node, Role, Value};

/// The use of an expression.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// The expression.
    pub slot: &'a ExpressionSlot,
    /// Whether an optional key is omitted if the expression's variable is not set.
    pub is_optional: bool,
    /// Whether the expression is in an item with a `$each`, whose entries can have the variable.
    pub is_repeated: bool,
}

/// Returns the variables that decide about optional keys of a tree, each with the location of its
/// expression.
///
/// Items with `$each` are omitted: their entries can set any variable.
pub fn deciding_roots(node: &Node) -> Vec<(Span, String)> {
    let mut roots = Vec::new();
    each_use(node, &mut |usage| {
        if !usage.is_optional || usage.is_repeated {
            return;
        }
        let segment = Segment::Expression(Box::new(usage.slot.expression.clone()));
        let all = references(std::slice::from_ref(&segment));
        let required = all.iter().filter(|reference| reference.required);
        let names = required.filter_map(|reference| reference.path.first());
        roots.extend(names.map(|name| (usage.slot.span, name.clone())));
    });
    roots
}

/// Calls `visit` with each use of an expression in a tree, including keys, in document order.
pub fn each_use<'a>(node: &'a Node, visit: &mut dyn FnMut(Use<'a>)) {
    let mut walk = Walk {
        is_optional: false,
        is_repeated: false,
        visit,
    };
    walk.node(node);
}

struct Walk<'v, 'a> {
    is_optional: bool,
    is_repeated: bool,
    visit: &'v mut dyn FnMut(Use<'a>),
}

impl<'a> Walk<'_, 'a> {
    fn node(&mut self, node: &'a Node) {
        match &node.value {
            Value::Scalar(scalar) => scalar.text.slots().for_each(|slot| self.slot(slot)),
            Value::Sequence(items) => items.iter().for_each(|item| self.item(item)),
            Value::Mapping(entries) => entries.iter().for_each(|entry| self.entry(entry)),
        }
    }

    fn slot(&mut self, slot: &'a ExpressionSlot) {
        (self.visit)(Use {
            slot,
            is_optional: self.is_optional,
            is_repeated: self.is_repeated,
        });
    }

    /// Visits an item. The optional keys around an item with `$each` apply to its sequence, not to its body.
    fn item(&mut self, item: &'a Node) {
        let Some(list) = item.each_variable() else {
            self.node(item);
            return;
        };
        self.slot(list);
        let mut below = Walk {
            is_optional: false,
            is_repeated: true,
            visit: &mut *self.visit,
        };
        let entries = item.entries().unwrap_or_default().iter();
        let others = entries.filter(|entry| entry.key.role != Role::Each);
        others.for_each(|entry| below.entry(entry));
    }

    fn entry(&mut self, entry: &'a Entry) {
        entry.key.text.slots().for_each(|slot| self.slot(slot));
        let mut below = Walk {
            is_optional: self.is_optional || entry.key.is_optional,
            is_repeated: self.is_repeated,
            visit: &mut *self.visit,
        };
        below.node(&entry.value);
    }
}

//! Warnings about sequences that are empty for every subject: one value can remove objects of all clusters.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::fleet::Fleet;
use crate::plan::{Plan, SubjectScope, Template};
use crate::source::Span;
use crate::template::fill;
use crate::tree::{ExpressionSlot, Node, Value};

/// Warns of every `$each` whose sequence is empty for all instances of a template.
pub(super) fn warn_empty_sequences(fleet: &Fleet, plan: &Plan, diags: &mut Diagnostics) {
    if fleet.safety.allow_empty {
        return;
    }
    let mut empty = BTreeSet::new();
    let mut other = BTreeSet::new();
    for template in plan.templates.iter().chain(&plan.delivered) {
        let mut found = BTreeMap::new();
        for object in &template.objects {
            each_variables(&object.tree, false, &mut found);
        }
        for (span, slot) in found {
            let is_empty = is_empty_everywhere(plan, template, &slot);
            let each = (span, slot.expression.path.join("."));
            if is_empty { &mut empty } else { &mut other }.insert(each);
        }
    }
    for (span, name) in empty.difference(&other) {
        diags.push(warning(*span, name));
    }
}

/// Creates the warning about a sequence that is empty for every subject.
pub(super) fn warning(span: Span, name: &str) -> Diagnostic {
    let message =
        format!("`{name}` is empty for every cluster, so nothing is created for its entries");
    let help = "restore its entries, or set `safety.allowEmpty: true` if it can be empty";
    Diagnostic::new(Code::EmptySequence, span, message).help(help)
}

/// Returns `true` if a sequence is empty, also through its default: its variable could have been removed.
pub(super) fn is_empty(scope: &SubjectScope<'_>, slot: &ExpressionSlot) -> bool {
    let value = fill::lookup(scope, &slot.expression.path);
    let value = value.as_deref().or(slot.default.as_ref());
    value.and_then(Node::items).is_some_and(<[Node]>::is_empty)
}

fn is_empty_everywhere(plan: &Plan, template: &Template, slot: &ExpressionSlot) -> bool {
    let mut instances = template.instances.iter();
    !template.instances.is_empty()
        && instances.all(|instance| is_empty(&plan.scope(template, instance), slot))
}

/// Finds each `$each`. Fields of entries with a default can be missing from all of them on purpose.
fn each_variables(node: &Node, is_inside: bool, found: &mut BTreeMap<Span, Rc<ExpressionSlot>>) {
    let slot = node.each_variable();
    if let Some(slot) = slot {
        let is_field = is_inside || slot.expression.path[0] == "WITH";
        if !is_field || slot.default.is_none() {
            found.insert(slot.span, Rc::clone(slot));
        }
    }
    let is_inside = is_inside || slot.is_some();
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            for item in items.iter() {
                each_variables(item, is_inside, found);
            }
        }
        Value::Mapping(entries) => {
            for entry in entries.iter() {
                each_variables(&entry.value, is_inside, found);
            }
        }
    }
}

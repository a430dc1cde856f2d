//! Warnings about sequences that are set, but empty for every subject: one value can remove objects of all clusters.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::fleet::Fleet;
use crate::plan::{Plan, SubjectScope, Template};
use crate::source::Span;
use crate::template::fill::Scope as _;
use crate::tree::{Node, Value};

/// A `$each`: its location, and the path of its variable.
type Each = (Span, Vec<String>);

/// Warns of every `$each` whose sequence is set and empty for all instances of a template.
pub(super) fn warn_empty_sequences(fleet: &Fleet, plan: &Plan, diags: &mut Diagnostics) {
    if fleet.safety.allow_empty {
        return;
    }
    let mut empty = BTreeSet::new();
    let mut other = BTreeSet::new();
    for template in plan.templates.iter().chain(&plan.delivered) {
        let mut found = BTreeSet::new();
        for object in &template.objects {
            each_variables(&object.tree, &mut found);
        }
        for (span, path) in found {
            let is_empty = is_empty_everywhere(plan, template, &path);
            if is_empty { &mut empty } else { &mut other }.insert((span, path));
        }
    }
    for (span, path) in empty.difference(&other) {
        diags.push(warning(*span, &path.join(".")));
    }
}

/// Creates the warning about a sequence that is empty for every subject.
pub(super) fn warning(span: Span, name: &str) -> Diagnostic {
    let message =
        format!("`{name}` is empty for every cluster, so nothing is created for its entries");
    let help = "restore its entries, or set `safety.allowEmpty: true` if it can be empty";
    Diagnostic::new(Code::EmptySequence, span, message).help(help)
}

/// Returns `true` if a variable is set to an empty sequence. A default that is empty is deliberate.
pub(super) fn is_empty(scope: &SubjectScope<'_>, path: &[String]) -> bool {
    let Some((root, keys)) = path.split_first() else {
        return false;
    };
    let Some(value) = scope.get(root) else {
        return false;
    };
    let field = keys.iter().try_fold(&*value, |node, key| node.get(key));
    field.and_then(Node::items).is_some_and(<[Node]>::is_empty)
}

fn is_empty_everywhere(plan: &Plan, template: &Template, path: &[String]) -> bool {
    let mut instances = template.instances.iter();
    !template.instances.is_empty()
        && instances.all(|instance| is_empty(&plan.scope(template, instance), path))
}

fn each_variables(node: &Node, found: &mut BTreeSet<Each>) {
    if let Some(slot) = node.each_variable() {
        found.insert((slot.span, slot.expression.path.clone()));
    }
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| each_variables(item, found)),
        Value::Mapping(entries) => {
            for entry in entries.iter() {
                each_variables(&entry.value, found);
            }
        }
    }
}

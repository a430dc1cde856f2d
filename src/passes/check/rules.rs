//! What the webhooks of Cluster API and its providers, and AWS, ask of single fields, as a table.

mod relations;
mod rule;
mod table;

use crate::plan::Object;
use relations::RELATIONS;
pub(crate) use relations::Relation;
pub(crate) use rule::{ANY, Field, Rule, refused_value};
use table::RULES;

/// The rules for an object.
pub(crate) fn rules(object: &Object) -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .filter(|rule| object.is(rule.group, rule.kind) && (rule.applies)(&object.tree))
}

/// The relations between fields of an object.
pub(crate) fn relations(object: &Object) -> impl Iterator<Item = &'static Relation> {
    RELATIONS
        .iter()
        .filter(|relation| object.is(relation.group, relation.kind))
}

#[cfg(test)]
#[path = "rules/tests.rs"]
mod tests;

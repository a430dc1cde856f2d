//! What the webhooks of Cluster API and its providers, and AWS, ask of single fields, as a table.

mod kinds;
mod relations;
mod rule;
mod table;

use crate::plan::Object;
use relations::RELATIONS;
pub(crate) use relations::Relation;
pub(crate) use rule::{ANY, Field, Path, Rule, first_key, refused_value, shown};
use table::{RULES, rule};

/// The rules for an object.
pub(crate) fn rules(object: &Object) -> impl Iterator<Item = Rule> {
    let is_for = |(group, kind)| object.is(group, kind);
    let judged = RULES
        .iter()
        .filter(move |rule| is_for(rule.kind) && (rule.applies)(&object.tree));
    let compared = |relation: &Relation| {
        let compared = |path| rule(relation.kind, path, Field::Compared);
        relation.paths.map(compared)
    };
    judged.copied().chain(relations(object).flat_map(compared))
}

/// The relations between fields of an object.
pub(crate) fn relations(object: &Object) -> impl Iterator<Item = &'static Relation> {
    let is_for = |(group, kind)| object.is(group, kind);
    RELATIONS
        .iter()
        .filter(move |relation| is_for(relation.kind))
}

#[cfg(test)]
#[path = "rules/tests.rs"]
mod tests;

//! Rules that webhooks of Cluster API, its providers and AWS apply to single fields.

mod constraints;
mod kinds;
mod rule;
mod table;

use crate::plan::Object;
use constraints::CONSTRAINTS;
pub(crate) use constraints::FieldConstraint;
pub(crate) use rule::{ANY, Field, Path, Rule, dotted, first_key, rejected_value};
use table::{RULES, rule};

/// Returns the rules for an object.
pub(crate) fn rules(object: &Object) -> impl Iterator<Item = Rule> {
    let is_for = |(group, kind)| object.is(group, kind);
    let judged = RULES
        .iter()
        .filter(move |rule| is_for(rule.kind) && (rule.applies)(&object.tree));
    let compared = |constraint: &FieldConstraint| {
        let compared = |path| rule(constraint.kind, path, Field::Compared);
        constraint.paths.map(compared)
    };
    judged
        .copied()
        .chain(constraints(object).flat_map(compared))
}

/// Returns the constraints between fields of an object.
pub(crate) fn constraints(object: &Object) -> impl Iterator<Item = &'static FieldConstraint> {
    let is_for = |(group, kind)| object.is(group, kind);
    CONSTRAINTS
        .iter()
        .filter(move |constraint| is_for(constraint.kind))
}

#[cfg(test)]
#[path = "rules/tests.rs"]
mod tests;

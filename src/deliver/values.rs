//! Values of the strings of add-ons.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::plan::{AddOn, Plan, Scoped, Subject};
use crate::source::Spanned;
use crate::template::fill;
use crate::tree::Text;

/// Groups clusters by the value of a string of an add-on.
pub(super) fn values_of(
    text: &Spanned<Text>,
    addon: &AddOn,
    plan: &Plan,
    clusters: &[usize],
) -> BTreeMap<Rc<str>, Vec<usize>> {
    let variables = addon.variables();
    let mut values: BTreeMap<Rc<str>, Vec<usize>> = BTreeMap::new();
    for index in clusters {
        let subject = Subject::Cluster(&plan.clusters[*index]);
        let scope = Scoped::new(plan.subjects(), subject, &variables);
        // What cannot be substituted is reported with the add-on.
        let value = fill::text(&text.value, &scope, &mut Vec::new());
        values.entry(value).or_default().push(*index);
    }
    values
}

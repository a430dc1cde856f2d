//! Reasons why a cluster gets an add-on or not.

use std::collections::BTreeSet;

use super::context::Context;
use super::installed::variant;
use super::level::{Level, State};
use super::selector;
use crate::plan::AddOn;

/// Returns the requirements of an add-on's selector, or the selectors of the add-ons that depend on it.
pub(super) fn reasons(context: &Context<'_>, addon: &AddOn, cluster: usize) -> Vec<Level> {
    let mut levels = Vec::new();
    let mut seen = BTreeSet::new();
    add(context, addon, cluster, &mut seen, &mut levels);
    levels
}

fn add<'a>(
    context: &Context<'a>,
    addon: &'a AddOn,
    cluster: usize,
    seen: &mut BTreeSet<&'a str>,
    levels: &mut Vec<Level>,
) {
    let name = &addon.written.name.value;
    if !seen.insert(name) {
        return;
    }
    if addon.written.selector.is_some() {
        let selector = addon.written.selector.as_ref();
        levels.extend(selector::levels(selector, &context.named(cluster)));
        return;
    }
    let mut has_dependent = false;
    for other in &context.plan().addons {
        let mut needs = other.written.depends_on.iter();
        let Some(needs) = needs.find(|needed| needed.value == *name) else {
            continue;
        };
        has_dependent = true;
        let is_installed = variant(other, cluster).is_some();
        let state = if is_installed {
            State::Applies
        } else {
            State::NotSelected
        };
        let note = format!(
            "`{}` depends on `{name}`, which has no selector",
            other.written.name.value
        );
        let level = Level::new("dependsOn", &*other.written.name.value, needs.span);
        levels.push(level.state(state).note(note));
        add(context, other, cluster, seen, levels);
    }
    if !has_dependent {
        let note = "only profiles depend on it";
        levels.push(Level::new("dependsOn", &**name, addon.written.name.span).note(note));
    }
}

//! Warnings about optional keys whose variable can never be set, so that they are always omitted.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::fleet::Fleet;
use crate::model::Variables;
use crate::plan::Plan;
use crate::template::BUILT_IN;

/// Warns of names below keys with `?` that can never be set. Does not warn if the members of a list can set any name.
pub(super) fn warn_never_set(fleet: &Fleet, plan: &Plan, diags: &mut Diagnostics) {
    if plan.deciding.is_empty() {
        return;
    }
    let Some(settable) = settable(fleet, plan) else {
        return;
    };
    for (span, name) in plan
        .deciding
        .iter()
        .filter(|(_, name)| !settable.contains(name))
    {
        let message = format!("variable `{name}` can never be set, so this key is always omitted");
        let names = || settable.iter().map(String::as_str);
        let help = match diags.suggestions.closest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add `{name}` to `fields` or `variables`, or remove the key"),
        };
        diags.push(Diagnostic::new(Code::NeverSet, *span, message).help(help));
    }
}

/// Returns the names that members, fleet.yaml, or files of shared variables can set. Returns `None` if the members of
/// a list can set any name.
pub(super) fn settable(fleet: &Fleet, plan: &Plan) -> Option<BTreeSet<String>> {
    let clusters = fleet.clusters.iter().map(|entry| &entry.members);
    let groups = fleet
        .groups
        .iter()
        .filter_map(|entry| entry.members.as_ref());
    let mut names: BTreeSet<String> = BUILT_IN.iter().map(ToString::to_string).collect();
    for members in clusters.chain(groups) {
        names.extend(members.settable()?);
        let variables = members.variables.iter();
        names.extend(variables.map(|variable| variable.key.text.source_text().to_string()));
    }
    let of_clusters = plan.clusters.iter().map(|cluster| &cluster.variables);
    let of_groups = plan.groups.iter().map(|group| &group.variables);
    for variables in of_clusters.chain(of_groups).chain([&plan.constants]) {
        let Variables { own, shared } = variables;
        for (name, _) in own.iter().chain(&shared.values) {
            if !names.contains(&**name) {
                names.insert(name.to_string());
            }
        }
    }
    Some(names)
}

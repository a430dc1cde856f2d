//! Warns about labels of members that decide whether a cluster is a spoke. The hub uninstalls the add-ons of a cluster
//! that becomes a spoke before the spoke installs them, and the other way round.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::captures;
use crate::input::clusters::Clusters;
use crate::input::fleet::Fleet;
use crate::input::members::Members;
use crate::input::templates::{TemplateFile, With};
use crate::model::{Cluster, OnRemove};
use crate::plan::{AddOn, Creator, Object, Plan};
use crate::source::Span;
use crate::template::BUILT_IN;
use crate::tree::{Entry, Node, roots, roots_of_text};

/// Warns about every such template, if spokes apply an add-on that would be uninstalled.
pub fn warn_movable_spokes(fleet: &Fleet, plan: &Plan, diags: &mut Diagnostics) {
    let Some(addon) = plan.addons.iter().find(|addon| moves(addon)) else {
        return;
    };
    for template in &fleet.templates {
        if creates_spokes(template, plan)
            && let Some((span, what, set_at)) = decided_by_members(template, fleet)
        {
            let message = format!(
                "{what} of members decides whether a cluster is a spoke: if it changes, add-ons such as `{}` are uninstalled before their new owner installs them",
                addon.written.name.value
            );
            let help = "list the spokes in a file of their own, and set the label there without variables; to move a live cluster, set `onRemove: leave` on its add-ons and sync first";
            diags.push(
                Diagnostic::new(Code::MovableSpoke, span, message)
                    .related(set_at, "set here")
                    .help(help),
            );
        }
    }
}

/// Returns the first spoke with an add-on that was uninstalled when it became a spoke, and the name of the add-on.
pub(super) fn find_spokes(plan: &Plan) -> Option<(&Cluster, &str)> {
    let spokes = plan.spokes();
    let addons = plan.addons.iter().filter(|addon| moves(addon));
    let first = addons.filter_map(|addon| {
        let clusters = addon.variants.iter().flat_map(|variant| &variant.clusters);
        let first = clusters.filter(|index| spokes.contains(index)).min()?;
        Some((*first, &*addon.written.name.value))
    });
    let (first, addon) = first.min_by_key(|(first, _)| *first)?;
    Some((&plan.clusters[first], addon))
}

/// Returns `true` if a cluster that becomes a spoke gets another owner of the add-on, which the old one uninstalls.
fn moves(addon: &AddOn) -> bool {
    let mut targets = addon.targets().into_iter();
    addon.written.on_remove() == OnRemove::Uninstall
        && addon.written.from_hub.is_none()
        && targets.any(|target| addon.has_sides(target))
}

/// Returns `true` if clusters of the template are spokes.
fn creates_spokes(template: &TemplateFile, plan: &Plan) -> bool {
    let creator = Creator::Template(template.file.span);
    let mut created = plan
        .templates
        .iter()
        .filter(|created| created.creator == creator);
    created.any(|created| !created.is_from_spoke && created.objects.iter().any(Object::is_spoke))
}

/// Returns the selection of a template that members decide: its location, its name, and the location of the value.
fn decided_by_members(template: &TemplateFile, fleet: &Fleet) -> Option<(Span, String, Span)> {
    let requirements = template
        .selector
        .iter()
        .flat_map(|all| &all.value.requirements);
    for requirement in requirements {
        let key = &requirement.key;
        let mut entries = fleet.clusters.iter();
        if let Some(set_at) = entries.find_map(|entry| set_by_members(&key.value, entry)) {
            return Some((key.span, format!("the label `{}`", key.value), set_at));
        }
    }
    let with = template.with.iter().map(|with| match with {
        With::Variable(text) | With::File(text) => text,
    });
    for text in [&template.file].into_iter().chain(with) {
        let roots = roots_of_text(&text.value);
        let named = |entry: &Clusters| {
            roots
                .iter()
                .find(|name| is_of_members(name, &entry.members))
        };
        let mut entries = fleet.clusters.iter();
        if let Some((name, entry)) = entries.find_map(|entry| Some((named(entry)?, entry))) {
            return Some((
                text.span,
                format!("the variable `{name}`"),
                entry.members.list.span,
            ));
        }
    }
    None
}

/// Returns the location of a label in an entry of `clusters`, if members can set its value.
fn set_by_members(label: &str, entry: &Clusters) -> Option<Span> {
    let mut written = entry.labels.iter();
    let is_named =
        |entry: &&Entry| !entry.key.is_spread() && *entry.key.text.source_text() == *label;
    let candidates = match written.find(is_named) {
        Some(named) => vec![named],
        None => entry
            .labels
            .iter()
            .filter(|entry| entry.key.is_spread())
            .collect(),
    };
    let reads = |value: &Node| {
        roots(value)
            .iter()
            .any(|name| is_of_members(name, &entry.members))
    };
    let found = candidates.into_iter().find(|label| reads(&label.value));
    found.map(|label| label.key.span)
}

/// Returns `true` if a member can set a variable. The name of a member and the path of its file do not count.
fn is_of_members(name: &str, members: &Members) -> bool {
    let mut open = vec![name.to_owned()];
    let mut seen = BTreeSet::new();
    let settable = members.settable();
    let captures = captures(&members.list.value);
    while let Some(name) = open.pop() {
        let is_fixed = BUILT_IN.contains(&name.as_str())
            || members.key.value == name
            || captures.iter().any(|capture| **capture == *name);
        if is_fixed || !seen.insert(name.clone()) {
            continue;
        }
        let mut variables = members.variables.iter();
        if let Some(entry) = variables.find(|entry| *entry.key.text.source_text() == *name) {
            open.extend(roots(&entry.value));
        } else if settable
            .as_ref()
            .is_none_or(|settable| settable.contains(&name))
        {
            return true;
        } else {
            let paths = members.variables_from.iter();
            open.extend(paths.flat_map(|path| roots_of_text(&path.value)));
        }
    }
    false
}

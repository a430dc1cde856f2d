//! Warns of what `fleet.yaml` says to no effect: variables that nothing reads, kinds that nothing makes.

use std::collections::BTreeSet;

use super::never_set::warn_never_set;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean, nearest};
use crate::input::clusters::Clusters;
use crate::input::fleet::Fleet;
use crate::input::members::Members;
use crate::input::templates::With;
use crate::plan::{Object, Plan};
use crate::source::Span;
use crate::tree::roots;

/// Warns of `variables` and `fields` that neither a template nor `fleet.yaml` reads, of optional keys that
/// nothing can set, and of `protect` where it protects nothing.
pub fn unused(fleet: &Fleet, plan: &Plan, diags: &mut Diagnostics) {
    unused_protection(fleet, plan, diags);
    warn_never_set(fleet, plan, diags);
    let mut everywhere = plan.reads.clone();
    for template in &fleet.templates {
        everywhere.extend(roots(&template.file.node()));
        everywhere.extend(template.variables.iter().flat_map(|one| roots(&one.value)));
        if let Some(With::Variable(list) | With::File(list)) = &template.with {
            everywhere.extend(roots(&list.node()));
        }
    }
    let methods = plan.addons.iter().map(|addon| &addon.delivery);
    let documents = methods.flat_map(|method| &method.documents);
    everywhere.extend(documents.flat_map(|document| roots(&document.tree)));
    for addon in &fleet.addons {
        everywhere.extend(roots(&addon.software));
        let patches = addon.patches.software.iter();
        everywhere.extend(patches.flat_map(|patch| roots(&patch.change)));
    }
    for entry in &fleet.clusters {
        let read = everywhere.iter().cloned().chain(of_entry(entry));
        unread(&entry.members, &read.collect(), diags);
    }
    for members in fleet
        .groups
        .iter()
        .filter_map(|entry| entry.members.as_ref())
    {
        let read = everywhere.iter().cloned().chain(of_members(members));
        unread(members, &read.collect(), diags);
    }
}

/// Warns of what a list's members set and nothing reads.
fn unread(members: &Members, read: &BTreeSet<String>, diags: &mut Diagnostics) {
    let variables = members
        .variables
        .iter()
        .map(|entry| (entry.key.text.as_written().to_string(), entry.key.span));
    let key = &members.key.value;
    let fields = members
        .fields
        .iter()
        .flatten()
        .map(|field| (field.name.value.clone(), field.name.span));
    for (name, span) in variables.chain(fields.filter(|(name, _)| name != key)) {
        if !read.contains(&name) {
            warn(&name, span, read, diags);
        }
    }
}

fn unused_protection(fleet: &Fleet, plan: &Plan, diags: &mut Diagnostics) {
    let templates = plan.templates.iter().chain(&plan.delivered);
    let objects = templates.flat_map(|template| &template.objects);
    let kinds: BTreeSet<String> = objects.map(Object::qualified_kind).collect();
    for protected in &fleet.safety.protect {
        let name = &protected.value;
        if !kinds.contains(name) {
            let message = format!("no template makes a `{name}`: nothing is protected");
            let help = did_you_mean(name, kinds.iter().map(String::as_str));
            diags.push(Diagnostic::new(Code::UnusedProtection, protected.span, message).help(help));
        }
    }
}

fn warn(name: &str, span: Span, read: &BTreeSet<String>, diags: &mut Diagnostics) {
    let message = format!("nothing reads the variable `{name}`");
    let help = match nearest(name, read.iter().map(String::as_str)) {
        Some(near) => format!("`{near}` is read: are they meant to be one?"),
        None => format!("remove it, or use it: ${{{name}}}"),
    };
    diags.push(Diagnostic::new(Code::UnusedVariable, span, message).help(help));
}

fn of_entry(entry: &Clusters) -> impl Iterator<Item = String> {
    let names = entry
        .name
        .iter()
        .chain(&entry.namespace)
        .flat_map(|template| roots(&template.node()));
    let labels = entry.labels.iter().flat_map(|entry| roots(&entry.value));
    names.chain(labels).chain(of_members(&entry.members))
}

fn of_members(members: &Members) -> impl Iterator<Item = String> {
    let paths = members.variables_from.iter();
    let paths = paths.flat_map(|template| roots(&template.node()));
    let variables = members.variables.iter();
    paths.chain(variables.flat_map(|entry| roots(&entry.value)))
}

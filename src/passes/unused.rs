//! Warnings about keys of `fleet.yaml` without an effect.

use std::collections::BTreeSet;

use super::empty_sequences::warn_empty_sequences;
use super::never_set::warn_never_set;
use super::unprotected::warn_unprotected;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::fleet::Fleet;
use crate::input::members::Members;
use crate::input::templates::With;
use crate::plan::{Object, Plan};
use crate::tree::{roots, roots_of_text};

/// Warns of `variables` and `fields` that are never used, of optional keys that can never be set, and of kinds in
/// `protect` that no template creates.
pub fn warn_unused(fleet: &Fleet, plan: &Plan, diags: &mut Diagnostics) {
    warn_unused_protection(fleet, plan, diags);
    warn_unprotected(fleet, plan, diags);
    warn_never_set(fleet, plan, diags);
    warn_empty_sequences(fleet, plan, diags);
    let mut everywhere: BTreeSet<String> = plan.reads.union(&fleet.reads).cloned().collect();
    // The value of `with` can be the name of a variable.
    for template in &fleet.templates {
        if let Some(With::Variable(list)) = &template.with {
            everywhere.extend(roots_of_text(&list.value));
        }
    }
    let methods = plan.addons.iter().map(|addon| &addon.delivery);
    let documents = methods.flat_map(|method| &method.documents);
    everywhere.extend(documents.flat_map(|document| roots(&document.tree)));
    for entry in &fleet.clusters {
        let mut read = everywhere.clone();
        let names = entry.name.iter().chain(&entry.namespace);
        read.extend(names.flat_map(|template| roots_of_text(&template.value)));
        read.extend(entry.labels.iter().flat_map(|entry| roots(&entry.value)));
        warn_unused_variables(&entry.members, read, diags);
    }
    for entry in &fleet.groups {
        if let Some(members) = &entry.members {
            warn_unused_variables(members, everywhere.clone(), diags);
        }
    }
}

/// Warns of variables and fields of a list that are never used.
fn warn_unused_variables(members: &Members, mut read: BTreeSet<String>, diags: &mut Diagnostics) {
    let paths = members.variables_from.iter();
    read.extend(paths.flat_map(|path| roots_of_text(&path.value)));
    let values = members.variables.iter();
    read.extend(values.flat_map(|entry| roots(&entry.value)));
    let variables = members
        .variables
        .iter()
        .map(|entry| (entry.key.text.source_text().to_string(), entry.key.span));
    let key = &members.key.value;
    let fields = members
        .fields
        .iter()
        .flatten()
        .map(|field| (field.name.value.clone(), field.name.span));
    for (name, span) in variables.chain(fields.filter(|(name, _)| name != key)) {
        if !read.contains(&name) {
            let message = format!("variable `{name}` is never used");
            let help = match diags
                .suggestions
                .closest(&name, || read.iter().map(String::as_str))
            {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("remove the variable, or use it as `${{{name}}}`"),
            };
            diags.push(Diagnostic::new(Code::UnusedVariable, span, message).help(help));
        }
    }
}

fn warn_unused_protection(fleet: &Fleet, plan: &Plan, diags: &mut Diagnostics) {
    let templates = plan.templates.iter().chain(&plan.delivered);
    let objects = templates.flat_map(|template| &template.objects);
    let kinds: BTreeSet<String> = objects.map(Object::qualified_kind).collect();
    for protected in &fleet.safety.protect {
        let name = &protected.value;
        if !kinds.contains(name) {
            let message = format!("no template creates a `{name}`, so this entry has no effect");
            let help = diags
                .suggestions
                .did_you_mean(name, || kinds.iter().map(String::as_str));
            diags.push(Diagnostic::new(Code::UnusedProtection, protected.span, message).help(help));
        }
    }
}

//! The checks of each add-on against its delivery method.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::directory::check_directory;
use super::documents::check_documents;
use super::keys::check_keys;
use super::lookups::check_runtime_values;
use super::order::warn_unordered;
use super::project::check_project;
use super::source::check_source;
use super::unknown::check_names;
use crate::diagnostic::Diagnostics;
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::plan::{AddOn, Plan, Software};

/// Checks every add-on, and returns the names of those with errors. An error in a delivery method of the fleet is an
/// error of all of its add-ons.
pub(super) fn check_addons(
    files: &mut Files,
    fleet: &Fleet,
    plan: &Plan,
    diags: &mut Diagnostics,
) -> BTreeSet<Rc<str>> {
    let before = diags.errors();
    check_names(fleet, plan, diags);
    let are_own_wrong = diags.errors() > before;
    let mut wrong = BTreeSet::new();
    for addon in &plan.addons {
        let before = diags.errors();
        check_addon(files, addon, plan, diags);
        let is_own_wrong = are_own_wrong && addon.delivery.file.is_some();
        if is_own_wrong || diags.errors() > before {
            wrong.insert(Rc::clone(&addon.written.name.value));
        }
    }
    wrong
}

fn check_addon(files: &mut Files, addon: &AddOn, plan: &Plan, diags: &mut Diagnostics) {
    let is_whole = check_documents(addon, diags);
    check_source(addon, plan.source.as_ref(), diags);
    warn_unordered(addon, &plan.addons, diags);
    // If a document is missing, the keys that it would read are unknown.
    if is_whole {
        check_keys(addon, diags);
    }
    if addon.reads("PROJECT") || !is_whole {
        check_project(addon, plan, diags);
    }
    let mut checked = BTreeSet::new();
    for variant in &addon.variants {
        match &variant.software {
            Software::Helm(chart) => {
                if let Some(paths) = &chart.runtime_values
                    && checked.insert(paths.span)
                {
                    check_runtime_values(addon, paths, diags);
                }
            }
            Software::Manifests(manifests) => check_directory(files, addon, manifests, diags),
        }
    }
}

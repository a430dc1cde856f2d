//! Creation of the objects of add-ons.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::bound::bound_object;
use super::patched::patch_delivered;
use crate::deliver::templates;
use crate::diagnostic::Diagnostics;
use crate::passes::findings::{ADDON, AffectedSubject, Findings};
use crate::passes::select::SelectedAddOn;
use crate::plan::{Plan, Template};

/// Returns the objects of all add-ons with their patches. Further errors of add-ons that are `wrong` are not reported.
pub(super) fn create_objects(
    plan: &Plan,
    addons: &[SelectedAddOn<'_>],
    wrong: &BTreeSet<Rc<str>>,
    diags: &mut Diagnostics,
) -> Vec<Template> {
    let before = diags.errors();
    let (templates, found) = templates(plan, &mut |addon, document, tree| {
        bound_object(addon, document, tree, &plan.schemas, diags)
    });
    let mut findings = Findings::default();
    for (addon, error) in found {
        let name = &plan.addons[addon].written.name;
        if wrong.contains(&name.value) {
            continue;
        }
        let addon = AffectedSubject {
            noun: ADDON,
            name: &name.value,
            span: Some(name.span),
            variables: &plan.constants,
        };
        findings.add_errors(vec![error], addon);
    }
    findings.report(diags);
    if diags.errors() > before {
        return Vec::new();
    }
    let addons = addons.iter();
    let addons = addons.filter(|selected| !wrong.contains(&selected.addon.name.value));
    let addons: Vec<&SelectedAddOn<'_>> = addons.collect();
    patch_delivered(templates, &addons, plan, diags)
}

//! Patches of the objects of add-ons, for the clusters that each patch selects.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_or};
use crate::input::patch::ObjectChange;
use crate::kinds::Schemas;
use crate::passes::prepare::metadata::DefaultNamespace;
use crate::passes::prepare::object::object;
use crate::passes::prepare::patched::{PatchUse, Patches, apply_patches, is_kind};
use crate::passes::select::{Selected, SelectedAddOn};
use crate::plan::{Creator, Instance, Object, Plan, SubjectId, Template};
use crate::tree::Node;

/// Applies the patches of add-ons to the templates that their delivery methods created.
pub(super) fn patch_delivered(
    templates: Vec<Template>,
    addons: &[&SelectedAddOn<'_>],
    plan: &Plan,
    diags: &mut Diagnostics,
) -> Vec<Template> {
    let patched = addons.iter().copied();
    let patched = patched.filter(|addon| !addon.object_patches.is_empty());
    let mut patched: Vec<(&SelectedAddOn<'_>, PatchUse)> =
        patched.map(|addon| (addon, PatchUse::default())).collect();
    if patched.is_empty() {
        return templates;
    }
    for (addon, _) in &patched {
        check_targets(&templates, addon, diags);
    }
    let mut all = Vec::with_capacity(templates.len());
    for template in templates {
        let mut addons = patched.iter_mut();
        let addon = addons.find(|(selected, _)| match &template.creator {
            Creator::AddOn(name) => selected.addon.name.value == *name,
            _ => false,
        });
        match addon {
            Some((addon, used)) => {
                all.extend(apply(&template, &addon.object_patches, plan, used, diags));
            }
            None => all.push(template),
        }
    }
    for (addon, used) in &patched {
        used.report_unused(&addon.object_patches, diags);
    }
    all
}

/// Reports patches whose target matches no object of the add-on.
fn check_targets(templates: &[Template], selected: &SelectedAddOn<'_>, diags: &mut Diagnostics) {
    let name = &selected.addon.name.value;
    let is_own = |template: &&Template| template.creator == Creator::AddOn(Rc::clone(name));
    let own: Vec<&Template> = templates.iter().filter(is_own).collect();
    let objects = || own.iter().flat_map(|template| &template.objects);
    for Selected { patch, .. } in &selected.object_patches {
        let target = &patch.change.target;
        if own.is_empty() || objects().any(|object| is_kind(&object.tree, target)) {
            continue;
        }
        let mut kinds: Vec<&str> = objects().map(|object| &*object.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let message = format!("target matches no object of add-on `{name}`");
        let help = format!("set `kind` to {}", join_or(kinds));
        let diagnostic = Diagnostic::new(Code::TargetMatchesNothing, target.span, message);
        diags.push(diagnostic.help(help));
    }
}

/// Returns a template for each set of patches that selects a subject.
fn apply(
    template: &Template,
    patches: &[Selected<'_, ObjectChange>],
    plan: &Plan,
    used: &mut PatchUse,
    diags: &mut Diagnostics,
) -> Vec<Template> {
    for Selected { patch, .. } in patches {
        let is_target = |object: &Object| is_kind(&object.tree, &patch.change.target);
        let is_shared = template
            .instances
            .iter()
            .any(|instance| instance.subject == SubjectId::Shared);
        if let Some(selector) = &patch.selector
            && is_shared
            && template.objects.iter().any(is_target)
        {
            let message =
                "patch must not have a `selector`: all clusters of the add-on share this object";
            let help = "remove `selector`, or create two add-ons, each with its own `selector`";
            diags.push(Diagnostic::new(Code::CannotVary, selector.span, message).help(help));
        }
    }
    let documents: Vec<Node> = template
        .objects
        .iter()
        .map(|object| object.tree.clone())
        .collect();
    let ids: Vec<SubjectId> = template
        .instances
        .iter()
        .map(|instance| instance.subject)
        .collect();
    let patches = Patches {
        patches,
        subjects: &ids,
    };
    let known = (plan.subjects(), &*template.variables);
    let sets = apply_patches(&documents, patches, known, used, diags);
    let mut all = Vec::with_capacity(sets.len());
    for patched in sets {
        let pairs = patched.documents.iter().zip(&template.objects);
        let objects =
            pairs.filter_map(|(document, known)| changed(document, known, &plan.schemas, diags));
        let instances = patched.subjects.into_iter().map(Instance::from).collect();
        all.push(Template {
            stacks: patched.stacks,
            ..template.part(objects.collect(), instances)
        });
    }
    all
}

/// Returns the object of a patched document. Reports a patch that changes its identity.
fn changed(
    document: &Node,
    known: &Object,
    schemas: &Schemas,
    diags: &mut Diagnostics,
) -> Option<Object> {
    if *document == known.tree {
        return Some(known.clone());
    }
    let patched = object(document, &DefaultNamespace::Bound, schemas, diags)?;
    if patched.written() != known.written() {
        let message = format!(
            "patch must not change the kind, the namespace or the name of this {}",
            known.kind
        );
        let help = "remove the change, because controllers and other objects refer to the object";
        let diagnostic = Diagnostic::new(Code::PatchFailed, patched.name.span, message);
        diags.push(
            diagnostic
                .related(known.span, "created for this add-on")
                .help(help),
        );
    }
    Some(Object {
        span: known.span,
        name: known.name.clone(),
        namespace: known.namespace.clone(),
        ..patched
    })
}

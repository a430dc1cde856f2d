//! Templates' documents become objects: complete but for their variables.
//!
//! Here every object gets its namespace, the Cluster its labels, and what must not be deleted by
//! accident its guards.

mod definite;
mod forms;
pub(crate) mod guard;
mod kinds;
mod labels;
pub(crate) mod metadata;
pub(crate) mod object;
pub(crate) mod patched;
mod product;
mod rotate;

use std::collections::BTreeSet;
use std::rc::Rc;

use metadata::Home;
use rotate::Rotation;

use super::created::check_created;
use super::read::Written;
use super::resolve::Settled;
use super::select::{Selection, Use};
use crate::builtin;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported};
use crate::files::Files;

use crate::input::templates::ForEach;
use crate::plan::{AddOn, Creator, Object, Plan, Template};
use crate::source::FileId;
use crate::template;
use crate::template::uses::deciding_roots;
use crate::tree::{Node, roots};

/// An object has at least so many bytes: a budget of output has room for no more objects than that.
const OBJECT_BYTES: usize = 48;

/// The Namespace of a cluster, as a template.
const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: \"${NAMESPACE}\"}\n";

/// Reads the templates that are used and makes the plan.
pub fn prepare(
    files: &mut Files,
    Written { fleet, .. }: &Written,
    selection: &Selection<'_>,
    settled: Settled,
    addons: Vec<AddOn>,
    diags: &mut Diagnostics,
) -> Result<Plan, ErrorsReported> {
    let mut templates: Vec<Template> = Vec::with_capacity(selection.templates.len());
    let room = fleet.safety.output_budget() / OBJECT_BYTES;
    let mut rotation = Rotation::default();
    let mut reads = BTreeSet::new();
    let mut deciding = BTreeSet::new();
    for (used, one) in selection.templates.iter().enumerate() {
        let file = file(files, one).map_err(|diagnostic| diags.push(diagnostic));
        let Ok(file) = file else {
            continue;
        };
        let Some(documents) = template::parse(file, &files.sources, diags) else {
            continue;
        };
        if documents.is_empty() {
            let message = format!("the template `{}` holds no object", one.path);
            diags.push(Diagnostic::new(Code::EmptyFile, one.span(), message));
        }
        let variables = product::variables(one, settled.subjects(), diags);
        let room = room / documents.len().max(1);
        let known = (settled.subjects(), &*variables);
        let Ok(entries) = product::entries(files, one, known, room, diags) else {
            continue;
        };
        let home = match one.template.for_each {
            ForEach::Cluster => Home::Cluster,
            ForEach::Fleet | ForEach::Group(_) => Home::Written,
        };
        for patched in patched::patched(&documents, one, settled.subjects(), &variables, diags) {
            let mut made = Template {
                creator: Creator::Template(one.span()),
                objects: objects(&patched.documents, &home, diags),
                stacks: patched.stacks,
                variables: Rc::clone(&variables),
                instances: product::instances(entries.as_ref(), used, &patched.subjects),
                selected: one.selected.clone(),
                is_from_spoke: one.template.from_spoke.is_some(),
            };
            if let Some(span) = one.template.rotate {
                rotation.rename(used, &mut made);
                let is_whole = made.objects.len() == documents.len();
                if is_whole && !made.objects.iter().any(rotate::is_rotated) {
                    diags.push(rotate::nothing(span));
                }
            }
            for object in &made.objects {
                reads.extend(roots(&object.tree));
                if one.template.with.is_none() {
                    let names = deciding_roots(&object.tree).into_iter();
                    let is_own = |name: &str| {
                        let mut own = one.template.variables.iter();
                        own.any(|own| own.key.text.literal() == Some(name))
                    };
                    deciding.extend(names.filter(|(_, name)| !is_own(name)));
                }
            }
            for form in forms::forms(made, settled.subjects()) {
                labels::written(form, &settled.clusters, &mut templates);
            }
            rotation.note(used, &templates);
        }
    }
    let rotated = rotation.follow(&mut templates, diags);
    let file = files.add_builtin("builtin:namespace", NAMESPACE);
    let documents = template::parse(file, &files.sources, diags).unwrap_or_default();
    let objects = objects(&documents, &Home::Cluster, diags);
    let namespace = Template::new(Creator::Namespace, objects, Vec::new());
    let Settled {
        clusters,
        groups,
        constants,
        profiles,
        derived: _,
    } = settled;
    let plan = Plan {
        constants,
        clusters,
        groups,
        has_cells: fleet.cells.is_some(),
        namespace,
        templates,
        addons,
        rotated,
        source: fleet.source.as_ref().map(|source| source.value.clone()),
        profiles,
        delivered: Vec::new(),
        reads,
        deciding,
    };
    diags.checkpoint()?;
    check_created(&plan, selection, diags);
    Ok(plan)
}

fn objects(documents: &[Node], home: &Home, diags: &mut Diagnostics) -> Vec<Object> {
    documents
        .iter()
        .filter_map(|document| object::object(document, home, diags))
        .collect()
}

fn file(files: &mut Files, one: &Use<'_>) -> Result<FileId, Diagnostic> {
    let Some(name) = one.path.strip_prefix("builtin:") else {
        let path = files.relative(&one.path, one.span());
        return files.read(&path, Some(one.span()));
    };
    if let Some(built_in) = builtin::find(name) {
        Ok(files.add_builtin(&one.path, built_in.text))
    } else {
        let message = format!("there is no built-in template `{name}`");
        Err(Diagnostic::new(Code::UnknownBuiltin, one.span(), message).help(builtin::suggest(name)))
    }
}

//! Creates objects from the documents of templates, complete except for the values of variables.
//!
//! Sets the namespace of every object, the labels of each Cluster, and guards against accidental deletion.

mod definite;
mod forms;
pub(crate) mod guard;
mod instances;
mod kinds;
mod labels;
pub(crate) mod metadata;
pub(crate) mod object;
mod owned;
pub(crate) mod patched;
mod rotate;

use std::collections::BTreeSet;
use std::rc::Rc;

use instances::Limits;
use metadata::DefaultNamespace;
use rotate::Rotation;

use super::created::check_created;
use super::read::Written;
use super::resolve::ResolvedFleet;
use super::select::{Selection, TemplateUse};
use crate::builtin;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported};
use crate::files::Files;

use crate::input::templates::ForEach;
use crate::kinds::Schemas;
use crate::plan::{AddOn, Creator, Object, Plan, Template};
use crate::source::FileId;
use crate::template;
use crate::template::uses::deciding_roots;
use crate::tree::{Node, roots};

/// Minimum size of an object in bytes, which limits the number of objects in an output.
const MIN_OBJECT_BYTES: usize = 48;

/// Template of the Namespace of a cluster.
const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: \"${NAMESPACE}\"}\n";

/// Reads the selected templates and creates the plan.
///
/// # Errors
///
/// Returns an error if `diags` contains an error, including earlier ones.
pub fn prepare(
    files: &mut Files,
    Written { fleet, schemas, .. }: &Written,
    selection: &Selection<'_>,
    fleet_parts: ResolvedFleet,
    addons: Vec<AddOn>,
    diags: &mut Diagnostics,
) -> Result<Plan, ErrorsReported> {
    let mut templates: Vec<Template> = Vec::with_capacity(selection.templates.len());
    let room = fleet.safety.output_budget() / MIN_OBJECT_BYTES;
    let mut rotation = Rotation::default();
    let mut reads = BTreeSet::new();
    let mut deciding = BTreeSet::new();
    for (used, template_use) in selection.templates.iter().enumerate() {
        let file =
            read_template(files, template_use, diags).map_err(|diagnostic| diags.push(diagnostic));
        let Ok(file) = file else {
            continue;
        };
        let Some(documents) = template::parse(file, &files.sources, diags) else {
            continue;
        };
        check_not_empty(&documents, template_use, diags);
        let variables = instances::variables(template_use, fleet_parts.subjects(), diags);
        let limits = Limits::new(&fleet.safety, room / documents.len().max(1));
        let known = (fleet_parts.subjects(), &*variables);
        let Ok(entries) = instances::entries(files, template_use, known, limits, diags) else {
            continue;
        };
        let default_namespace = match template_use.template.for_each {
            ForEach::Cluster => DefaultNamespace::Cluster,
            ForEach::Fleet | ForEach::Group(_) => DefaultNamespace::Written,
        };
        for patched in patched::apply_template_patches(
            &documents,
            template_use,
            fleet_parts.subjects(),
            &variables,
            diags,
        ) {
            let mut created = Template {
                creator: Creator::Template(template_use.span()),
                objects: create_objects(&patched.documents, &default_namespace, schemas, diags),
                stacks: patched.stacks,
                variables: Rc::clone(&variables),
                instances: instances::instances(entries.as_ref(), used, &patched.subjects),
                selected: template_use.selected.clone(),
                is_from_spoke: template_use.template.from_spoke.is_some(),
            };
            if let Some(span) = template_use.template.rotate {
                rotation.rename(used, &mut created);
                let is_whole = created.objects.len() == documents.len();
                if is_whole && !created.objects.iter().any(rotate::is_rotated) {
                    diags.push(rotate::nothing_to_rotate(span));
                }
            }
            for object in &created.objects {
                reads.extend(roots(&object.tree));
                if template_use.template.with.is_none() {
                    let names = deciding_roots(&object.tree).into_iter();
                    let is_own = |name: &str| {
                        let mut own = template_use.template.variables.iter();
                        own.any(|own| own.key.text.literal() == Some(name))
                    };
                    deciding.extend(names.filter(|(_, name)| !is_own(name)));
                }
            }
            for form in forms::forms(created, fleet_parts.subjects()) {
                labels::inline_labels(form, &fleet_parts.clusters, &mut templates);
            }
            rotation.record_templates(used, &templates);
        }
    }
    let rotated = rotation.update_references(&mut templates, diags);
    let file = files.add_builtin("builtin:namespace", NAMESPACE);
    let documents = template::parse(file, &files.sources, diags).unwrap_or_default();
    let objects = create_objects(&documents, &DefaultNamespace::Cluster, schemas, diags);
    let ResolvedFleet {
        clusters,
        groups,
        constants,
        profiles,
        derived: _,
    } = fleet_parts;
    let plan = Plan {
        name: fleet.name.as_ref().map(|name| Rc::clone(&name.value)),
        schemas: Rc::clone(schemas),
        constants,
        clusters,
        groups,
        has_cells: fleet.cells.is_some(),
        namespace: Template::new(Creator::Namespace, objects, Vec::new()),
        templates,
        addons,
        rotated,
        source: fleet.source.as_ref().map(|source| source.value.clone()),
        profiles,
        profile_clusters: selection.profile_clusters(),
        delivered: Vec::new(),
        reads,
        deciding,
    };
    diags.checkpoint()?;
    check_created(&plan, selection, diags);
    Ok(plan)
}

fn check_not_empty(documents: &[Node], template_use: &TemplateUse<'_>, diags: &mut Diagnostics) {
    if documents.is_empty() {
        let message = format!("template `{}` contains no object", template_use.path);
        let help = "restore its objects, or remove the template from `templates`";
        diags.push(Diagnostic::new(Code::EmptyFile, template_use.span(), message).help(help));
    }
}

fn create_objects(
    documents: &[Node],
    default_namespace: &DefaultNamespace,
    schemas: &Schemas,
    diags: &mut Diagnostics,
) -> Vec<Object> {
    documents
        .iter()
        .filter_map(|document| object::object(document, default_namespace, schemas, diags))
        .collect()
}

fn read_template(
    files: &mut Files,
    template_use: &TemplateUse<'_>,
    diags: &mut Diagnostics,
) -> Result<FileId, Diagnostic> {
    let Some(name) = template_use.path.strip_prefix("builtin:") else {
        let path = files.relative(&template_use.path, template_use.span());
        return files.read(&path, Some(template_use.span()));
    };
    if let Some(built_in) = builtin::find(name) {
        Ok(files.add_builtin(&template_use.path, built_in.text))
    } else {
        let message = format!("unknown built-in template `{name}`");
        Err(
            Diagnostic::new(Code::UnknownBuiltin, template_use.span(), message)
                .help(builtin::suggest(name, &mut diags.suggestions)),
        )
    }
}

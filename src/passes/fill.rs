//! Substitution of a plan's variables, in one walk that validates and renders the objects.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::identifying_variables;
use super::check::autoscaling::Autoscaling;
use super::check::checker::Checker;
use super::check::duplicates::check_duplicates;
use super::check::limits::{check_limits, too_large};
use super::check::object_schemas::ObjectSchemas;
use super::check::owners::check_owners;
use super::check::topologies::Topologies;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported};
use crate::fill::{Reader, Walk};
use crate::input::fleet::Fleet;
use crate::model::Cell;
use crate::model::cell::Identifying;
use crate::plan::{Instance, ObjectRef, Plan, Printed, SubjectId, Template, fits};
use crate::render::cells::Cells;
use crate::render::measure::measure;
use crate::render::{Output, Renderer};
use crate::request::CompileOptions;

/// Substitutes the variables of a plan, and validates and renders its objects.
///
/// # Errors
///
/// Returns an error if an error was pushed.
pub fn fill(
    fleet: &Fleet,
    plan: Plan,
    options: &CompileOptions,
    diags: &mut Diagnostics,
) -> Result<Output, ErrorsReported> {
    let safety = &fleet.safety;
    let limit = safety.filled_budget(plan.has_cells);
    let spoke = options.spoke.as_deref();
    let mut printed = plan.printed(spoke);
    let identifying = identifying_variables(fleet);
    let filled = walk(&plan, &printed, (options, &identifying), limit, diags);
    let spokes = spoke
        .is_none()
        .then(|| Spokes::fill(&plan, options, limit, diags));
    let has_cells = filled.cells.are_enabled();
    printed.insert(0, Printed::Own(Box::new(filled.namespaces)));
    let mut output = Output::new(plan, printed, filled.renderer, filled.cells);
    output.count = filled.identities.len();
    output.unchecked = filled.unchecked;
    if filled.is_too_large {
        let message = format!("the output exceeds the limit of {limit} bytes");
        diags.push(too_large(message, has_cells));
    } else if diags.checkpoint().is_ok() {
        let mut identities = filled.identities;
        let kept = identities.iter().filter(|_| has_cells);
        let objects: Vec<ObjectRef> = kept.map(|(_, at)| *at).collect();
        let repeated = check_duplicates(&output, &mut identities, diags);
        if options.keep_identities {
            output.identities = identities;
            if let Some(spokes) = spokes {
                spokes.add_to(&mut output);
            }
        } else {
            drop(identities);
        }
        check_owners(&output, &repeated, diags);
        output.skip(&repeated);
        let parts = measure(&mut output, &objects);
        check_limits(&output, &parts, safety.output_budget(), diags);
        // Objects that no cell can contain are the cause of an empty output.
        if output.count == 0 && !safety.allow_empty && diags.checkpoint().is_ok() {
            report_empty_output(&output.plan, options, diags);
        }
    }
    diags.checkpoint()?;
    Ok(output)
}

/// The result of a walk.
struct Filled {
    renderer: Renderer,
    identities: Vec<(u64, ObjectRef)>,
    namespaces: Template,
    cells: Cells,
    is_too_large: bool,
    /// The kinds without a schema, and the number of their objects.
    unchecked: BTreeMap<String, usize>,
}

/// Walks over templates of a plan, and reports errors in their objects.
fn walk(
    plan: &Plan,
    printed: &[Printed],
    (options, identifying): (&CompileOptions, &Identifying),
    limit: usize,
    diags: &mut Diagnostics,
) -> Filled {
    let templates: Vec<&Template> = printed.iter().map(|one| plan.template(one)).collect();
    let cells = Cells::new(plan, &templates, identifying, options);
    let mut renderer = Renderer::new(options.format, limit);
    let mut checker = Checker::new(plan, &templates);
    let mut object_schemas = ObjectSchemas::new(&plan.schemas);
    let mut topologies = Topologies::new(&templates);
    let mut autoscaling = Autoscaling::default();
    let mut walk = Walk::new(plan);
    let readers: &mut [&mut dyn Reader] = &mut [
        &mut renderer,
        &mut checker,
        &mut object_schemas,
        &mut topologies,
        &mut autoscaling,
    ];
    let is_too_large = !fits(&templates) || walk.templates(&templates, readers).is_break();
    let namespaces = namespaces(plan, &walk);
    let is_too_large = is_too_large || walk.template(0, &namespaces, readers).is_break();
    // The Namespaces are determined last, but are first in the output.
    renderer.sections.rotate_right(1);
    let identities = walk.identities;
    checker.report((!is_too_large).then_some(&identities), diags);
    let unchecked = object_schemas.report(diags);
    topologies.report(diags);
    autoscaling.report(diags);
    Filled {
        renderer,
        identities,
        namespaces,
        cells,
        is_too_large,
        unchecked,
    }
}

/// Returns the Namespaces of clusters that no template creates, each for its first cluster.
fn namespaces(plan: &Plan, walk: &Walk<'_>) -> Template {
    let missing = walk.namespaces();
    let first = |cluster: &usize| Instance::from(SubjectId::cluster(*cluster));
    let objects = plan.namespace.objects.clone();
    let instances = missing.iter().map(first).collect();
    plan.namespace.part(objects, instances)
}

/// The objects that spokes apply to themselves.
struct Spokes {
    printed: Vec<Printed>,
    renderer: Renderer,
    identities: Vec<(u64, ObjectRef)>,
}

impl Spokes {
    /// Reports errors in the objects that spokes apply to themselves. Otherwise, each error would be reported only when
    /// the spoke renders the fleet.
    fn fill(plan: &Plan, options: &CompileOptions, limit: usize, diags: &mut Diagnostics) -> Self {
        let spokes: BTreeSet<usize> = plan.spokes();
        let printed = plan.printed_by(&spokes);
        let templates: Vec<&Template> = printed.iter().map(|one| plan.template(one)).collect();
        let mut renderer = Renderer::new(options.format, limit);
        let mut checker = Checker::new(plan, &templates);
        let mut object_schemas = ObjectSchemas::new(&plan.schemas);
        let mut walk = Walk::new(plan);
        let readers: &mut [&mut dyn Reader] =
            &mut [&mut renderer, &mut checker, &mut object_schemas];
        // An output that exceeds the limit is reported when the spoke requests it.
        _ = walk.templates(&templates, readers);
        checker.report(None, diags);
        object_schemas.report(diags);
        Self {
            identities: walk.identities,
            printed,
            renderer,
        }
    }

    /// Adds the objects to an output, those of each spoke without duplicates.
    fn add_to(self, output: &mut Output) {
        let mut all = output.add_spokes(self.printed, self.renderer, &self.identities);
        all.sort_unstable_by_key(|(_, at)| output.subject(*at));
        let by_spoke =
            all.chunk_by(|(_, one), (_, other)| output.subject(*one) == output.subject(*other));
        let mut spokes = Vec::new();
        for objects in by_spoke {
            let mut objects = objects.to_vec();
            // Different objects with one identity are reported when the spoke renders the fleet.
            let unreported = &mut Diagnostics::default();
            let repeated = check_duplicates(output, &mut objects, unreported);
            let skipped: BTreeSet<ObjectRef> = repeated.iter().map(|[_, second]| *second).collect();
            objects.retain(|(_, at)| !skipped.contains(at));
            let spoke = objects.first().map(|(_, at)| output.subject(*at));
            spokes.extend(spoke.map(|spoke| (spoke, objects)));
        }
        output.spokes = spokes;
    }
}

fn report_empty_output(plan: &Plan, options: &CompileOptions, diags: &mut Diagnostics) {
    if options.spoke.is_some() {
        let message =
            "the output of the spoke is empty; Argo CD would delete everything it deployed there";
        let help = "select the cluster with an add-on without `from: hub`, or set `safety.allowEmpty: true`";
        diags.push(Diagnostic::without_location(Code::EmptyOutput, message).help(help));
        return;
    }
    let message = "the output is empty; Argo CD would delete every object of the fleet";
    let missing = if plan.clusters.is_empty() {
        "a list to `clusters`"
    } else {
        "a template that selects a cluster"
    };
    let help = if options.cell == Some(Cell::Fleet) {
        "remove the Application of the cell `@fleet`, because no object belongs to the whole fleet"
            .to_owned()
    } else {
        format!("add {missing}, or set `safety.allowEmpty: true`")
    };
    diags.push(Diagnostic::without_location(Code::EmptyOutput, message).help(help));
}

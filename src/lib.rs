//! A fleet compiler, which generates all manifests of a fleet of Kubernetes clusters from one directory.
//!
//! ARCHITECTURE.md describes its stages. The binary and its tests use the library, whose interface is not
//! stable.

pub mod argocd;
pub mod builtin;
pub mod cli;
pub mod deliver;
pub mod diagnostic;
pub mod diff;
pub mod edit;
pub mod explain;
pub mod files;
pub mod fill;
pub mod input;
pub mod kinds;
pub mod lines;
pub mod live;
pub mod matrix;
pub mod model;
pub mod passes;
pub mod plan;
pub mod render;
pub mod report;
pub mod request;
pub mod schema;
pub mod source;
pub mod template;
pub mod tree;
pub mod yaml;

use diagnostic::{Diagnostics, ErrorsReported};
use files::Files;
use input::fleet::Fleet;
pub use model::Cell;
use plan::Plan;
use render::Output;
pub use request::CompileOptions;

/// Compiles the fleet in a directory. Errors and warnings are pushed to `diags`.
///
/// # Errors
///
/// Returns an error, and no output, if an error was pushed.
pub fn compile(
    files: &mut Files,
    options: impl Into<CompileOptions>,
    diags: &mut Diagnostics,
) -> Result<Output, ErrorsReported> {
    let (_, output) = compile_with_fleet(files, &options.into(), diags)?;
    Ok(output)
}

/// Compiles the fleet in a directory, and returns it as written, too. Errors and warnings are pushed to `diags`.
///
/// # Errors
///
/// Returns an error, and no output, if an error was pushed.
pub fn compile_with_fleet(
    files: &mut Files,
    options: &CompileOptions,
    diags: &mut Diagnostics,
) -> Result<(Fleet, Output), ErrorsReported> {
    let (fleet, plan) = plan(files, options, diags)?;
    let output = passes::fill(&fleet, plan, options, diags)?;
    passes::warn_unused(&fleet, &output.plan, diags);
    passes::warn_unregistered(&output.plan, diags);
    passes::warn_movable_spokes(&fleet, &output.plan, diags);
    Ok((fleet, output))
}

/// Returns the fleet in a directory, and its plan.
///
/// # Errors
///
/// Returns an error if an error was pushed.
pub fn plan(
    files: &mut Files,
    options: &CompileOptions,
    diags: &mut Diagnostics,
) -> Result<(Fleet, Plan), ErrorsReported> {
    let (written, members) = passes::read(files, diags)?;
    let mut resolved = passes::resolve(files, &written, members, diags)?;
    passes::check_lock(&written, &resolved, options, diags);
    let mut selection = passes::select(&written, &resolved, diags)?;
    let clusters = passes::resolve_dependencies(&mut selection, &resolved.clusters, diags);
    let addons =
        passes::resolve_addons(files, &written, &selection, clusters, &mut resolved, diags);
    let plan = passes::prepare(files, &written, &selection, resolved, addons, diags)?;
    passes::check_locked_objects(&written, &plan, diags);
    let plan = passes::deliver(files, (&written, options), &selection, plan, diags)?;
    passes::check_locked_names(&written, &plan, diags)?;
    Ok((written.fleet, plan))
}

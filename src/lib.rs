//! A fleet compiler: a folder of users and Cluster API templates becomes every manifest that
//! follows.
//!
//! ```text
//! files → input → model → passes → plan → fill → render
//! ```
//!
//! The library is what the binary and its tests are made of; it promises no stable interface.

pub mod argocd;
pub mod builtin;
pub mod cli;
pub mod deliver;
pub mod diagnostic;
pub mod edit;
pub mod files;
pub mod fill;
pub mod input;
pub mod model;
pub mod passes;
pub mod plan;
pub mod render;
pub mod report;
pub mod request;
pub mod source;
pub mod template;
pub mod tree;
pub mod yaml;

use diagnostic::{Diagnostics, Stopped};
use files::Files;
use input::fleet::Fleet;
pub use model::Cell;
use plan::Plan;
use render::Output;
pub use request::CompileOptions;

/// Compiles the fleet in a folder. What was found on the way is in `diags`; with an error among it
/// there is no output.
pub fn compile(
    files: &mut Files,
    options: impl Into<CompileOptions>,
    diags: &mut Diagnostics,
) -> Result<Output, Stopped> {
    let options = options.into();
    let (fleet, plan) = plan(files, &options, diags)?;
    let output = passes::fill::fill(plan, &options, &fleet.safety, diags);
    diags.checkpoint()?;
    passes::unused::unused(&fleet, &output.plan, diags);
    passes::registered::registered(&output.plan, diags);
    Ok(output)
}

/// The plan of the fleet in a folder, and the fleet.
pub fn plan(
    files: &mut Files,
    options: &CompileOptions,
    diags: &mut Diagnostics,
) -> Result<(Fleet, Plan), Stopped> {
    let fleet = input::read_fleet(files, diags)?;
    let deliveries = deliver::Deliveries::read(files, &fleet, diags);
    let lock = input::lock::read(files, diags);
    let members = input::read_clusters(files, &fleet, diags);
    let of_groups = input::read_groups(files, &fleet, diags);
    let profiles = input::read_profiles(files, &fleet, diags);
    let mut settled = passes::resolve::resolve(files, &fleet, members, of_groups, diags);
    passes::locked::cells(&fleet, &mut settled.clusters, diags);
    let objects = passes::prepare::profiles(&profiles, diags);
    diags.checkpoint()?;
    passes::locked::asked(&fleet, &settled.clusters, options.cell.as_ref(), diags);
    passes::locked::locked(lock.as_ref(), &settled.clusters, options.locked, diags);
    let mut selection = passes::select::select(&fleet, &profiles, settled.subjects(), diags)?;
    let chosen = passes::order::order(&mut selection, &settled.clusters, diags);
    let addons = passes::layer::layer(
        files,
        (&fleet, &deliveries),
        &selection,
        chosen,
        &mut settled,
        diags,
    );
    let mut plan =
        passes::prepare::prepare(files, &fleet, &selection, settled, addons, objects, diags);
    diags.checkpoint()?;
    passes::created::check_created(&plan, &selection, diags);
    passes::deliver::deliver(files, (&fleet, &selection.addons), &mut plan, diags);
    passes::deliver::asked(&plan, options.spoke.as_deref(), diags);
    passes::locked::needed(&fleet, options, diags);
    diags.checkpoint()?;
    Ok((fleet, plan))
}

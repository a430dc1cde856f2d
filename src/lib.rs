//! A fleet compiler: a folder of users and Cluster API templates becomes every manifest that
//! follows.
//!
//! ```text
//! files → input → model → passes → plan → emit
//! ```
//!
//! The library is what the binary and its tests are made of; it promises no stable interface.

pub mod cli;
pub mod diagnostic;
pub mod emit;
pub mod files;
pub mod input;
pub mod model;
pub mod passes;
pub mod plan;
pub mod report;
pub mod source;
pub mod template;
pub mod tree;
pub mod yaml;

use diagnostic::{Diagnostics, Stopped};
use emit::{Format, Output};
use files::Files;

/// Compiles the fleet in a folder. What was found on the way is in `diags`; with an error among it
/// there is no output.
pub fn compile(
    files: &mut Files,
    format: Format,
    diags: &mut Diagnostics,
) -> Result<Output, Stopped> {
    let fleet = input::read_fleet(files, diags)?;
    let members = input::read_lists(files, &fleet, diags);
    let profiles = input::read_profiles(files, &fleet, diags);
    let mut settled = passes::resolve::resolve(&fleet, members, diags);
    diags.checkpoint()?;
    let mut selection = passes::select::select(&fleet, &profiles, &settled.clusters, diags);
    let chosen = passes::order::order(&mut selection, &settled.clusters, diags);
    let addons = passes::layer::layer(files, &fleet, &selection, chosen, &mut settled, diags);
    let plan = passes::prepare::prepare(files, &fleet, &selection, settled, addons, diags);
    diags.checkpoint()?;
    passes::unused::unused(&fleet, &plan, diags);
    let output = emit::fill(&plan, format, &fleet.safety, diags);
    diags.checkpoint()?;
    Ok(output)
}

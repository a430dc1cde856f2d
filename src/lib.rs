//! A fleet compiler: a folder of users and Cluster API templates becomes every manifest that
//! follows.
//!
//! ```text
//! files → input → model → passes → plan → emit
//! ```
//!
//! The library is what the binary and its tests are made of; it promises no stable interface.

pub mod argocd;
pub mod builtin;
pub mod cli;
pub mod diagnostic;
pub mod edit;
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
use input::fleet::Fleet;
pub use model::Cell;
use plan::Plan;

/// What of a fleet is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The form of the output.
    pub format: Format,
    /// The cell that is printed; without one, everything is.
    pub cell: Option<Cell>,
    /// Whether a fleet with cells is refused where no cell is asked for.
    pub needs_cell: bool,
    /// The cluster that renders the fleet for itself: what it applies to itself is printed, and
    /// nothing else.
    pub spoke: Option<String>,
    /// Whether `fleet.lock` must have every cluster.
    pub locked: bool,
}

impl From<Format> for Request {
    fn from(format: Format) -> Self {
        Self {
            format,
            cell: None,
            needs_cell: false,
            spoke: None,
            locked: false,
        }
    }
}

/// Compiles the fleet in a folder. What was found on the way is in `diags`; with an error among it
/// there is no output.
pub fn compile(
    files: &mut Files,
    request: impl Into<Request>,
    diags: &mut Diagnostics,
) -> Result<Output, Stopped> {
    let request = request.into();
    let (fleet, plan) = plan(files, &request, diags)?;
    passes::unused::unused(&fleet, &plan, diags);
    passes::registered::registered(&plan, diags);
    let output = emit::fill(&plan, &request, &fleet.safety, diags);
    diags.checkpoint()?;
    Ok(output)
}

/// The plan of the fleet in a folder, and the fleet.
pub fn plan(
    files: &mut Files,
    request: &Request,
    diags: &mut Diagnostics,
) -> Result<(Fleet, Plan), Stopped> {
    let fleet = input::read_fleet(files, diags)?;
    let lock = input::lock::read(files, diags);
    let members = input::read_clusters(files, &fleet, diags);
    let of_groups = input::read_groups(files, &fleet, diags);
    let profiles = input::read_profiles(files, &fleet, diags);
    let mut settled = passes::resolve::resolve(files, &fleet, members, of_groups, diags);
    diags.checkpoint()?;
    passes::locked::cells(&fleet, &mut settled.clusters, diags);
    passes::locked::asked(&fleet, &settled.clusters, request.cell.as_ref(), diags);
    passes::locked::locked(lock.as_ref(), &settled.clusters, request.locked, diags);
    let mut selection = passes::select::select(&fleet, &profiles, settled.subjects(), diags);
    let chosen = passes::order::order(&mut selection, &settled.clusters, diags);
    let addons = passes::layer::layer(files, &fleet, &selection, chosen, &mut settled, diags);
    let plan = passes::prepare::prepare(files, &fleet, &selection, settled, addons, diags);
    diags.checkpoint()?;
    passes::deliver::deliver(files, &fleet, &plan, diags);
    passes::deliver::asked(&plan, request.spoke.as_deref(), diags);
    passes::locked::needed(&fleet, request, diags);
    diags.checkpoint()?;
    Ok((fleet, plan))
}

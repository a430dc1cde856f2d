//! Checks of add-ons against their delivery methods, and creation of the objects that deploy them.

mod bound;
mod checker;
mod directory;
mod documents;
mod keys;
mod lookups;
mod message;
mod objects;
mod order;
mod patched;
mod project;
mod source;
mod spoke;
mod unknown;
mod variables;

use super::cells::check_cell_requested;
use super::prepare::guard::add_guards;
use super::read::Written;
use super::select::Selection;
use crate::diagnostic::{Diagnostics, ErrorsReported};
use crate::files::Files;
use crate::plan::Plan;
use crate::request::CompileOptions;
use checker::check_addons;
use objects::create_objects;
use spoke::check_spoke_exists;
use variables::with_delivered;

/// Checks every add-on against its delivery method, creates its objects, and puts guards on all objects.
///
/// # Errors
///
/// Returns an error if an error was pushed.
pub fn deliver(
    files: &mut Files,
    (written, options): (&Written, &CompileOptions),
    selection: &Selection<'_>,
    plan: Plan,
    diags: &mut Diagnostics,
) -> Result<Plan, ErrorsReported> {
    let fleet = &written.fleet;
    let wrong = check_addons(files, fleet, &plan, diags);
    let delivered = create_objects(&plan, &selection.addons, &wrong, diags);
    check_spoke_exists(&plan, options.spoke.as_deref(), diags);
    check_cell_requested(fleet, options, diags);
    diags.checkpoint()?;
    let mut plan = with_delivered(plan, delivered);
    add_guards(&mut plan, &fleet.safety);
    Ok(plan)
}

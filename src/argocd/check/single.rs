//! Checks of one Application, or of one template of an `ApplicationSet`.

use super::application::Application;
use super::fleets::FleetIndex;
use super::source;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::tree::Node;

/// Checks an Application, and returns `true` if one of its sources is a fleet.
pub(super) fn check_application(
    application: &Node,
    fleets: &mut FleetIndex<'_>,
    diags: &mut Diagnostics,
) -> bool {
    let Some(spec) = application.get("spec") else {
        let message = "the Application has no `spec`, so it was not checked";
        let help = "set `spec.source`";
        diags.push(Diagnostic::new(Code::UncheckedSource, application.span, message).help(help));
        return false;
    };
    let application = Application {
        metadata: application.get("metadata"),
        spec,
    };
    let is_fleet = check_sources(&application, fleets, diags);
    if is_fleet {
        application.check_finalizers(diags);
        application.check_sync_options(diags);
    }
    is_fleet
}

/// Checks the sources, and returns `true` if one of them is a fleet.
fn check_sources(
    application: &Application<'_>,
    fleets: &mut FleetIndex<'_>,
    diags: &mut Diagnostics,
) -> bool {
    let spec = application.spec;
    let sources = spec.get("sources").and_then(Node::items);
    // The Source Hydrator renders the dry source, and commits the output to another branch.
    let dry = spec
        .get("sourceHydrator")
        .and_then(|node| node.get("drySource"));
    let source = spec.get("source").into_iter().chain(dry);
    let mut is_fleet = false;
    let mut is_any = false;
    for source in source.chain(sources.unwrap_or_default()) {
        is_any = true;
        is_fleet |= source::check(application, source, fleets, diags);
    }
    if !is_any {
        let message = "the Application has no source, so it was not checked";
        let help = "set `source`, `sources` or `sourceHydrator.drySource`";
        diags.push(Diagnostic::new(Code::UncheckedSource, spec.span, message).help(help));
    }
    is_fleet
}

//! Checks of Applications for errors that Argo CD does not report, or reports too late.

mod application;
mod fleets;
mod parameters;
mod source;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use crate::tree::Node;
use application::Application;
pub use fleets::{Fleet, FleetDir, FleetIndex};

/// Checks the documents of a file, and returns the number of Applications.
pub fn check(
    file: FileId,
    documents: &[Node],
    fleets: &mut FleetIndex<'_>,
    diags: &mut Diagnostics,
) -> usize {
    let mut applications = 0;
    for document in documents {
        let is_argo = document
            .get("apiVersion")
            .and_then(Node::text)
            .is_some_and(|version| version.starts_with("argoproj.io/"));
        let kind = document.get("kind").filter(|_| is_argo);
        let (application, set) = match kind.and_then(Node::text) {
            Some("Application") => (Some(document), None),
            Some("ApplicationSet") => {
                let spec = document.get("spec");
                (spec.and_then(|spec| spec.get("template")), kind)
            }
            _ => continue,
        };
        applications += 1;
        let Some(spec) = application.and_then(|node| node.get("spec")) else {
            continue;
        };
        let application = Application {
            metadata: application.and_then(|node| node.get("metadata")),
            spec,
        };
        if check_sources(&application, fleets, diags) {
            application.check_finalizers(diags);
            if let Some(kind) = set {
                check_set(document, kind.span, diags);
            }
        }
    }
    if applications == 0 {
        let span = documents
            .first()
            .map_or(Span::new(file, 0..0), |first| first.span);
        let message = "expected an Application or an ApplicationSet, found neither";
        let help = "pass files with Applications: kubectl fleet argocd check FILE…";
        diags.push(Diagnostic::new(Code::NotAnApplication, span, message).help(help));
    }
    applications
}

/// Checks the sources, and returns `true` if one of them is a fleet.
fn check_sources(
    application: &Application<'_>,
    fleets: &mut FleetIndex<'_>,
    diags: &mut Diagnostics,
) -> bool {
    let sources = application.spec.get("sources").and_then(Node::items);
    let source = application.spec.get("source").into_iter();
    let mut is_fleet = false;
    for source in source.chain(sources.unwrap_or_default()) {
        is_fleet |= source::check(application, source, fleets, diags);
    }
    is_fleet
}

/// Checks the finalizer that an `ApplicationSet` adds to its Applications by default.
fn check_set(set: &Node, kind: Span, diags: &mut Diagnostics) {
    let policy = set.get("spec").and_then(|spec| spec.get("syncPolicy"));
    let preserve = policy.and_then(|policy| policy.get("preserveResourcesOnDeletion"));
    if preserve.and_then(Node::text) == Some("true") {
        return;
    }
    let message = "the ApplicationSet adds a finalizer to its Applications: deleting an Application deletes its clusters";
    let help = "set `preserveResourcesOnDeletion: true` in `spec.syncPolicy` of the ApplicationSet";
    let span = preserve.map_or(kind, |node| node.span);
    diags.push(Diagnostic::new(Code::DeletingFinalizer, span, message).help(help));
}

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;

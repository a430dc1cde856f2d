//! Mistakes of Applications that Argo CD does not tell, or tells too late.

mod application;
mod fleets;
mod parameters;
mod source;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use crate::tree::Node;
use application::Application;
pub use fleets::{Fleet, FleetDir, FleetIndex};

/// Checks the documents of a file; gives how many Applications there are.
pub fn check(
    file: FileId,
    documents: &[Node],
    fleets: &mut FleetIndex<'_>,
    diags: &mut Diagnostics,
) -> usize {
    let mut found = 0;
    for document in documents {
        let is_ours = document
            .get("apiVersion")
            .and_then(Node::text)
            .is_some_and(|version| version.starts_with("argoproj.io/"));
        let kind = document.get("kind").filter(|_| is_ours);
        let (whole, set) = match kind.and_then(Node::text) {
            Some("Application") => (Some(document), None),
            Some("ApplicationSet") => {
                let spec = document.get("spec");
                (spec.and_then(|spec| spec.get("template")), kind)
            }
            _ => continue,
        };
        found += 1;
        let Some(spec) = whole.and_then(|whole| whole.get("spec")) else {
            continue;
        };
        let application = Application {
            metadata: whole.and_then(|whole| whole.get("metadata")),
            spec,
        };
        if check_sources(&application, fleets, diags) {
            application.check_finalizers(diags);
            if let Some(kind) = set {
                check_set(document, kind.span, diags);
            }
        }
    }
    if found == 0 {
        let span = documents
            .first()
            .map_or(Span::new(file, 0..0), |first| first.span);
        let message = "the file holds no Application and no ApplicationSet";
        let help = "name the files that do: kubectl fleet argocd check FILE…";
        diags.push(Diagnostic::new(Code::NotAnApplication, span, message).help(help));
    }
    found
}

/// Checks the sources; returns `true` if one of them is a fleet.
fn check_sources(
    application: &Application<'_>,
    fleets: &mut FleetIndex<'_>,
    diags: &mut Diagnostics,
) -> bool {
    let many = application.spec.get("sources").and_then(Node::items);
    let one = application.spec.get("source").into_iter();
    let mut any = false;
    for source in one.chain(many.unwrap_or_default()) {
        any |= source::check(application, source, fleets, diags);
    }
    any
}

/// An `ApplicationSet` gives its Applications a finalizer, unless it is told otherwise.
fn check_set(set: &Node, kind: Span, diags: &mut Diagnostics) {
    let policy = set.get("spec").and_then(|spec| spec.get("syncPolicy"));
    let preserve = policy.and_then(|policy| policy.get("preserveResourcesOnDeletion"));
    if preserve.and_then(Node::text) == Some("true") {
        return;
    }
    let message = "an ApplicationSet gives its Applications a finalizer: when one of them goes, so do its clusters";
    let help = "write preserveResourcesOnDeletion: true in `syncPolicy` of the ApplicationSet";
    let span = preserve.map_or(kind, |node| node.span);
    diags.push(Diagnostic::new(Code::DeletingFinalizer, span, message).help(help));
}

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;

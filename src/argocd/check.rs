//! Checks of Applications for errors that Argo CD does not report, or reports too late.

mod application;
mod fleets;
mod parameters;
mod set;
mod single;
mod source;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};
use crate::tree::Node;
use single::check_application;

pub use fleets::{Directory, Fleet, FleetDir, FleetIndex};

/// Checks the documents of a file, and returns the number of Applications.
pub fn check(
    file: FileId,
    documents: &[Node],
    sources: &Sources,
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
        match kind.and_then(Node::text) {
            Some("Application") => _ = check_application(document, fleets, diags),
            Some("ApplicationSet") => set::check(document, sources, fleets, diags),
            _ => continue,
        }
        applications += 1;
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

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;

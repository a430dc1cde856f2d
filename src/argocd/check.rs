//! Checks of Applications for errors that Argo CD does not report, or reports too late.

mod application;
mod fleets;
mod merge;
mod names;
mod parameters;
mod set;
mod single;
mod source;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};
use crate::tree::Node;
use names::check_name;
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
    for document in flatten(documents) {
        let is_argo = document
            .get("apiVersion")
            .and_then(Node::text)
            .is_some_and(|version| version.starts_with("argoproj.io/"));
        let kind = document.get("kind").filter(|_| is_argo);
        match kind.and_then(Node::text) {
            Some("Application") => {
                let metadata = document.get("metadata");
                let namespace = metadata.and_then(|metadata| metadata.get("namespace"));
                check_name(namespace, document, fleets, diags);
                check_application(document, fleets, diags);
            }
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

/// Returns the objects of documents, also those in lists, which `kubectl get` prints.
fn flatten(documents: &[Node]) -> Vec<&Node> {
    let mut objects = Vec::new();
    for document in documents {
        let kind = document.get("kind").and_then(Node::text);
        match document.get("items").and_then(Node::items) {
            Some(items) if kind.is_some_and(|kind| kind.ends_with("List")) => {
                objects.extend(flatten(items));
            }
            _ => objects.push(document),
        }
    }
    objects
}

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;

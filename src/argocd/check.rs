//! Mistakes of Applications that Argo CD does not tell, or tells too late.

mod parameters;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Deletion;
use crate::source::{FileId, Span};
use crate::tree::Node;

/// A folder of the repository that holds a fleet.
#[derive(Debug, Default)]
pub struct Folder {
    /// The fleet; none where it has mistakes, which `validate` tells.
    pub fleet: Option<Fleet>,
    /// The files that override what Applications say.
    pub overrides: Vec<String>,
}

/// What Applications have to know of a fleet.
#[derive(Debug)]
pub struct Fleet {
    /// Its cells, where it is divided into cells.
    pub cells: Option<BTreeSet<String>>,
    /// How deletions are held back.
    pub deletion: Deletion,
}

/// The fleets that Applications name, each looked up once.
pub struct Fleets<'a> {
    /// Looks up a folder by its path in the repository; none where it holds no fleet.
    pub open: &'a mut dyn FnMut(&str) -> Option<Folder>,
    /// What was looked up.
    pub known: BTreeMap<String, Option<Rc<Folder>>>,
}

impl Fleets<'_> {
    fn folder(&mut self, path: &str) -> Option<Rc<Folder>> {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let folder = (self.open)(path).map(Rc::new);
        self.known.insert(path.to_owned(), folder.clone());
        folder
    }
}

/// An Application, or what an `ApplicationSet` makes Applications of.
struct Application<'a> {
    metadata: Option<&'a Node>,
    spec: &'a Node,
}

/// Checks the documents of a file; gives how many Applications there are.
pub fn check(
    file: FileId,
    documents: &[Node],
    fleets: &mut Fleets<'_>,
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
        if application.check(fleets, diags) {
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

impl<'a> Application<'a> {
    /// Checks the sources; tells whether one is a fleet.
    fn check(&self, fleets: &mut Fleets<'_>, diags: &mut Diagnostics) -> bool {
        let many = self.spec.get("sources").and_then(Node::items);
        let one = self.spec.get("source").into_iter();
        let mut any = false;
        for source in one.chain(many.unwrap_or_default()) {
            any |= source::check(self, source, fleets, diags);
        }
        any
    }

    fn annotation(&self, key: &str) -> Option<&'a Node> {
        self.metadata?.get("annotations")?.get(key)
    }

    /// Where it is said that Argo CD prunes by itself.
    fn prunes(&self) -> Option<Span> {
        let automated = self.spec.get("syncPolicy")?.get("automated")?;
        let says = |key: &str, wanted: &str| {
            let value = automated.get(key)?;
            (value.text() == Some(wanted)).then_some(value.span)
        };
        if says("enabled", "false").is_some() {
            return None;
        }
        says("prune", "true")
    }

    fn check_finalizers(&self, diags: &mut Diagnostics) {
        let finalizers = self.metadata.and_then(|node| node.get("finalizers"));
        for finalizer in finalizers.and_then(Node::items).unwrap_or_default() {
            // A suffix tells how: /foreground or /background.
            let is_deleting = finalizer
                .text()
                .is_some_and(|text| text.starts_with("resources-finalizer.argocd.argoproj.io"));
            if is_deleting {
                let message = "whoever deletes this Application deletes its clusters";
                let help = "remove the finalizer";
                let diagnostic = Diagnostic::new(Code::DeletingFinalizer, finalizer.span, message);
                diags.push(diagnostic.help(help));
            }
        }
    }
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

/// Whether an `ApplicationSet` fills a text later.
fn is_filled_later(text: &str) -> bool {
    text.contains("{{")
}

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;

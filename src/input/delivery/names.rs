//! Names that the documents of a delivery method can read.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_or};
use crate::model::delivery::Target::{
    self, AddOn, Chart, ChartWithLookups, Content, Manifests, Repository,
};
use crate::source::Span;
use crate::tree::expression::{Segment, references};
use crate::tree::{Node, Text};

/// A name, with the targets whose documents can read it. A name has no other keys below it.
pub type Name = (&'static str, &'static [Target]);

/// Targets whose objects belong to one cluster.
const OF_CLUSTERS: &[Target] = &[Chart, ChartWithLookups, Manifests];
/// Targets whose objects belong to one add-on.
const OF_ADDONS: &[Target] = &[Chart, ChartWithLookups, Manifests, AddOn];
/// Targets of charts.
const OF_CHARTS: &[Target] = &[Chart, ChartWithLookups, AddOn];
/// Targets of charts whose objects belong to one cluster.
const OF_OWN_CHARTS: &[Target] = &[Chart, ChartWithLookups];

/// The names of the data of add-ons.
pub const NAMES: [Name; 39] = [
    (
        "ADDON",
        &[Chart, ChartWithLookups, Manifests, AddOn, Content],
    ),
    ("FLEET", OF_ANY),
    ("ON_REMOVE", OF_ADDONS),
    ("PROJECT", OF_ADDONS),
    ("SIDE", OF_CLUSTERS),
    ("OWNERSHIP", OF_CHARTS),
    ("NEEDS", OF_ADDONS),
    ("SELECTOR", &[AddOn]),
    ("WATCHES", &[AddOn]),
    ("CHART.repo", OF_CHARTS),
    ("CHART.registry", OF_OWN_CHARTS),
    ("CHART.name", OF_CHARTS),
    ("CHART.version", OF_CHARTS),
    ("CHART.release", OF_CHARTS),
    ("CHART.namespace", OF_CHARTS),
    ("CHART.values", OF_OWN_CHARTS),
    ("CHART.text", OF_CHARTS),
    ("CHART.content", &[AddOn]),
    ("CHART.source", &[AddOn]),
    ("MANIFESTS.path", &[Manifests]),
    ("MANIFESTS.directory", &[Manifests]),
    ("MANIFESTS.include", &[Manifests]),
    ("MANIFESTS.recurse", &[Manifests]),
    ("MANIFESTS.list", &[Manifests]),
    ("MANIFESTS.files", &[Manifests]),
    ("MANIFESTS.objects", &[Manifests]),
    ("MANIFESTS.content", &[AddOn]),
    ("CONTENT.name", &[Content]),
    ("CONTENT.data", &[Content]),
    ("CONTENT.runs", &[Content]),
    ("REPOSITORY.url", &[Chart, ChartWithLookups, Repository]),
    ("REPOSITORY.name", &[Chart, ChartWithLookups, Repository]),
    ("REPOSITORY.scheme", &[Chart, ChartWithLookups, Repository]),
    ("SOURCE.repoURL", OF_ANY),
    ("SOURCE.revision", OF_ANY),
    ("SOURCE.path", OF_ANY),
    ("SOURCE.kind", OF_ANY),
    ("SOURCE.name", OF_ANY),
    ("SOURCE.namespace", OF_ANY),
];
/// All targets.
const OF_ANY: &[Target] = &[
    Chart,
    ChartWithLookups,
    Manifests,
    AddOn,
    Content,
    Repository,
];
/// Names below which the user chooses the keys.
const OPEN: [&str; 1] = ["CHART.values"];

/// Names of sequences, with the fields of their entries.
const FIELDS: [(&str, &[&str]); 2] = [("NEEDS", &[]), ("MANIFESTS.list", &["name", "text"])];

/// Returns the fields of the entries of a sequence; `None` if the user chooses them.
pub fn fields_of_entries(path: &[String]) -> Option<&'static [&'static str]> {
    let path = path.join(".");
    let (_, fields) = FIELDS.iter().find(|(name, _)| *name == path)?;
    Some(fields)
}

/// Returns `true` if a name, without the keys below it, is reserved for the data of add-ons.
pub fn is_name_of_addons(name: &str) -> bool {
    NAMES.iter().any(|(known, _)| root(known) == name)
}

/// Returns the paths of all names that a tree reads, and reports the names of add-on data that are not
/// available for its target.
pub(super) fn check_names(
    tree: &Node,
    target: Target,
    diags: &mut Diagnostics,
) -> Vec<Vec<String>> {
    let mut reads = Vec::new();
    tree.each_text(&mut |text: &Text, _| {
        for slot in text.slots() {
            let segment = Segment::Expression(Box::new(slot.expression.clone()));
            for reference in references(std::slice::from_ref(&segment)) {
                check_name(reference.path, target, slot.span, diags);
                reads.push(reference.path.to_vec());
            }
        }
    });
    reads
}

fn check_name(path: &[String], target: Target, span: Span, diags: &mut Diagnostics) {
    let written = path.join(".");
    let is_known = |name: &str| {
        let rest = written.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || OPEN.contains(&name) && rest.starts_with('.'))
    };
    let known = NAMES.iter().find(|(name, _)| is_known(name));
    let (message, help) = match known {
        Some((_, targets)) if targets.contains(&target) => return,
        Some((name, targets)) => (
            format!(
                "`{name}` is not available in a document for `{}`",
                target.name()
            ),
            format!(
                "use it in a document for {}",
                join_or(targets.iter().map(|target| target.name()))
            ),
        ),
        None if is_name_of_addons(&path[0]) => {
            let names = || NAMES.iter().map(|(name, _)| *name);
            let below = || names().filter(|name| root(name) == path[0]);
            let help = diags.suggestions.did_you_mean(&written, below);
            (format!("`{written}` is not defined for add-ons"), help)
        }
        None => return,
    };
    diags.push(Diagnostic::new(Code::UnknownKey, span, message).help(help));
}

fn root(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

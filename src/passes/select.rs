//! Which clusters each template is for.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Problems;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, count, did_you_mean};
use crate::input::fleet::{Fleet, TemplateFile};
use crate::model::{Cluster, Selector};
use crate::source::{Span, Spanned};
use crate::template::fill;

/// A template's path and the clusters that use it.
#[derive(Debug)]
pub struct Use {
    /// The path, its variables filled.
    pub path: Rc<str>,
    /// Where `fleet.yaml` names it.
    pub span: Span,
    /// Indices of clusters, ascending.
    pub clusters: Vec<usize>,
}

/// Selects the clusters of each entry of `templates`; a path with variables gives a use per path.
pub fn select(fleet: &Fleet, clusters: &[Cluster], diags: &mut Diagnostics) -> Vec<Use> {
    let labels: BTreeSet<&str> = clusters
        .iter()
        .flat_map(|cluster| cluster.labels.iter().map(|(key, _)| &**key))
        .collect();
    let mut uses = Vec::new();
    for template in &fleet.templates {
        let selected: Vec<usize> = match &template.selector {
            None => (0..clusters.len()).collect(),
            Some(selector) => {
                warn_unknown_labels(selector, &labels, diags);
                matching(selector, clusters, diags)
            }
        };
        uses.extend(paths(template, clusters, selected, diags));
    }
    uses
}

fn matching(
    selector: &Spanned<Selector>,
    clusters: &[Cluster],
    diags: &mut Diagnostics,
) -> Vec<usize> {
    let matches = |index: &usize| selector.value.matches(|key| clusters[*index].label(key));
    let selected: Vec<usize> = (0..clusters.len()).filter(matches).collect();
    if selected.is_empty() {
        let message = format!(
            "this selector matches none of {}",
            count(clusters.len(), "cluster")
        );
        diags.push(Diagnostic::new(
            Code::SelectorMatchesNothing,
            selector.span,
            message,
        ));
    }
    selected
}

fn warn_unknown_labels(
    selector: &Spanned<Selector>,
    labels: &BTreeSet<&str>,
    diags: &mut Diagnostics,
) {
    for requirement in &selector.value.requirements {
        let key = requirement.key.value.as_str();
        if key != crate::model::cluster::CLUSTER_LABEL && !labels.contains(key) {
            let message = format!("no cluster has the label `{key}`");
            let diagnostic = Diagnostic::new(Code::UnknownLabel, requirement.key.span, message);
            diags.push(if labels.is_empty() {
                diagnostic.help("set `labels` in an entry of `clusters`")
            } else {
                diagnostic.help(did_you_mean(key, labels.iter().copied()))
            });
        }
    }
}

fn paths(
    template: &TemplateFile,
    clusters: &[Cluster],
    selected: Vec<usize>,
    diags: &mut Diagnostics,
) -> Vec<Use> {
    let span = template.file.span;
    if let Some(path) = template.file.text.literal() {
        return vec![Use {
            path: path.into(),
            span,
            clusters: selected,
        }];
    }
    let mut by_path: BTreeMap<Rc<str>, Vec<usize>> = BTreeMap::new();
    let mut problems = Problems::default();
    for index in selected {
        let cluster = &clusters[index];
        let segments = OneSegment(cluster);
        let mut found = Vec::new();
        let path = fill::text(&template.file.text, &segments, &mut found);
        if found.is_empty() {
            by_path.entry(path).or_default().push(index);
        } else {
            problems.add(
                found,
                &cluster.name.to_string(),
                cluster.span,
                &cluster.variables,
            );
        }
    }
    problems.report(diags);
    for (path, users) in &by_path {
        // Only values without a slash were filled in, so a part that is `..` came from one of them.
        if path.split('/').any(|part| part == "..") {
            let message =
                format!("a variable makes the path `{path}`: it can be one name, never `..`");
            let diagnostic = Diagnostic::new(Code::InvalidPath, span, message);
            diags.push(diagnostic.related(clusters[users[0]].span, "for this member"));
        }
    }
    by_path
        .into_iter()
        .map(|(path, clusters)| Use {
            path,
            span,
            clusters,
        })
        .collect()
}

/// A cluster's variables for paths: a value is one name, so a slash in it becomes no folder.
struct OneSegment<'a>(&'a Cluster);

impl fill::Scope for OneSegment<'_> {
    fn get(&self, name: &str) -> Option<std::borrow::Cow<'_, crate::tree::Node>> {
        let value = fill::Scope::get(self.0, name)?;
        let is_name = value
            .text()
            .is_none_or(|text| !text.contains(['/', '\\', '\0']) && !text.is_empty());
        is_name.then_some(value)
    }
}

//! Which clusters each template is for.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Problems;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, count, did_you_mean};
use crate::input::fleet::{Fleet, TemplateFile};
use crate::input::patch::Patch;
use crate::model::{Cluster, Selector};
use crate::source::{Span, Spanned};
use crate::template::fill;
use crate::tree::{Part, Text};

/// A template's path and the clusters that use it.
#[derive(Debug)]
pub struct Use<'a> {
    /// The path, its variables filled.
    pub path: Rc<str>,
    /// Where `fleet.yaml` names it.
    pub span: Span,
    /// Indices of clusters, ascending.
    pub clusters: Vec<usize>,
    /// The template's patches, in order.
    pub patches: Rc<[Selected<'a>]>,
}

/// A patch and the clusters that it is for.
#[derive(Debug)]
pub struct Selected<'a> {
    /// The patch.
    pub patch: &'a Patch,
    /// Indices of clusters, ascending.
    pub clusters: Vec<usize>,
}

/// Selects the clusters of each entry of `templates`; a path with variables gives a use per path.
pub fn select<'a>(fleet: &'a Fleet, clusters: &[Cluster], diags: &mut Diagnostics) -> Vec<Use<'a>> {
    let labels: BTreeSet<&str> = clusters
        .iter()
        .flat_map(|cluster| cluster.labels.iter().map(|(key, _)| &**key))
        .collect();
    let mut uses = Vec::new();
    for template in &fleet.templates {
        let selected = matching(template.selector.as_ref(), clusters, &labels, diags);
        let patches = template.patches.iter().map(|patch| Selected {
            patch,
            clusters: matching(patch.selector.as_ref(), clusters, &labels, diags),
        });
        let patches = patches.collect();
        uses.extend(paths(template, clusters, selected, &patches, diags));
    }
    uses
}

/// The clusters that a selector matches; all of them without one.
fn matching(
    selector: Option<&Spanned<Selector>>,
    clusters: &[Cluster],
    labels: &BTreeSet<&str>,
    diags: &mut Diagnostics,
) -> Vec<usize> {
    let Some(selector) = selector else {
        return (0..clusters.len()).collect();
    };
    warn_unknown_labels(selector, labels, diags);
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

fn paths<'a>(
    template: &TemplateFile,
    clusters: &[Cluster],
    selected: Vec<usize>,
    patches: &Rc<[Selected<'a>]>,
    diags: &mut Diagnostics,
) -> Vec<Use<'a>> {
    let span = template.file.span;
    if let Some(path) = template.file.text.literal() {
        return vec![Use {
            path: path.into(),
            span,
            clusters: selected,
            patches: Rc::clone(patches),
        }];
    }
    let mut by_path: BTreeMap<Rc<str>, Vec<usize>> = BTreeMap::new();
    let mut problems = Problems::default();
    for index in selected {
        let cluster = &clusters[index];
        let mut found = Vec::new();
        let path = fill::text(&template.file.text, cluster, &mut found);
        if found.is_empty() {
            by_path.entry(path).or_default().push(index);
        } else {
            problems.add(
                found,
                &cluster.name.to_string(),
                Some(cluster.span),
                &cluster.variables,
            );
        }
    }
    problems.report(diags);
    let names = slashes(&template.file.text) + 1;
    by_path.retain(|path, users| {
        let parts = || path.split('/');
        let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
        let is_path = parts().count() == names && parts().all(is_name);
        if !is_path {
            let message = format!("a variable makes the path `{path}`: its value must be one name");
            let help = "a name is not empty, not `..`, and holds no slash";
            let diagnostic = Diagnostic::new(Code::InvalidPath, span, message).help(help);
            diags.push(diagnostic.related(clusters[users[0]].span, "for this member"));
        }
        is_path
    });
    by_path
        .into_iter()
        .map(|(path, clusters)| Use {
            path,
            span,
            clusters,
            patches: Rc::clone(patches),
        })
        .collect()
}

/// How many slashes a path has as `fleet.yaml` writes it.
fn slashes(path: &Text) -> usize {
    match path {
        Text::Literal(text) => text.matches('/').count(),
        Text::Parts(parts) => parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.matches('/').count(),
                Part::Dollar | Part::Expression(_) => 0,
            })
            .sum(),
    }
}

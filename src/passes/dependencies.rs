//! Resolves dependencies: each must exist, be deployed to the same clusters, and not be part of a cycle.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::select::{SelectedAddOn, Selection};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_and};
use crate::model::Cluster;
use crate::source::{Span, Spanned};

/// An add-on or a profile that depends on others, or that others depend on.
struct Node<'a> {
    name: &'a Spanned<Rc<str>>,
    depends_on: &'a [Spanned<Rc<str>>],
    /// The location of its selector, if it has one.
    selector: Option<Span>,
    /// Whether it can be deployed to more clusters than its selector matches.
    can_match_more: bool,
    is_addon: bool,
}

/// Returns the clusters of each add-on: those of its selector, or those of its dependents without one.
pub fn resolve_dependencies(
    selection: &mut Selection<'_>,
    clusters: &[Cluster],
    diags: &mut Diagnostics,
) -> Vec<Vec<usize>> {
    // The sequences can be long, so they are moved and not copied.
    let (nodes, mut selected) = take_clusters(selection);
    let before = diags.errors();
    let edges = edges(&nodes, diags);
    let all_exist = diags.errors() == before;
    let Some(ordered) = sort_topologically(&nodes, &edges, diags) else {
        return vec![Vec::new(); selection.addons.len()];
    };
    // Dependents are sorted before their dependencies, so the clusters of a dependent are complete.
    for &index in &ordered {
        for &(dependency, _) in &edges[index] {
            if nodes[dependency].selector.is_none() {
                let mut all = [selected[index].as_slice(), &selected[dependency]].concat();
                all.sort_unstable();
                all.dedup();
                selected[dependency] = all;
            }
        }
    }
    for (index, node) in nodes.iter().enumerate() {
        let is_needed = edges.iter().flatten().any(|(needed, _)| *needed == index);
        if node.is_addon && node.selector.is_none() && !is_needed && all_exist {
            let message = format!(
                "add-on `{}` has no `selector`, and no add-on depends on it",
                node.name.value
            );
            let help = "set `selector: all` or a label selector";
            diags.push(Diagnostic::new(Code::MissingSelector, node.name.span, message).help(help));
        }
        for &(dependency, span) in &edges[index] {
            let needed = &nodes[dependency];
            if needed.selector.is_some() && !needed.can_match_more {
                let is_missing =
                    |index: &&usize| selected[dependency].binary_search(index).is_err();
                let missing = selected[index].iter().filter(is_missing);
                let missing: Vec<&Cluster> = missing.map(|index| &clusters[*index]).collect();
                report_missing_clusters(node, needed, span, &missing, diags);
            }
        }
    }
    selected.truncate(selection.addons.len());
    selected
}

/// Takes the clusters of the add-ons in their order, and then of the profiles with dependencies or dependents.
fn take_clusters<'a>(selection: &mut Selection<'a>) -> (Vec<Node<'a>>, Vec<Vec<usize>>) {
    let addons = selection.addons.iter_mut();
    let addons = addons.map(
        |SelectedAddOn {
             addon, clusters, ..
         }| {
            let node = Node {
                name: &addon.name,
                depends_on: &addon.depends_on,
                selector: addon.selector.as_ref().map(|selector| selector.span),
                can_match_more: false,
                is_addon: true,
            };
            (node, clusters.take().unwrap_or_default())
        },
    );
    let profiles = selection.profile_selections.iter();
    let profiles = profiles.filter(|(profile, _)| profile.is_dependency);
    let profiles = profiles.map(|(profile, clusters)| {
        let node = Node {
            name: &profile.name,
            depends_on: &profile.depends_on,
            selector: profile.selector.as_ref().map(|selector| selector.span),
            can_match_more: profile.has_references,
            is_addon: false,
        };
        (node, clusters.clone().unwrap_or_default())
    });
    addons.chain(profiles).unzip()
}

/// Returns the dependencies of each node, with their locations.
fn edges(nodes: &[Node<'_>], diags: &mut Diagnostics) -> Vec<Vec<(usize, Span)>> {
    let known: BTreeMap<&str, usize> = nodes
        .iter()
        .enumerate()
        .map(|(index, node)| (&*node.name.value, index))
        .collect();
    let edge = |needed: &Spanned<Rc<str>>, diags: &mut Diagnostics| {
        let selected = known.get(&*needed.value);
        if selected.is_none() {
            let message = format!("unknown add-on or profile `{}`", needed.value);
            let help = diags
                .suggestions
                .did_you_mean(&needed.value, || known.keys().copied());
            diags.push(Diagnostic::new(Code::UnknownDependency, needed.span, message).help(help));
        }
        Some((*selected?, needed.span))
    };
    let of_node = |node: &Node<'_>| {
        let names = node.depends_on.iter();
        names.filter_map(|needed| edge(needed, diags)).collect()
    };
    nodes.iter().map(of_node).collect()
}

/// Returns the nodes, each before its dependencies. Reports a cycle, and returns `None` then.
fn sort_topologically(
    nodes: &[Node<'_>],
    edges: &[Vec<(usize, Span)>],
    diags: &mut Diagnostics,
) -> Option<Vec<usize>> {
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (index, edges) in edges.iter().enumerate() {
        for (needed, _) in edges {
            dependents[*needed].push(index);
        }
    }
    // The number of unsorted dependencies of each node.
    let mut open: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut sorted: Vec<usize> = (0..nodes.len()).filter(|node| open[*node] == 0).collect();
    let mut next = 0;
    while let Some(&node) = sorted.get(next) {
        next += 1;
        for &dependent in &dependents[node] {
            open[dependent] -= 1;
            if open[dependent] == 0 {
                sorted.push(dependent);
            }
        }
    }
    if let Some(first) = open.iter().position(|open| *open > 0) {
        report_cycle(nodes, &find_cycle(first, edges, &open), diags);
        return None;
    }
    sorted.reverse();
    Some(sorted)
}

/// Returns the edges of a cycle that a node reaches, as every node with `open` dependencies does.
fn find_cycle(first: usize, edges: &[Vec<(usize, Span)>], open: &[usize]) -> Vec<(usize, Span)> {
    let mut path: Vec<(usize, Span)> = Vec::new();
    let mut visited = BTreeMap::from([(first, 0)]);
    let mut node = first;
    loop {
        let edge = edges[node].iter().find(|(needed, _)| open[*needed] > 0);
        path.extend(edge);
        let Some((needed, _)) = edge else {
            return path;
        };
        if let Some(start) = visited.insert(*needed, path.len()) {
            return path.split_off(start);
        }
        node = *needed;
    }
}

/// Reports a cycle. Each edge names the node at which the next edge starts.
fn report_cycle(nodes: &[Node<'_>], cycle: &[(usize, Span)], diags: &mut Diagnostics) {
    let ([.., (last, _)], [(_, first_span), rest @ ..]) = (cycle, cycle) else {
        return;
    };
    let name = |index: &usize| format!("`{}`", nodes[*index].name.value);
    let names = std::iter::once(last).chain(cycle.iter().map(|(node, _)| node));
    let message = format!(
        "add-ons depend on each other in a cycle: {}",
        names.map(name).collect::<Vec<_>>().join(" → ")
    );
    let diagnostic = Diagnostic::new(Code::DependencyCycle, *first_span, message);
    let diagnostic = rest.iter().fold(diagnostic, |diagnostic, (node, span)| {
        diagnostic.related(*span, format!("depends on {}", name(node)))
    });
    diags.push(diagnostic.help("remove one of these names from `dependsOn`"));
}

fn report_missing_clusters(
    node: &Node<'_>,
    needed: &Node<'_>,
    span: Span,
    missing: &[&Cluster],
    diags: &mut Diagnostics,
) {
    if missing.is_empty() {
        return;
    }
    let (from, to) = (&node.name.value, &needed.name.value);
    let names = join_and(missing.iter().map(|cluster| &**cluster.name.as_rc()));
    let message = format!(
        "add-on `{from}` depends on `{to}`, which is not deployed to {} of its clusters: {names}",
        missing.len()
    );
    let help = format!(
        "extend the selector of `{to}`, or remove it to deploy `{to}` to every cluster that needs it"
    );
    diags.push(
        Diagnostic::new(Code::DependencyNotSelected, span, message)
            .related(needed.selector, format!("the selector of `{to}`"))
            .help(help),
    );
}

//! Dependencies: that they exist, lead in no circle, and are there wherever they are needed.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::select::{SelectedAddOn, Selection};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean, join_and};
use crate::model::Cluster;
use crate::source::{Span, Spanned};

/// Something that others depend on, or that depends on others: an add-on or a profile.
struct Node<'a> {
    name: &'a Spanned<Rc<str>>,
    depends_on: &'a [Spanned<Rc<str>>],
    /// Where its selector stands, if it has one.
    selector: Option<Span>,
    /// Whether it may be for other clusters, too.
    is_open: bool,
    is_addon: bool,
}

/// Gives the clusters of each add-on: those it selects, or else those of its dependents.
pub fn order(
    selection: &mut Selection<'_>,
    clusters: &[Cluster],
    diags: &mut Diagnostics,
) -> Vec<Vec<usize>> {
    // The lists can be long: they are taken, not copied.
    let (nodes, mut found) = nodes(selection);
    let before = diags.errors();
    let edges = edges(&nodes, diags);
    let are_known = diags.errors() == before;
    let Some(ordered) = sorted(&nodes, &edges, diags) else {
        return vec![Vec::new(); selection.addons.len()];
    };
    // What depends on something comes before it, so its clusters are complete.
    for &index in &ordered {
        for &(dependency, _) in &edges[index] {
            if nodes[dependency].selector.is_none() {
                let mut all = [found[index].as_slice(), &found[dependency]].concat();
                all.sort_unstable();
                all.dedup();
                found[dependency] = all;
            }
        }
    }
    for (index, node) in nodes.iter().enumerate() {
        let is_needed = edges.iter().flatten().any(|(needed, _)| *needed == index);
        if node.is_addon && node.selector.is_none() && !is_needed && are_known {
            let message = format!(
                "the add-on `{}` says no clusters, and no other add-on depends on it",
                node.name.value
            );
            let help = "write `selector: all`, or a selector";
            diags.push(Diagnostic::new(Code::MissingSelector, node.name.span, message).help(help));
        }
        for &(dependency, span) in &edges[index] {
            let needed = &nodes[dependency];
            if needed.selector.is_some() && !needed.is_open {
                let is_missing = |index: &&usize| found[dependency].binary_search(index).is_err();
                let missing = found[index].iter().filter(is_missing);
                let missing: Vec<&Cluster> = missing.map(|index| &clusters[*index]).collect();
                refuse_missing(node, needed, span, &missing, diags);
            }
        }
    }
    found.truncate(selection.addons.len());
    found
}

/// Takes the clusters of the add-ons in their order, then of the profiles that can be depended on or depend on
/// something.
fn nodes<'a>(selection: &mut Selection<'a>) -> (Vec<Node<'a>>, Vec<Vec<usize>>) {
    let addons = selection.addons.iter_mut();
    let addons = addons.map(
        |SelectedAddOn {
             addon, clusters, ..
         }| {
            let node = Node {
                name: &addon.name,
                depends_on: &addon.depends_on,
                selector: addon.selector.as_ref().map(|selector| selector.span),
                is_open: false,
                is_addon: true,
            };
            (node, clusters.take().unwrap_or_default())
        },
    );
    let profiles = selection.chosen.iter_mut();
    let profiles = profiles.filter(|(profile, _)| profile.is_dependency);
    let profiles = profiles.map(|(profile, clusters)| {
        let node = Node {
            name: &profile.name,
            depends_on: &profile.depends_on,
            selector: profile.selector.as_ref().map(|selector| selector.span),
            is_open: profile.has_references,
            is_addon: false,
        };
        (node, clusters.take().unwrap_or_default())
    });
    addons.chain(profiles).unzip()
}

/// For each node what it depends on, and where it says so.
fn edges(nodes: &[Node<'_>], diags: &mut Diagnostics) -> Vec<Vec<(usize, Span)>> {
    let known: BTreeMap<&str, usize> = nodes
        .iter()
        .enumerate()
        .map(|(index, node)| (&*node.name.value, index))
        .collect();
    let edge = |needed: &Spanned<Rc<str>>, diags: &mut Diagnostics| {
        let found = known.get(&*needed.value);
        if found.is_none() {
            let message = format!("there is no add-on and no profile `{}`", needed.value);
            let help = did_you_mean(&needed.value, known.keys().copied());
            diags.push(Diagnostic::new(Code::UnknownDependency, needed.span, message).help(help));
        }
        Some((*found?, needed.span))
    };
    let of_node = |node: &Node<'_>| {
        let names = node.depends_on.iter();
        names.filter_map(|needed| edge(needed, diags)).collect()
    };
    nodes.iter().map(of_node).collect()
}

/// The nodes, each before what it depends on; none if there is a circle, which is reported.
fn sorted(
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
    // How many dependencies of each node are still to be sorted.
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
        refuse_circle(nodes, &circle(first, edges, &open), diags);
        return None;
    }
    sorted.reverse();
    Some(sorted)
}

/// The edges of a circle that a node leads to. Each node with dependencies that are `open` leads to one.
fn circle(first: usize, edges: &[Vec<(usize, Span)>], open: &[usize]) -> Vec<(usize, Span)> {
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

/// Each edge of the circle names the node that the next one starts from.
fn refuse_circle(nodes: &[Node<'_>], circle: &[(usize, Span)], diags: &mut Diagnostics) {
    let ([.., (last, _)], [(_, first_span), rest @ ..]) = (circle, circle) else {
        return;
    };
    let name = |index: &usize| format!("`{}`", nodes[*index].name.value);
    let names = std::iter::once(last).chain(circle.iter().map(|(node, _)| node));
    let message = format!(
        "add-ons depend on each other in a circle: {}",
        names.map(name).collect::<Vec<_>>().join(" → ")
    );
    let diagnostic = Diagnostic::new(Code::DependencyCycle, *first_span, message);
    let diagnostic = rest.iter().fold(diagnostic, |diagnostic, (node, span)| {
        diagnostic.related(*span, format!("needs {}", name(node)))
    });
    diags.push(diagnostic.help("remove one of these names from `dependsOn`"));
}

fn refuse_missing(
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
        "`{from}` needs `{to}`, which does not go to {} of its clusters: {names}",
        missing.len()
    );
    let help = format!("widen this selector, or leave it out: `{to}` then goes where it is needed");
    diags.push(
        Diagnostic::new(Code::DependencyNotSelected, span, message)
            .related(needed.selector, format!("where `{to}` goes"))
            .help(help),
    );
}

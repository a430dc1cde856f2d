//! Assigns clusters to cells, and checks the requested cell.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, pluralize};
use crate::input::clusters::Clusters;
use crate::input::fleet::Fleet;
use crate::model::cell::Identifying;
use crate::model::{Cell, Cluster};
use crate::request::CompileOptions;
use crate::tree::Node;

/// Sets the cell of each cluster from its label.
pub(super) fn assign_cells(fleet: &Fleet, clusters: &mut [Cluster], diags: &mut Diagnostics) {
    let Some(label) = &fleet.cells else {
        return;
    };
    for cluster in clusters.iter_mut() {
        cluster.cell = cluster.label(&label.value).map(Into::into);
    }
    let mut missing = clusters.iter().filter(|cluster| cluster.cell.is_none());
    if let Some(first) = missing.next() {
        let message = format!(
            "cluster `{}` has no label `{}`, which names its cell",
            first.name, label.value
        );
        let message = match missing.count() {
            0 => message,
            more => format!("{message}; and {}", pluralize(more, "more cluster")),
        };
        diags.push(
            Diagnostic::new(Code::MissingCell, first.span, message)
                .related(label.span, "label that names the cell")
                .help("set the label in `labels` of its list"),
        );
    }
}

/// Returns the variables that contain the name of the cluster, or of its cell, in every list.
pub(super) fn identifying_variables(fleet: &Fleet) -> Identifying {
    Identifying {
        clusters: containing(fleet, "CLUSTER_NAME"),
        cells: containing(fleet, "CELL"),
    }
}

/// Returns the variables that contain the value of a built-in variable in every list, and that variable.
fn containing(fleet: &Fleet, built_in: &str) -> BTreeSet<String> {
    let mut known = BTreeSet::from([built_in.to_owned()]);
    let Some(first) = fleet.clusters.first() else {
        return known;
    };
    let variables = first.members.variables.iter();
    let names = variables.map(|variable| variable.key.text.source_text().to_string());
    let mut open: BTreeSet<String> = names.collect();
    open.insert(first.members.key.value.clone());
    let lists: Vec<(&Clusters, Values<'_>)> = fleet
        .clusters
        .iter()
        .map(|list| (list, values(list)))
        .collect();
    loop {
        let is_found = |name: &&String| {
            let mut lists = lists.iter();
            lists.all(|(list, values)| contains(list, values, name, &known))
        };
        let found: Vec<String> = open.iter().filter(is_found).cloned().collect();
        if found.is_empty() {
            return known;
        }
        for name in found {
            open.remove(&name);
            known.insert(name);
        }
    }
}

/// The variables of a list, by name.
type Values<'a> = BTreeMap<&'a str, &'a Node>;

fn values(list: &Clusters) -> Values<'_> {
    let variables = list.members.variables.iter();
    let named = variables.filter_map(|entry| Some((entry.key.text.literal()?, &entry.value)));
    named.collect()
}

/// Returns `true` if a variable of a list contains one of the known variables, or is the name of the cluster.
fn contains(list: &Clusters, values: &Values<'_>, name: &str, known: &BTreeSet<String>) -> bool {
    match values.get(name) {
        Some(value) => value
            .as_scalar()
            .is_some_and(|scalar| scalar.text.contains_value(|name| known.contains(name))),
        None => {
            known.contains("CLUSTER_NAME") && list.name.is_none() && list.members.key.value == name
        }
    }
}

/// Reports a missing parameter `cell` if the fleet has cells and the caller must request one.
pub(super) fn check_cell_requested(
    fleet: &Fleet,
    options: &CompileOptions,
    diags: &mut Diagnostics,
) {
    if options.require_cell
        && options.cell.is_none()
        && options.spoke.is_none()
        && fleet.cells.is_some()
    {
        let message = "the fleet has cells, so the parameter `cell` is required";
        let help = "set the plugin parameter `cell` of the Application to a cell or `@fleet`";
        diags.push(Diagnostic::without_location(Code::MissingParameter, message).help(help));
    }
}

/// Reports a requested cell without clusters: Argo CD would delete everything that it deployed.
pub(super) fn check_cell_exists(
    fleet: &Fleet,
    clusters: &[Cluster],
    cell: Option<&Cell>,
    diags: &mut Diagnostics,
) {
    let Some(cell) = cell else {
        return;
    };
    let names: BTreeSet<&str> = clusters
        .iter()
        .filter_map(|cluster| cluster.cell.as_deref())
        .collect();
    let exists = match cell {
        Cell::Fleet => fleet.cells.is_some(),
        Cell::Named(name) => names.contains(&**name),
    };
    if exists {
        return;
    }
    let (message, help) = match &fleet.cells {
        None => (
            format!("unknown cell `{cell}`: fleet.yaml does not set `cells`"),
            "add `cells: {label: LABEL}` to fleet.yaml, or remove the parameter `cell`".to_owned(),
        ),
        Some(_) => (
            format!(
                "cell `{cell}` has no clusters; Argo CD would delete everything it deployed there"
            ),
            if names.is_empty() {
                "add a cluster to a list".to_owned()
            } else {
                let names = || names.iter().copied();
                diags.suggestions.did_you_mean(&cell.to_string(), names)
            },
        ),
    };
    diags.push(Diagnostic::without_location(Code::EmptyCell, message).help(help));
}

//! Cells of clusters.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, pluralize};
use crate::input::clusters::Clusters;
use crate::input::fleet::Fleet;
use crate::model::Cluster;

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

/// Returns the variables whose values always differ between clusters of different cells: the cluster's name, its cell,
/// and variables that contain one of them in every list.
pub(super) fn identifying_variables(fleet: &Fleet) -> BTreeSet<String> {
    let mut known = BTreeSet::from(["CLUSTER_NAME", "CELL"].map(ToOwned::to_owned));
    let Some(first) = fleet.clusters.first().filter(|_| fleet.cells.is_some()) else {
        return known;
    };
    let variables = first.members.variables.iter();
    let names = variables.map(|variable| variable.key.text.as_written().to_string());
    let mut open: BTreeSet<String> = names.collect();
    open.insert(first.members.key.value.clone());
    loop {
        let is_found = |name: &&String| {
            let mut lists = fleet.clusters.iter();
            lists.all(|list| identifies(list, name, &known))
        };
        let Some(found) = open.iter().find(is_found).cloned() else {
            return known;
        };
        open.remove(&found);
        known.insert(found);
    }
}

/// Returns `true` if a variable of a list contains one of the known variables, or is the name of the cluster.
fn identifies(list: &Clusters, name: &str, known: &BTreeSet<String>) -> bool {
    let mut variables = list.members.variables.iter();
    match variables.find(|variable| variable.key.text.literal() == Some(name)) {
        Some(variable) => variable
            .value
            .as_scalar()
            .is_some_and(|scalar| scalar.text.contains_value(|name| known.contains(name))),
        None => list.name.is_none() && list.members.key.value == name,
    }
}

//! The cells of clusters.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, pluralize};
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
            "the cluster `{}` has no label `{}`, which is its cell",
            first.name, label.value
        );
        let message = match missing.count() {
            0 => message,
            more => format!("{message}; and {} more", pluralize(more, "cluster")),
        };
        diags.push(
            Diagnostic::new(Code::MissingCell, first.span, message)
                .related(label.span, "cells are told by this label")
                .help("give the cluster the label, by `labels` of its list"),
        );
    }
}

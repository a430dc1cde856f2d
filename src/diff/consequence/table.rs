//! The table: the rows of all kinds.

use super::row::Family;
use super::{argocd, clusters, control_planes, flux, kubernetes, pools, providers, sveltos};

/// The tables of each page of the documentation. The first row that contains a kind applies.
pub(super) const PAGES: [(&str, &[&[Family]]); 4] = [
    (
        "cluster-api",
        &[
            clusters::FAMILIES,
            control_planes::FAMILIES,
            pools::FAMILIES,
        ],
    ),
    (
        "delivery",
        &[argocd::FAMILIES, flux::FAMILIES, sveltos::FAMILIES],
    ),
    ("kubernetes", &[kubernetes::FAMILIES]),
    // Contains patterns that match many kinds.
    ("providers", &[providers::FAMILIES]),
];

/// Returns the rows of a kind.
pub(super) fn family(group: &str, kind: &str) -> Option<&'static Family> {
    families().find(|family| family.contains(group, kind))
}

/// Returns the rows of all kinds.
pub(super) fn families() -> impl Iterator<Item = &'static Family> {
    let tables = PAGES.iter().flat_map(|(_, tables)| tables.iter());
    tables.copied().flatten()
}

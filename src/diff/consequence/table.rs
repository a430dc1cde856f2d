//! The table: the rows of all kinds.

use super::row::Family;
use super::{argocd, clusters, control_planes, flux, kubernetes, pools, providers, sveltos};

/// The rows of all kinds. The first one that contains a kind applies.
const TABLES: [&[Family]; 8] = [
    clusters::FAMILIES,
    control_planes::FAMILIES,
    pools::FAMILIES,
    argocd::FAMILIES,
    flux::FAMILIES,
    sveltos::FAMILIES,
    kubernetes::FAMILIES,
    // Contains patterns that match many kinds.
    providers::FAMILIES,
];

/// Returns the rows of a kind.
pub(super) fn family(group: &str, kind: &str) -> Option<&'static Family> {
    families().find(|family| family.contains(group, kind))
}

/// Returns the rows of all kinds.
pub(super) fn families() -> impl Iterator<Item = &'static Family> {
    TABLES.into_iter().flatten()
}

//! The variables that the product sets.

/// The variables that nobody may set.
pub const BUILT_IN: [&str; 9] = [
    "CLUSTER_NAME",
    "NAMESPACE",
    "LABELS",
    "CELL",
    "GROUP",
    "CLUSTERS",
    "WITH",
    "ADDON",
    "SOURCE",
];

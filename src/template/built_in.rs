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

/// Returns where a built-in variable is available that is not available everywhere.
pub(super) fn available_in(name: &str) -> Option<&'static str> {
    Some(match name {
        "GROUP" => "in templates that are made for a group: forEach: {label: …}",
        "CLUSTERS" => "in templates that are made for a group or for the fleet: `forEach`",
        "CLUSTER_NAME" | "NAMESPACE" | "LABELS" => {
            "in templates that are made for a cluster, and for each entry of CLUSTERS"
        }
        "WITH" => "in templates that have a `with`, and in items that have an `$each`",
        "CELL" => "in templates and add-ons of a fleet with `cells`",
        "ADDON" => "in add-ons",
        _ => return None,
    })
}

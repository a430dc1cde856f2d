//! The variables that `kubectl fleet` sets.

/// Names of the built-in variables, which the input must not set.
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

/// Returns the availability of a built-in variable, or `None` if it is available everywhere.
pub(super) fn available_in(name: &str) -> Option<&'static str> {
    Some(match name {
        "GROUP" => "in templates with `forEach: {label: …}`",
        "CLUSTERS" => "in templates with `forEach: fleet` or `forEach: {label: …}`",
        "CLUSTER_NAME" | "NAMESPACE" | "LABELS" => {
            "in templates without `forEach`, and in items with `$each: CLUSTERS`"
        }
        "WITH" => "in templates with `with`, and in items with `$each`",
        "CELL" => "in templates and add-ons of a fleet with `cells`",
        "ADDON" => "in add-ons",
        _ => return None,
    })
}

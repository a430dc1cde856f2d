//! Groups of kinds.

/// Returns `true` if the group belongs to Cluster API or one of its providers.
pub(super) fn is_capi_group(group: &str) -> bool {
    group == "cluster.x-k8s.io" || group.ends_with(".cluster.x-k8s.io")
}

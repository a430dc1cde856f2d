//! Facts about the objects of `profiles`.

use crate::input::profile::ProfileKind;

/// Namespace of objects that do not set one.
pub const NAMESPACE: &str = "projectsveltos";

/// The kinds of objects that select clusters.
pub const KINDS: [ProfileKind; 3] = [
    ProfileKind {
        group: "config.projectsveltos.io",
        kind: "ClusterProfile",
        default_namespace: None,
    },
    ProfileKind {
        group: "config.projectsveltos.io",
        kind: "Profile",
        default_namespace: Some(NAMESPACE),
    },
    ProfileKind {
        group: "addons.cluster.x-k8s.io",
        kind: "HelmChartProxy",
        default_namespace: Some(NAMESPACE),
    },
];

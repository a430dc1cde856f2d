//! Fields that webhooks compare with each other.

use crate::model::CAPI;

pub(super) const BOOTSTRAPPED: &str = "controlplane.cluster.x-k8s.io";

/// What two fields of a kind of object have to be to each other, where both are said.
#[derive(Debug)]
pub(crate) struct Relation {
    pub(super) group: &'static str,
    pub(super) kind: &'static str,
    /// The fields, each of which has a rule.
    pub(crate) paths: [&'static [&'static str]; 2],
    /// Whether their texts go together.
    pub(crate) holds: fn(&str, &str) -> bool,
    /// What is wanted.
    pub(crate) wanted: &'static str,
}

pub(super) const CLUSTER: &[&str] = &["spec", "clusterName"];
pub(super) const TEMPLATE_CLUSTER: &[&str] = &["spec", "template", "spec", "clusterName"];
pub(super) const SELECTED_CLUSTER: &[&str] = &[
    "spec",
    "selector",
    "matchLabels",
    "cluster.x-k8s.io/cluster-name",
];
pub(super) const SURGE: &[&str] = &["spec", "rollout", "strategy", "rollingUpdate", "maxSurge"];
pub(super) const UNAVAILABLE: &[&str] = &[
    "spec",
    "rollout",
    "strategy",
    "rollingUpdate",
    "maxUnavailable",
];
pub(super) const REPLICAS: &[&str] = &["spec", "replicas"];
pub(super) const EXPIRY: &[&str] = &["spec", "rollout", "before", "certificatesExpiryDays"];
pub(super) const VALIDITY: &[&str] = &[
    "spec",
    "kubeadmConfigSpec",
    "clusterConfiguration",
    "certificateValidityPeriodDays",
];
pub(super) const CA_VALIDITY: &[&str] = &[
    "spec",
    "kubeadmConfigSpec",
    "clusterConfiguration",
    "caCertificateValidityPeriodDays",
];
pub(super) const INIT_SECONDS: &[&str] = &[
    "spec",
    "kubeadmConfigSpec",
    "initConfiguration",
    "timeouts",
    "controlPlaneComponentHealthCheckSeconds",
];
pub(super) const JOIN_SECONDS: &[&str] = &[
    "spec",
    "kubeadmConfigSpec",
    "joinConfiguration",
    "timeouts",
    "controlPlaneComponentHealthCheckSeconds",
];

const fn one_cluster(kind: &'static str, other: &'static [&'static str]) -> Relation {
    Relation {
        group: CAPI,
        kind,
        paths: [CLUSTER, other],
        holds: |one, other| one == other,
        wanted: "an object is of one cluster",
    }
}

const fn of_control_plane(
    paths: [&'static [&'static str]; 2],
    holds: fn(&str, &str) -> bool,
    wanted: &'static str,
) -> Relation {
    Relation {
        group: BOOTSTRAPPED,
        kind: "KubeadmControlPlane",
        paths,
        holds,
        wanted,
    }
}

/// What fields have to be to each other.
pub(super) const RELATIONS: &[Relation] = &[
    one_cluster("MachineDeployment", TEMPLATE_CLUSTER),
    one_cluster("MachineSet", TEMPLATE_CLUSTER),
    one_cluster("MachinePool", TEMPLATE_CLUSTER),
    one_cluster("MachineHealthCheck", SELECTED_CLUSTER),
    Relation {
        group: CAPI,
        kind: "MachineDeployment",
        paths: [SURGE, UNAVAILABLE],
        holds: |surge, unavailable| (surge, unavailable) != ("0", "0"),
        wanted: "one of them is more than 0, or no machine can be replaced",
    },
    of_control_plane(
        [SURGE, REPLICAS],
        |surge, replicas| surge != "0" || number(replicas) >= 3,
        "without a surge, three machines or more are wanted",
    ),
    of_control_plane(
        [VALIDITY, CA_VALIDITY],
        |days, authority| number(days) <= number(authority),
        "certificates end before their authority",
    ),
    of_control_plane(
        [EXPIRY, VALIDITY],
        |expiry, days| number(expiry) < number(days),
        "certificates are made anew before they end",
    ),
    of_control_plane(
        [INIT_SECONDS, JOIN_SECONDS],
        |one, other| one == other,
        "both are the same",
    ),
];

/// What is no number is told by the field's own rule, or the schema.
fn number(text: &str) -> i64 {
    text.parse().unwrap_or_default()
}

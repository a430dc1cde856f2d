//! Fields that webhooks compare with each other.

use super::kinds::{
    CONTROL_PLANE, Kind, MACHINE_DEPLOYMENT, MACHINE_HEALTH_CHECK, MACHINE_POOL, MACHINE_SET,
};
use super::rule::Path;

const CLUSTER_NAME: Path = "spec clusterName";
const TEMPLATE_CLUSTER: Path = "spec template spec clusterName";
const SELECTED_CLUSTER: Path = "spec selector matchLabels cluster.x-k8s.io/cluster-name";
pub(super) const SURGE: Path = "spec rollout strategy rollingUpdate maxSurge";
const UNAVAILABLE: Path = "spec rollout strategy rollingUpdate maxUnavailable";
pub(super) const REPLICAS: Path = "spec replicas";
const EXPIRY: Path = "spec rollout before certificatesExpiryDays";
const VALIDITY: Path = "spec kubeadmConfigSpec clusterConfiguration certificateValidityPeriodDays";
const CA_VALIDITY: Path =
    "spec kubeadmConfigSpec clusterConfiguration caCertificateValidityPeriodDays";
const INIT_SECONDS: Path =
    "spec kubeadmConfigSpec initConfiguration timeouts controlPlaneComponentHealthCheckSeconds";
const JOIN_SECONDS: Path =
    "spec kubeadmConfigSpec joinConfiguration timeouts controlPlaneComponentHealthCheckSeconds";

/// What two fields of a kind of object have to be to each other, where both are said.
#[derive(Debug)]
pub(crate) struct Relation {
    pub(super) kind: Kind,
    /// The fields.
    pub(crate) paths: [Path; 2],
    /// Whether their texts go together.
    pub(crate) holds: fn(&str, &str) -> bool,
    /// What is wanted.
    pub(crate) wanted: &'static str,
}

const fn relation(
    kind: Kind,
    paths: [Path; 2],
    holds: fn(&str, &str) -> bool,
    wanted: &'static str,
) -> Relation {
    Relation {
        kind,
        paths,
        holds,
        wanted,
    }
}

const fn one_cluster(kind: Kind, other: Path) -> Relation {
    relation(
        kind,
        [CLUSTER_NAME, other],
        |one, other| one == other,
        "an object is of one cluster",
    )
}

/// What fields have to be to each other.
pub(super) const RELATIONS: &[Relation] = &[
    one_cluster(MACHINE_DEPLOYMENT, TEMPLATE_CLUSTER),
    one_cluster(MACHINE_SET, TEMPLATE_CLUSTER),
    one_cluster(MACHINE_POOL, TEMPLATE_CLUSTER),
    one_cluster(MACHINE_HEALTH_CHECK, SELECTED_CLUSTER),
    relation(
        MACHINE_DEPLOYMENT,
        [SURGE, UNAVAILABLE],
        |surge, unavailable| (surge, unavailable) != ("0", "0"),
        "one of them is more than 0, or no machine can be replaced",
    ),
    relation(
        CONTROL_PLANE,
        [SURGE, REPLICAS],
        |surge, replicas| surge != "0" || number(replicas) >= 3,
        "without a surge, three machines or more are wanted",
    ),
    relation(
        CONTROL_PLANE,
        [VALIDITY, CA_VALIDITY],
        |days, authority| number(days) <= number(authority),
        "certificates end before their authority",
    ),
    relation(
        CONTROL_PLANE,
        [EXPIRY, VALIDITY],
        |expiry, days| number(expiry) < number(days),
        "certificates are made anew before they end",
    ),
    relation(
        CONTROL_PLANE,
        [INIT_SECONDS, JOIN_SECONDS],
        |one, other| one == other,
        "both are the same",
    ),
];

/// What is no number is told by the field's own rule, or the schema.
fn number(text: &str) -> i64 {
    text.parse().unwrap_or_default()
}

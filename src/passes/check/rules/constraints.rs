//! Constraints between two fields that webhooks enforce.

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

/// A constraint between two fields of a kind, which applies if both fields are set.
#[derive(Debug)]
pub(crate) struct FieldConstraint {
    pub(super) kind: Kind,
    /// The paths of the fields.
    pub(crate) paths: [Path; 2],
    /// Returns `true` if the two strings satisfy the constraint.
    pub(crate) is_satisfied: fn(&str, &str) -> bool,
    /// The requirement in messages.
    pub(crate) requirement: &'static str,
}

const fn constraint(
    kind: Kind,
    paths: [Path; 2],
    is_satisfied: fn(&str, &str) -> bool,
    requirement: &'static str,
) -> FieldConstraint {
    FieldConstraint {
        kind,
        paths,
        is_satisfied,
        requirement,
    }
}

const fn same_cluster(kind: Kind, other: Path) -> FieldConstraint {
    constraint(
        kind,
        [CLUSTER_NAME, other],
        |one, other| one == other,
        "both must name the same cluster",
    )
}

/// Constraints between fields.
pub(super) const CONSTRAINTS: &[FieldConstraint] = &[
    same_cluster(MACHINE_DEPLOYMENT, TEMPLATE_CLUSTER),
    same_cluster(MACHINE_SET, TEMPLATE_CLUSTER),
    same_cluster(MACHINE_POOL, TEMPLATE_CLUSTER),
    same_cluster(MACHINE_HEALTH_CHECK, SELECTED_CLUSTER),
    constraint(
        MACHINE_DEPLOYMENT,
        [SURGE, UNAVAILABLE],
        |surge, unavailable| (surge, unavailable) != ("0", "0"),
        "one of them must be greater than 0, or no machine can be replaced",
    ),
    constraint(
        CONTROL_PLANE,
        [SURGE, REPLICAS],
        |surge, replicas| surge != "0" || number(replicas) >= 3,
        "without a surge, at least three machines are required",
    ),
    constraint(
        CONTROL_PLANE,
        [VALIDITY, CA_VALIDITY],
        |days, authority| number(days) <= number(authority),
        "certificates must not be valid for longer than the CA certificate",
    ),
    constraint(
        CONTROL_PLANE,
        [EXPIRY, VALIDITY],
        |expiry, days| number(expiry) < number(days),
        "certificates must be renewed before they expire",
    ),
    constraint(
        CONTROL_PLANE,
        [INIT_SECONDS, JOIN_SECONDS],
        |one, other| one == other,
        "both must be equal",
    ),
];

/// Returns a number. Strings that are not numbers are reported by the rule of the field or by its schema.
fn number(text: &str) -> i64 {
    text.parse().unwrap_or_default()
}

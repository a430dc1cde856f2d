//! The fields that webhooks judge.

use super::relations::{
    BOOTSTRAPPED, CA_VALIDITY, CLUSTER, EXPIRY, INIT_SECONDS, JOIN_SECONDS, REPLICAS,
    SELECTED_CLUSTER, SURGE, TEMPLATE_CLUSTER, UNAVAILABLE, VALIDITY,
};
use super::rule::{ANY, Field, NAME, Rule};
use crate::model::CAPI;
use crate::model::name::{LABEL_LENGTH, NAME_LENGTH};
use crate::passes::check::texts::{Amount, Letters};
use crate::tree::Node;

const INFRASTRUCTURE: &str = "infrastructure.cluster.x-k8s.io";

pub(super) const fn rule(
    (group, kind): (&'static str, &'static str),
    path: &'static [&'static str],
    field: Field,
) -> Rule {
    let applies = |_: &Node| true;
    Rule {
        group,
        kind,
        path,
        field,
        applies,
    }
}

const fn pool(path: &'static [&'static str], limit: usize, applies: fn(&Node) -> bool) -> Rule {
    Rule {
        applies,
        ..rule(
            (INFRASTRUCTURE, "AzureManagedMachinePool"),
            path,
            Field::Name(limit, Letters::Lower),
        )
    }
}

const fn association(path: &'static [&'static str], limit: usize, letters: Letters) -> Rule {
    let of = ("eks.services.k8s.aws", "PodIdentityAssociation");
    rule(of, path, Field::Name(limit, letters))
}

const fn label(of: (&'static str, &'static str), path: &'static [&'static str]) -> Rule {
    rule(of, path, Field::Label)
}

const fn share(of: (&'static str, &'static str), path: &'static [&'static str]) -> Rule {
    rule(of, path, Field::Amount(Amount::Share))
}

const fn compared(of: (&'static str, &'static str), path: &'static [&'static str]) -> Rule {
    rule(of, path, Field::Compared)
}

const TEMPLATE_VERSION: &[&str] = &["spec", "template", "spec", "version"];
const TEMPLATE_LABELS: &[&str] = &["spec", "template", "metadata", "labels", ANY];
const SELECTOR: &[&str] = &["spec", "selector", "matchLabels", ANY];
const POOL_NAME: &[&str] = &["spec", "name"];

/// The rules. What a webhook would mend by itself is no mistake, but the object differs from what is in
/// Git from then on.
pub(super) const RULES: &[Rule] = &[
    rule(
        (CAPI, "Cluster"),
        &["spec", "topology", "version"],
        Field::Version,
    ),
    rule(
        (CAPI, "Cluster"),
        &["spec", "clusterNetwork", "pods", "cidrBlocks"],
        Field::Pods,
    ),
    rule(
        (CAPI, "Cluster"),
        &["spec", "clusterNetwork", "services", "cidrBlocks"],
        Field::Services,
    ),
    rule((CAPI, "Machine"), &["spec", "version"], Field::Version),
    rule((CAPI, "MachineSet"), TEMPLATE_VERSION, Field::Version),
    rule(
        (CAPI, "MachineDeployment"),
        TEMPLATE_VERSION,
        Field::Version,
    ),
    rule((CAPI, "MachinePool"), TEMPLATE_VERSION, Field::Version),
    rule(
        (BOOTSTRAPPED, "KubeadmControlPlane"),
        &["spec", "version"],
        Field::Version,
    ),
    rule(
        (CAPI, "Cluster"),
        &[
            "metadata",
            "annotations",
            "topology.cluster.x-k8s.io/upgrade-concurrency",
        ],
        Field::Amount(Amount::Positive),
    ),
    label(
        (CAPI, "Cluster"),
        &[
            "spec",
            "topology",
            "controlPlane",
            "metadata",
            "labels",
            ANY,
        ],
    ),
    label(
        (CAPI, "Cluster"),
        &[
            "spec", "topology", "workers", ANY, ANY, "metadata", "labels", ANY,
        ],
    ),
    share(
        (CAPI, "Cluster"),
        &[
            "spec",
            "topology",
            "workers",
            ANY,
            ANY,
            "rollout",
            "strategy",
            "rollingUpdate",
            ANY,
        ],
    ),
    label((CAPI, "MachineDeployment"), TEMPLATE_LABELS),
    label((CAPI, "MachineDeployment"), SELECTOR),
    share(
        (CAPI, "MachineDeployment"),
        &["spec", "rollout", "strategy", "rollingUpdate", ANY],
    ),
    share(
        (CAPI, "MachineDeployment"),
        &["spec", "remediation", "maxInFlight"],
    ),
    compared((CAPI, "MachineDeployment"), CLUSTER),
    compared((CAPI, "MachineDeployment"), TEMPLATE_CLUSTER),
    label((CAPI, "MachineSet"), TEMPLATE_LABELS),
    label((CAPI, "MachineSet"), SELECTOR),
    compared((CAPI, "MachineSet"), CLUSTER),
    compared((CAPI, "MachineSet"), TEMPLATE_CLUSTER),
    label((CAPI, "MachinePool"), TEMPLATE_LABELS),
    compared((CAPI, "MachinePool"), CLUSTER),
    compared((CAPI, "MachinePool"), TEMPLATE_CLUSTER),
    label((CAPI, "MachineHealthCheck"), SELECTOR),
    share(
        (CAPI, "MachineHealthCheck"),
        &[
            "spec",
            "remediation",
            "triggerIf",
            "unhealthyLessThanOrEqualTo",
        ],
    ),
    compared((CAPI, "MachineHealthCheck"), CLUSTER),
    compared((CAPI, "MachineHealthCheck"), SELECTED_CLUSTER),
    rule(
        (CAPI, "MachineHealthCheck"),
        &["spec", "checks", "nodeStartupTimeoutSeconds"],
        Field::Amount(Amount::StartupSeconds),
    ),
    compared((BOOTSTRAPPED, "KubeadmControlPlane"), EXPIRY),
    compared((BOOTSTRAPPED, "KubeadmControlPlane"), VALIDITY),
    compared((BOOTSTRAPPED, "KubeadmControlPlane"), CA_VALIDITY),
    compared((BOOTSTRAPPED, "KubeadmControlPlane"), INIT_SECONDS),
    compared((BOOTSTRAPPED, "KubeadmControlPlane"), JOIN_SECONDS),
    compared((CAPI, "MachineDeployment"), SURGE),
    compared((CAPI, "MachineDeployment"), UNAVAILABLE),
    label(
        (BOOTSTRAPPED, "KubeadmControlPlane"),
        &["spec", "machineTemplate", "metadata", "labels", ANY],
    ),
    Rule {
        applies: |tree| {
            !may_have(
                tree,
                &[
                    "spec",
                    "kubeadmConfigSpec",
                    "clusterConfiguration",
                    "etcd",
                    "external",
                ],
            )
        },
        ..rule(
            (BOOTSTRAPPED, "KubeadmControlPlane"),
            REPLICAS,
            Field::Amount(Amount::Members),
        )
    },
    rule(
        (BOOTSTRAPPED, "KubeadmControlPlane"),
        REPLICAS,
        Field::Amount(Amount::Positive),
    ),
    rule(
        (BOOTSTRAPPED, "KubeadmControlPlane"),
        SURGE,
        Field::Amount(Amount::OneOrNone),
    ),
    rule(
        (BOOTSTRAPPED, "KubeadmControlPlane"),
        &[
            "spec",
            "kubeadmConfigSpec",
            "clusterConfiguration",
            "etcd",
            "local",
            "imageTag",
        ],
        Field::ImageTag,
    ),
    rule(
        (BOOTSTRAPPED, "KubeadmControlPlane"),
        &[
            "spec",
            "kubeadmConfigSpec",
            "clusterConfiguration",
            "dns",
            "imageTag",
        ],
        Field::ImageTag,
    ),
    label(
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfigTemplate"),
        TEMPLATE_LABELS,
    ),
    // EKS names a cluster so; without one the provider makes it of the namespace and the name.
    rule(
        (BOOTSTRAPPED, "AWSManagedControlPlane"),
        &["spec", "eksClusterName"],
        Field::Name(100, Letters::Word),
    ),
    // GKE likewise.
    rule(
        (INFRASTRUCTURE, "GCPManagedControlPlane"),
        &["spec", "clusterName"],
        Field::Name(40, Letters::Any),
    ),
    rule(
        (INFRASTRUCTURE, "AzureManagedControlPlane"),
        NAME,
        Field::Name(LABEL_LENGTH, Letters::Unbranded),
    ),
    rule(
        (INFRASTRUCTURE, "AzureManagedControlPlane"),
        &["spec", "dnsPrefix"],
        Field::Name(54, Letters::Dashed),
    ),
    rule(
        (INFRASTRUCTURE, "AzureCluster"),
        NAME,
        Field::Name(44, Letters::LowerDashed),
    ),
    rule(
        ("iam.services.k8s.aws", "Role"),
        &["spec", "name"],
        Field::Name(64, Letters::Iam),
    ),
    association(&["spec", "clusterName"], 100, Letters::Word),
    association(&["spec", "namespace"], LABEL_LENGTH, Letters::Dns),
    association(&["spec", "serviceAccount"], NAME_LENGTH, Letters::Dns),
    pool(POOL_NAME, 12, |tree| !is_windows(tree)),
    pool(POOL_NAME, 6, is_windows),
    pool(NAME, 12, |tree| {
        !is_windows(tree) && spec(tree, "name").is_none()
    }),
    pool(NAME, 6, |tree| {
        is_windows(tree) && spec(tree, "name").is_none()
    }),
];

fn spec<'a>(tree: &'a Node, key: &str) -> Option<&'a Node> {
    tree.get("spec")?.get(key).filter(|value| !value.is_null())
}

fn is_windows(tree: &Node) -> bool {
    spec(tree, "osType").and_then(Node::text) == Some("Windows")
}

/// Whether something may stand at a path: what a variable holds is not known here.
fn may_have(tree: &Node, path: &[&str]) -> bool {
    let Some((key, rest)) = path.split_first() else {
        return !tree.is_null();
    };
    match tree.entries() {
        None => tree
            .as_scalar()
            .is_some_and(|scalar| scalar.text.literal().is_none()),
        Some(entries) => {
            entries.iter().any(|entry| entry.key.is_open())
                || tree.get(key).is_some_and(|below| may_have(below, rest))
        }
    }
}

//! Rules for fields that webhooks validate.

use super::constraints::{REPLICAS, SURGE};
use super::kinds::{
    AWS_CONTROL_PLANE, AZURE_CLUSTER, AZURE_CONTROL_PLANE, AZURE_POOL, CLUSTER, CONTROL_PLANE,
    GCP_CONTROL_PLANE, IAM_ROLE, KUBEADM_CONFIG_TEMPLATE, Kind, MACHINE, MACHINE_DEPLOYMENT,
    MACHINE_HEALTH_CHECK, MACHINE_POOL, MACHINE_SET, POD_IDENTITY,
};
use super::rule::{Field, NAME, Path, Rule, first_key};
use crate::model::name::{LABEL_LENGTH, NAME_LENGTH};
use crate::passes::check::formats::{Amount, NameFormat};
use crate::tree::Node;

pub(super) const fn rule(kind: Kind, path: Path, field: Field) -> Rule {
    let applies = |_: &Node| true;
    Rule {
        kind,
        path,
        field,
        applies,
    }
}

const fn name(kind: Kind, path: Path, limit: usize, format: NameFormat) -> Rule {
    rule(kind, path, Field::Name(limit, format))
}

const fn pool(path: Path, limit: usize, applies: fn(&Node) -> bool) -> Rule {
    Rule {
        applies,
        ..name(AZURE_POOL, path, limit, NameFormat::Lower)
    }
}

const fn amount(kind: Kind, path: Path, amount: Amount) -> Rule {
    rule(kind, path, Field::Amount(amount))
}

const TEMPLATE_VERSION: Path = "spec template spec version";
const TEMPLATE_LABELS: Path = "spec template metadata labels *";
const SELECTOR: Path = "spec selector matchLabels *";

/// Rules of webhooks. Values that a webhook would correct are errors too, because the object would then differ from
/// Git.
#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule(CLUSTER, "spec topology version", Field::Version),
    rule(CLUSTER, "spec clusterNetwork pods cidrBlocks", Field::Pods),
    rule(CLUSTER, "spec clusterNetwork services cidrBlocks", Field::Services),
    rule(MACHINE, "spec version", Field::Version),
    rule(MACHINE_SET, TEMPLATE_VERSION, Field::Version),
    rule(MACHINE_DEPLOYMENT, TEMPLATE_VERSION, Field::Version),
    rule(MACHINE_POOL, TEMPLATE_VERSION, Field::Version),
    rule(CONTROL_PLANE, "spec version", Field::Version),
    amount(CLUSTER, "metadata annotations topology.cluster.x-k8s.io/upgrade-concurrency", Amount::Positive),
    rule(CLUSTER, "spec topology controlPlane metadata labels *", Field::Label),
    rule(CLUSTER, "spec topology workers * * metadata labels *", Field::Label),
    amount(CLUSTER, "spec topology workers * * rollout strategy rollingUpdate *", Amount::Share),
    rule(MACHINE_DEPLOYMENT, TEMPLATE_LABELS, Field::Label),
    rule(MACHINE_DEPLOYMENT, SELECTOR, Field::Label),
    amount(MACHINE_DEPLOYMENT, "spec rollout strategy rollingUpdate *", Amount::Share),
    amount(MACHINE_DEPLOYMENT, "spec remediation maxInFlight", Amount::Share),
    rule(MACHINE_SET, TEMPLATE_LABELS, Field::Label),
    rule(MACHINE_SET, SELECTOR, Field::Label),
    rule(MACHINE_POOL, TEMPLATE_LABELS, Field::Label),
    rule(MACHINE_HEALTH_CHECK, SELECTOR, Field::Label),
    amount(MACHINE_HEALTH_CHECK, "spec remediation triggerIf unhealthyLessThanOrEqualTo", Amount::Share),
    amount(MACHINE_HEALTH_CHECK, "spec checks nodeStartupTimeoutSeconds", Amount::StartupSeconds),
    rule(CONTROL_PLANE, "spec machineTemplate metadata labels *", Field::Label),
    Rule {
        applies: |tree| !can_have(tree, "spec kubeadmConfigSpec clusterConfiguration etcd external"),
        ..amount(CONTROL_PLANE, REPLICAS, Amount::EtcdMembers)
    },
    amount(CONTROL_PLANE, REPLICAS, Amount::Positive),
    amount(CONTROL_PLANE, SURGE, Amount::OneOrNone),
    rule(CONTROL_PLANE, "spec kubeadmConfigSpec clusterConfiguration etcd local imageTag", Field::ImageTag),
    rule(CONTROL_PLANE, "spec kubeadmConfigSpec clusterConfiguration dns imageTag", Field::ImageTag),
    rule(KUBEADM_CONFIG_TEMPLATE, TEMPLATE_LABELS, Field::Label),
    // The name of the EKS cluster; without a name, the provider derives one from the namespace and the name.
    name(AWS_CONTROL_PLANE, "spec eksClusterName", 100, NameFormat::Word),
    // The name of the GKE cluster, with the same default.
    name(GCP_CONTROL_PLANE, "spec clusterName", 40, NameFormat::Any),
    name(AZURE_CONTROL_PLANE, NAME, LABEL_LENGTH, NameFormat::Unbranded),
    name(AZURE_CONTROL_PLANE, "spec dnsPrefix", 54, NameFormat::Dashed),
    name(AZURE_CLUSTER, NAME, 44, NameFormat::LowerDashed),
    name(IAM_ROLE, "spec name", 64, NameFormat::Iam),
    name(POD_IDENTITY, "spec clusterName", 100, NameFormat::Word),
    name(POD_IDENTITY, "spec namespace", LABEL_LENGTH, NameFormat::Dns),
    name(POD_IDENTITY, "spec serviceAccount", NAME_LENGTH, NameFormat::Dns),
    pool("spec name", 12, |tree| !is_windows(tree)),
    pool("spec name", 6, is_windows),
    pool(NAME, 12, |tree| !is_windows(tree) && spec(tree, "name").is_none()),
    pool(NAME, 6, |tree| is_windows(tree) && spec(tree, "name").is_none()),
];

fn spec<'a>(tree: &'a Node, key: &str) -> Option<&'a Node> {
    tree.get("spec")?.get(key).filter(|value| !value.is_null())
}

fn is_windows(tree: &Node) -> bool {
    spec(tree, "osType").and_then(Node::text) == Some("Windows")
}

/// Returns `true` if a path can exist, including inside variables, whose values are unknown here.
fn can_have(tree: &Node, path: Path) -> bool {
    let Some((key, rest)) = first_key(path) else {
        return !tree.is_null();
    };
    match tree.entries() {
        None => tree.as_scalar().is_some_and(|_| !tree.is_literal()),
        Some(entries) => {
            entries.iter().any(|entry| entry.key.is_unresolved())
                || tree.get(key).is_some_and(|below| can_have(below, rest))
        }
    }
}

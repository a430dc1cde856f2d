//! Rows of worker pools and of the bootstrap configuration of machines.

use super::conditions::{LOWER, OUT_OF_BOUNDS, SET};
use super::effect::Consequence::{
    Deletes, Destroys, Downgrades, InPlace, KeepsRunning, NewMachinesOnly, Rejected, RollsNodes,
    Scales,
};
use super::row::{BOOTSTRAP, CAPI, Family, Row, field, removed};

const DEPLOYMENT: &str = "Cluster API 1.14.2, core/webhooks/admission/machinedeployment.go";
const CONTROLLER: &str =
    "Cluster API 1.14.2, core/reconcilers/machinedeployment/machinedeployment_controller.go";
const UP_TO_DATE: &str = "Cluster API 1.14.2, core/reconcilers/machinedeployment/mdutil/util.go";
const POOL: &str = "Cluster API 1.14.2, core/webhooks/admission/machinepool.go";
const POOL_CONTROLLER: &str =
    "Cluster API 1.14.2, core/reconcilers/machinepool/machinepool_controller.go";
const POOL_PHASES: &str =
    "Cluster API 1.14.2, core/reconcilers/machinepool/machinepool_controller_phases.go";
const CONFIG: &str =
    "Cluster API 1.14.2, bootstrap/kubeadm/webhooks/admission/kubeadmconfigtemplate.go";
const EKS_CONFIG: &str =
    "Cluster API Provider AWS 2.13.0, bootstrap/eks/webhooks/eksconfigtemplate_webhook.go";
const TEMPLATES: &str = "Cluster API 1.14.2, docs/book/src/tasks/updating-machine-templates.md";

const LOWER_NODES: &str =
    "The webhook of Cluster API accepts a lower version: nodes are replaced by older ones.";
const REPLACED: &str = "Cluster API replaces the nodes of the pool.";
const OTHER_CLUSTER: &str = "The webhook of Cluster API rejects another cluster name.";
const BOUNDS: &str =
    "Without `replicas`, Cluster API moves the number of nodes into the bounds of the autoscaler.";
const CONTESTED: &str = "Cluster API accepts a number outside the bounds of the autoscaler, and the autoscaler and Git then change it in turn.";
const NODES: &str = "Cluster API adds or removes nodes.";

#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    Family { kinds: &[(CAPI, "MachineDeployment")], is_owned: true, rows: &[
        removed(&[Destroys], "Cluster API deletes the pool with its machines.", CONTROLLER),
        bound(MIN_SIZE_PATH, DEPLOYMENT), bound(MAX_SIZE_PATH, DEPLOYMENT),
        field("spec clusterName", &[Rejected], OTHER_CLUSTER, DEPLOYMENT),
        field("spec template spec clusterName", &[Rejected], OTHER_CLUSTER, DEPLOYMENT),
        field("spec replicas", &[Scales], CONTESTED, DEPLOYMENT).only(OUT_OF_BOUNDS),
        field("spec replicas", &[Scales], NODES, CONTROLLER),
        field("spec selector", &[InPlace], "Cluster API keeps the machines that the pool controls, and rejects a selector that the labels of the template do not match.", CONTROLLER),
        field("spec template metadata", &[InPlace], "Cluster API propagates metadata without replacing nodes.", UP_TO_DATE),
        field("spec template spec version", &[Downgrades], LOWER_NODES, DEPLOYMENT).only(LOWER),
        field("spec template spec version", &[RollsNodes], REPLACED, UP_TO_DATE),
        field("spec template spec bootstrap configRef apiVersion", &[InPlace], "Cluster API compares only the kind and the name of the reference.", UP_TO_DATE),
        field("spec template spec infrastructureRef apiVersion", &[InPlace], "Cluster API compares only the kind and the name of the reference.", UP_TO_DATE),
        field("spec template spec bootstrap", &[RollsNodes], REPLACED, UP_TO_DATE),
        field("spec template spec infrastructureRef", &[RollsNodes], REPLACED, UP_TO_DATE),
        field("spec template spec failureDomain", &[RollsNodes], REPLACED, UP_TO_DATE),
        field("spec template spec", &[InPlace], "Cluster API propagates taints, gates and timeouts without replacing nodes.", UP_TO_DATE),
        field("spec rollout after", &[RollsNodes], "Cluster API replaces the nodes of the pool after that time.", UP_TO_DATE),
        field("spec rolloutAfter", &[RollsNodes], "Cluster API replaces the nodes of the pool after that time.", UP_TO_DATE),
        field("spec machineNaming", &[NewMachinesOnly], "Only new machines get other names.", CONTROLLER),
        field("spec", &[InPlace], "The strategy applies to the next replacement of nodes.", CONTROLLER),
    ] },
    Family { kinds: &[(CAPI, "MachinePool")], is_owned: true, rows: &[
        removed(&[Destroys], "Cluster API deletes the pool with its machines.", POOL_CONTROLLER),
        bound(MIN_SIZE_PATH, POOL), bound(MAX_SIZE_PATH, POOL),
        field("spec clusterName", &[Rejected], OTHER_CLUSTER, POOL),
        field("spec template spec clusterName", &[Rejected], OTHER_CLUSTER, POOL),
        field("spec template spec taints", &[Rejected], "The webhook of Cluster API rejects taints of MachinePools.", POOL).only(SET),
        field("spec replicas", &[Scales], CONTESTED, POOL).only(OUT_OF_BOUNDS),
        field("spec replicas", &[Scales], NODES, POOL_CONTROLLER),
        field("spec template metadata", &[InPlace], "Cluster API propagates metadata without replacing nodes.", POOL_CONTROLLER),
        field("spec template spec version", &[Downgrades], "The webhook of Cluster API accepts a lower version: the provider decides.", POOL).only(LOWER),
        field("spec template spec version", &[RollsNodes], "The provider upgrades the pool and replaces its nodes.", POOL_PHASES),
        field("spec template spec infrastructureRef apiVersion", &[InPlace], "Cluster API compares only the kind and the name of the reference.", POOL_PHASES),
        field("spec template spec infrastructureRef", &[KeepsRunning], "Cluster API uses the other pool object from now on, and the previous pool keeps running.", POOL_PHASES),
        field("spec template spec bootstrap", &[RollsNodes], "The provider replaces the nodes that use the previous bootstrap data.", POOL_PHASES),
        field("spec template spec", &[InPlace], "Cluster API propagates timeouts without replacing nodes.", POOL_CONTROLLER),
        field("spec failureDomains", &[RollsNodes], "The provider moves the pool to other zones, if it supports that.", POOL_PHASES),
        field("spec", &[InPlace], "Cluster API changes how it manages the pool.", POOL_CONTROLLER),
    ] },
    Family { kinds: &[(BOOTSTRAP, "KubeadmConfigTemplate")], is_owned: true, rows: &[
        removed(&[Deletes], "Only the template is deleted: pools that use it can no longer create machines.", TEMPLATES),
        field("spec", &[NewMachinesOnly], "The webhook of Cluster API accepts the change, and Cluster API replaces no machine: only new ones use it.", CONFIG),
    ] },
    Family { kinds: &[(BOOTSTRAP, "EKSConfigTemplate"), (BOOTSTRAP, "NodeadmConfigTemplate")], is_owned: true, rows: &[
        removed(&[Deletes], "Only the template is deleted: pools that use it can no longer create machines.", TEMPLATES),
        field("spec", &[NewMachinesOnly], "The webhook of the provider for AWS accepts the change, and no machine is replaced: only new ones use it.", EKS_CONFIG),
    ] },
    Family { kinds: &[(BOOTSTRAP, "KubeadmConfig"), (BOOTSTRAP, "EKSConfig"), (BOOTSTRAP, "NodeadmConfig")], is_owned: true, rows: &[
        removed(&[Deletes], "Only the configuration is deleted: its pool can no longer create machines.", POOL_PHASES),
        field("spec", &[RollsNodes], "The bootstrap data of the pool changes: new nodes use it, and some providers replace existing nodes.", POOL_PHASES),
    ] },
];

pub(super) const MIN_SIZE_PATH: &str =
    "metadata annotations cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size";
pub(super) const MAX_SIZE_PATH: &str =
    "metadata annotations cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";

const fn bound(path: &'static str, source: &'static str) -> Row {
    field(path, &[Scales], BOUNDS, source)
}

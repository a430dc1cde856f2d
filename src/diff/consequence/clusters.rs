//! Rows of Clusters, their classes and their health checks.

use super::conditions::{
    AUTOSCALED, CLASS_UNCHECKED, LOWER, SAME_GROUP, SET, SKIPS, SKIPS_UNCHECKED, UNSET,
};
use super::effect::Consequence::{
    Creates, Deletes, Destroys, Downgrades, InPlace, KeepsRunning, NewMachinesOnly, Rejected,
    Reselects, RollsControlPlane, RollsNodes, Scales,
};
use super::row::{CAPI, Family, field, removed};

const WEBHOOK: &str = "Cluster API 1.14.2, core/webhooks/admission/cluster.go";
const CONTROLLER: &str = "Cluster API 1.14.2, core/reconcilers/cluster/cluster_controller.go";
const PHASES: &str = "Cluster API 1.14.2, core/reconcilers/cluster/cluster_controller_phases.go";
const TOPOLOGY: &str = "Cluster API 1.14.2, core/reconcilers/topology/cluster/reconcile_state.go";
const CLASS: &str = "Cluster API 1.14.2, core/webhooks/admission/clusterclass.go";
const COMPATIBILITY: &str = "Cluster API 1.14.2, internal/topology/check/compatibility.go";
const DOCS: &str = "Cluster API 1.14.2, docs/book/src/tasks/experimental-features/cluster-class/operate-cluster.md";
const MACHINES: &str = "Cluster API 1.14.2, core/reconcilers/machinedeployment/mdutil/util.go";
const FILTERS: &str = "Cluster API 1.14.2, controlplane/kubeadm/pkg/filters.go";
const KUBEADM: &str =
    "Cluster API 1.14.2, bootstrap/kubeadm/reconcilers/kubeadmconfig/kubeadmconfig_controller.go";
const HEALTH_WEBHOOK: &str = "Cluster API 1.14.2, core/webhooks/admission/machinehealthcheck.go";
const HEALTH: &str =
    "Cluster API 1.14.2, core/reconcilers/machinehealthcheck/machinehealthcheck_controller.go";
const SELECTORS: &str =
    "CAAPH 0.6.4, controllers/helmchartproxy/helmchartproxy_controller_phases.go";

const OTHER_POOL: &str = "Cluster API deletes the pool with the previous name, with its machines, and creates one with the new name.";

#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    Family { kinds: &[(CAPI, "Cluster")], is_owned: false, rows: &[
        removed(&[Destroys], "Cluster API deletes the cluster: its machines, its control plane and its cloud resources.", CONTROLLER),
        field("metadata labels", &[Reselects], "ClusterProfiles, HelmChartProxies and ClusterResourceSets select clusters by their labels: add-ons can be installed and uninstalled.", SELECTORS),
        field("spec topology", &[RollsControlPlane, RollsNodes], "An annotation disables the check, so Cluster API takes over the cluster with the templates of the class.", WEBHOOK).only(CLASS_UNCHECKED),
        field("spec topology", &[Rejected], "The webhook of Cluster API rejects a class for a cluster that exists without one.", WEBHOOK).only(SET),
        field("spec topology", &[Rejected], "The webhook of Cluster API rejects the removal of the topology.", WEBHOOK).only(UNSET),
        field("spec topology version", &[Rejected], "The webhook of Cluster API rejects a topology without a version.", WEBHOOK).only(UNSET),
        field("spec topology version", &[Downgrades], "An annotation disables the check, so Cluster API replaces all machines without an upgrade path.", WEBHOOK).only(SKIPS_UNCHECKED),
        field("spec topology version", &[Rejected], "The webhook of Cluster API rejects a lower version.", WEBHOOK).only(LOWER),
        field("spec topology version", &[Rejected], "The webhook of Cluster API rejects a version that skips a minor version, unless the class lists its versions.", WEBHOOK).only(SKIPS),
        field("spec topology version", &[RollsControlPlane, RollsNodes], "Cluster API upgrades the control plane and then each pool: it replaces all machines.", DOCS),
        field("spec topology classRef", &[RollsControlPlane, RollsNodes], "Cluster API replaces the machines whose templates differ between both classes; the webhook rejects classes with other kinds of templates.", COMPATIBILITY),
        field("spec topology class", &[RollsControlPlane, RollsNodes], "Cluster API replaces the machines whose templates differ between both classes; the webhook rejects classes with other kinds of templates.", COMPATIBILITY),
        field("spec topology controlPlane replicas", &[Scales], "Cluster API adds or removes control plane machines.", TOPOLOGY),
        field("spec topology controlPlane variables", &[RollsControlPlane], "Cluster API replaces the control plane machines if a patch of the class uses the variable in a template.", TOPOLOGY),
        field("spec topology controlPlane rollout after", &[RollsControlPlane], "Cluster API replaces the control plane machines after that time.", TOPOLOGY),
        field("spec topology controlPlane", &[InPlace], "Cluster API propagates metadata, taints, timeouts and health checks without replacing machines.", FILTERS),
        field("spec topology workers machineDeployments *", &[Destroys], "Cluster API deletes a pool that the topology no longer contains, with its machines.", TOPOLOGY).only(UNSET),
        field("spec topology workers machineDeployments *", &[Creates], "Cluster API creates a pool.", TOPOLOGY).only(SET),
        field("spec topology workers machineDeployments * name", &[Destroys], OTHER_POOL, TOPOLOGY),
        field("spec topology workers machineDeployments * metadata annotations cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size", &[Rejected], "The webhook of Cluster API rejects replicas next to annotations of the autoscaler.", WEBHOOK).only(AUTOSCALED),
        field("spec topology workers machineDeployments * metadata annotations cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size", &[Rejected], "The webhook of Cluster API rejects replicas next to annotations of the autoscaler.", WEBHOOK).only(AUTOSCALED),
        field("spec topology workers machineDeployments * replicas", &[Rejected], "The webhook of Cluster API rejects replicas next to annotations of the autoscaler.", WEBHOOK).only(AUTOSCALED),
        field("spec topology workers machineDeployments * replicas", &[Scales], "Cluster API adds or removes nodes.", TOPOLOGY),
        field("spec topology workers machineDeployments * class", &[RollsNodes], "Cluster API replaces the nodes of the pool if the templates of the class differ.", TOPOLOGY),
        field("spec topology workers machineDeployments * failureDomain", &[RollsNodes], "Cluster API replaces the nodes of the pool.", TOPOLOGY),
        field("spec topology workers machineDeployments * variables", &[RollsNodes], "Cluster API replaces the nodes of the pool if a patch of the class uses the variable in a template.", TOPOLOGY),
        field("spec topology workers machineDeployments * rollout after", &[RollsNodes], "Cluster API replaces the nodes of the pool after that time.", TOPOLOGY),
        field("spec topology workers machineDeployments *", &[InPlace], "Cluster API propagates metadata, taints, timeouts, strategies and health checks without replacing machines.", MACHINES),
        field("spec topology workers machinePools *", &[Destroys], "Cluster API deletes a pool that the topology no longer contains, with its machines.", TOPOLOGY).only(UNSET),
        field("spec topology workers machinePools *", &[Creates], "Cluster API creates a pool.", TOPOLOGY).only(SET),
        field("spec topology workers machinePools * name", &[Destroys], OTHER_POOL, TOPOLOGY),
        field("spec topology workers machinePools * replicas", &[Scales], "Cluster API adds or removes nodes.", TOPOLOGY),
        field("spec topology workers machinePools * metadata", &[InPlace], "Cluster API propagates metadata without replacing machines.", TOPOLOGY),
        field("spec topology workers machinePools * deletion", &[InPlace], "Cluster API propagates timeouts without replacing machines.", TOPOLOGY),
        field("spec topology workers machinePools *", &[RollsNodes], "Cluster API changes the pool, and its provider replaces nodes if the templates differ.", TOPOLOGY),
        field("spec topology variables", &[RollsControlPlane, RollsNodes], "Cluster API replaces the machines whose templates a patch of the class changes with the variable.", TOPOLOGY),
        field("spec infrastructureRef", &[Rejected], "The webhook of Cluster API rejects the removal of the reference.", WEBHOOK).only(UNSET),
        field("spec infrastructureRef", &[InPlace], "Cluster API uses the object from now on.", PHASES).only(SET),
        field("spec infrastructureRef apiVersion", &[InPlace], "Cluster API compares only the group, the kind and the name of the reference.", PHASES).only(SAME_GROUP),
        field("spec infrastructureRef", &[KeepsRunning], "Cluster API uses the other object from now on, and the previous infrastructure keeps running.", PHASES),
        field("spec controlPlaneRef", &[Rejected], "The webhook of Cluster API rejects the removal of the reference.", WEBHOOK).only(UNSET),
        field("spec controlPlaneRef", &[InPlace], "Cluster API uses the object from now on.", PHASES).only(SET),
        field("spec controlPlaneRef apiVersion", &[InPlace], "Cluster API compares only the group, the kind and the name of the reference.", PHASES).only(SAME_GROUP),
        field("spec controlPlaneRef", &[KeepsRunning], "Cluster API uses the other object from now on, and the previous control plane keeps running.", PHASES),
        field("spec clusterNetwork", &[NewMachinesOnly], "The network of a running cluster does not change: only the bootstrap data of new machines does.", KUBEADM),
        field("spec controlPlaneEndpoint", &[NewMachinesOnly], "Cluster API does not move the endpoint: new machines and kubeconfigs use the other address.", KUBEADM),
        field("spec paused", &[InPlace], "Cluster API stops or continues to reconcile the cluster.", CONTROLLER),
        field("spec availabilityGates", &[InPlace], "Only the conditions of the Cluster change.", CONTROLLER),
    ] },
    Family { kinds: &[(CAPI, "ClusterClass")], is_owned: false, rows: &[
        removed(&[Rejected], "The webhook of Cluster API rejects the deletion while a Cluster uses the class.", CLASS),
        field("spec infrastructure templateRef kind", &[Rejected], "The webhook of Cluster API rejects another kind of template.", COMPATIBILITY),
        field("spec controlPlane templateRef kind", &[Rejected], "The webhook of Cluster API rejects another kind of template.", COMPATIBILITY),
        field("spec controlPlane machineInfrastructure templateRef kind", &[Rejected], "The webhook of Cluster API rejects another kind of template.", COMPATIBILITY),
        field("spec infrastructure", &[InPlace], "Cluster API changes the infrastructure object of each Cluster of the class.", TOPOLOGY),
        field("spec controlPlane metadata", &[InPlace], "Cluster API propagates metadata without replacing machines.", FILTERS),
        field("spec controlPlane healthCheck", &[InPlace], "Cluster API changes the health checks of each Cluster of the class.", TOPOLOGY),
        field("spec controlPlane", &[RollsControlPlane], "Cluster API replaces the control plane machines of each Cluster of the class.", TOPOLOGY),
        field("spec workers machineDeployments *", &[Rejected], "The webhook of Cluster API rejects the removal of a class of pools that a Cluster uses.", CLASS).only(UNSET),
        field("spec workers machinePools *", &[Rejected], "The webhook of Cluster API rejects the removal of a class of pools that a Cluster uses.", CLASS).only(UNSET),
        field("spec workers machineDeployments *", &[InPlace], "A Cluster can use the class of pools.", CLASS).only(SET),
        field("spec workers machinePools *", &[InPlace], "A Cluster can use the class of pools.", CLASS).only(SET),
        field("spec workers", &[RollsNodes], "Cluster API replaces the nodes of each Cluster of the class if templates differ.", TOPOLOGY),
        field("spec variables", &[RollsControlPlane, RollsNodes], "Another default applies to new Clusters; the webhook rejects a schema that the values of a Cluster violate.", CLASS),
        field("spec patches", &[RollsControlPlane, RollsNodes], "Cluster API replaces the machines whose templates the patches change, in each Cluster of the class.", TOPOLOGY),
        field("spec kubernetesVersions", &[InPlace], "The versions limit later upgrades of each Cluster of the class.", CLASS),
    ] },
    Family { kinds: &[(CAPI, "MachineHealthCheck")], is_owned: true, rows: &[
        removed(&[Deletes], "Cluster API no longer replaces unhealthy machines.", HEALTH),
        field("spec clusterName", &[Rejected], "The webhook of Cluster API rejects another cluster name.", HEALTH_WEBHOOK),
        field("spec", &[InPlace], "Cluster API checks machines with other rules, and can replace those that are unhealthy by these rules.", HEALTH),
    ] },
];

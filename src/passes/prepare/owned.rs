//! Kinds on which Cluster API sets an ownerReference, so that Argo CD neither prunes them nor waits for a confirmation.

use crate::model::CAPI;
use crate::plan::Object;

/// Kinds of Cluster API's own group whose controllers set an ownerReference to the Cluster: in Cluster API 1.14.2
/// `core/reconcilers/{machinedeployment,machinepool,machineset,machine,machinehealthcheck}`.
const OWNED: [&str; 5] = [
    "MachineDeployment",
    "MachinePool",
    "MachineSet",
    "Machine",
    "MachineHealthCheck",
];

/// Returns `true` if Cluster API sets an ownerReference on objects of this kind.
///
/// Templates get one of their Cluster or `ClusterClass` (`reconcileExternalTemplateReference`,
/// `clusterclass_controller.go`), and what a `MachinePool` refers to gets one of the pool
/// (`machinepool_controller_phases.go`). gitops-engine ignores live objects with an ownerReference that are not in the
/// output (`GetManagedLiveObjs` in `pkg/cache/cluster.go`).
pub(super) fn is_owned(object: &Object) -> bool {
    let is_provider = object
        .group
        .strip_suffix(CAPI)
        .is_some_and(|name| name.ends_with('.'));
    let suffixes = ["Template", "MachinePool"];
    let is_referred = suffixes.iter().any(|suffix| object.kind.ends_with(suffix))
        || *object.group == *"bootstrap.cluster.x-k8s.io";
    OWNED.iter().any(|kind| object.is(CAPI, kind)) || is_provider && is_referred
}

//! Kinds whose fields webhooks validate.

use crate::model::CAPI;

/// The group and the name of a kind.
pub(super) type Kind = (&'static str, &'static str);

const CONTROL_PLANES: &str = "controlplane.cluster.x-k8s.io";
const INFRASTRUCTURE: &str = "infrastructure.cluster.x-k8s.io";

pub(super) const CLUSTER: Kind = (CAPI, "Cluster");
pub(super) const MACHINE: Kind = (CAPI, "Machine");
pub(super) const MACHINE_DEPLOYMENT: Kind = (CAPI, "MachineDeployment");
pub(super) const MACHINE_HEALTH_CHECK: Kind = (CAPI, "MachineHealthCheck");
pub(super) const MACHINE_POOL: Kind = (CAPI, "MachinePool");
pub(super) const MACHINE_SET: Kind = (CAPI, "MachineSet");
pub(super) const CONTROL_PLANE: Kind = (CONTROL_PLANES, "KubeadmControlPlane");
pub(super) const AWS_CONTROL_PLANE: Kind = (CONTROL_PLANES, "AWSManagedControlPlane");
pub(super) const KUBEADM_CONFIG_TEMPLATE: Kind =
    ("bootstrap.cluster.x-k8s.io", "KubeadmConfigTemplate");
pub(super) const AZURE_CLUSTER: Kind = (INFRASTRUCTURE, "AzureCluster");
pub(super) const AZURE_CONTROL_PLANE: Kind = (INFRASTRUCTURE, "AzureManagedControlPlane");
pub(super) const AZURE_POOL: Kind = (INFRASTRUCTURE, "AzureManagedMachinePool");
pub(super) const GCP_CONTROL_PLANE: Kind = (INFRASTRUCTURE, "GCPManagedControlPlane");
pub(super) const IAM_ROLE: Kind = ("iam.services.k8s.aws", "Role");
pub(super) const POD_IDENTITY: Kind = ("eks.services.k8s.aws", "PodIdentityAssociation");

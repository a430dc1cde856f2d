//! Rows of control planes.

use super::conditions::{EVEN, LESS_API, LOWER, LOWER_MINOR, SET, SKIPS, UNSET, WAS_SET};
use super::effect::Consequence::{
    Deletes, Destroys, Downgrades, InPlace, NewMachinesOnly, Rejected, RollsControlPlane, Scales,
};
use super::row::{CONTROL_PLANES, Family, INFRASTRUCTURE, field, removed};

const WEBHOOK: &str =
    "Cluster API 1.14.2, controlplane/kubeadm/webhooks/admission/kubeadmcontrolplane.go";
const TEMPLATE: &str =
    "Cluster API 1.14.2, controlplane/kubeadm/webhooks/admission/kubeadmcontrolplanetemplate.go";
const FILTERS: &str = "Cluster API 1.14.2, controlplane/kubeadm/pkg/filters.go";
const CONTROLLER: &str = "Cluster API 1.14.2, controlplane/kubeadm/reconcilers/kubeadmcontrolplane/kubeadmcontrolplane_controller.go";
const AWS: &str =
    "Cluster API Provider AWS 2.13.0, controlplane/eks/webhooks/awsmanagedcontrolplane_webhook.go";
const AWS_CONTROLLER: &str = "Cluster API Provider AWS 2.13.0, controlplane/eks/controllers/awsmanagedcontrolplane_controller.go";
const GCP: &str = "Cluster API Provider GCP 1.13.1, exp/webhooks/gcpmanagedcontrolplane_webhook.go";
const GCP_CONTROLLER: &str =
    "Cluster API Provider GCP 1.13.1, exp/controllers/gcpmanagedcontrolplane_controller.go";

const KEPT: &str = "The webhook of Cluster API rejects a change of this field.";
const REPLACED: &str = "Cluster API replaces the control plane machines, one after the other.";
const AWS_REJECTS: &str = "The webhook of the provider for AWS rejects a change of this field.";
const GCP_REJECTS: &str = "The webhook of the provider for Google rejects a change of this field.";

#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    Family { kinds: &[(CONTROL_PLANES, "KubeadmControlPlane")], is_owned: true, rows: &[
        removed(&[Destroys], "Cluster API deletes the control plane machines, and etcd with them.", CONTROLLER),
        field("spec version", &[Rejected], "The webhook of Cluster API rejects a version that skips a minor version.", WEBHOOK).only(SKIPS),
        field("spec version", &[Downgrades], "The webhook of Cluster API accepts a lower version, which Kubernetes does not support: all control plane machines are replaced.", WEBHOOK).only(LOWER),
        field("spec version", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec replicas", &[Rejected], "The webhook of Cluster API rejects an even number of members of etcd.", WEBHOOK).only(EVEN),
        field("spec replicas", &[Scales], "Cluster API adds or removes control plane machines.", CONTROLLER),
        field("spec machineTemplate infrastructureRef apiVersion", &[InPlace], "Cluster API compares only the kind and the name of the template.", FILTERS),
        field("spec machineTemplate spec infrastructureRef", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec machineTemplate infrastructureRef", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec machineTemplate", &[InPlace], "Cluster API propagates metadata, taints, gates and timeouts without replacing machines.", FILTERS),
        field("spec kubeadmConfigSpec clusterConfiguration dns", &[InPlace], "Cluster API updates CoreDNS without replacing machines; the webhook rejects versions that CoreDNS cannot migrate.", FILTERS),
        field("spec kubeadmConfigSpec clusterConfiguration etcd external", &[Rejected], "The webhook of Cluster API rejects a change between external and local etcd.", WEBHOOK).only(UNSET),
        field("spec kubeadmConfigSpec clusterConfiguration etcd external", &[Rejected], "The webhook of Cluster API rejects a change between external and local etcd.", WEBHOOK).only(SET),
        field("spec kubeadmConfigSpec clusterConfiguration etcd", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec clusterConfiguration imageRepository", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec clusterConfiguration featureGates", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec clusterConfiguration apiServer", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec clusterConfiguration controllerManager", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec clusterConfiguration scheduler", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec clusterConfiguration certificateValidityPeriodDays", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec clusterConfiguration encryptionAlgorithm", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec clusterConfiguration *", &[Rejected], KEPT, WEBHOOK),
        field("spec kubeadmConfigSpec initConfiguration timeouts controlPlaneComponentHealthCheckSeconds", &[NewMachinesOnly], "Only machines that join later get the timeout.", FILTERS),
        field("spec kubeadmConfigSpec initConfiguration nodeRegistration", &[RollsControlPlane], "Cluster API replaces the machine that started the cluster, if it still exists.", FILTERS),
        field("spec kubeadmConfigSpec initConfiguration patches", &[RollsControlPlane], "Cluster API replaces the machine that started the cluster, if it still exists.", FILTERS),
        field("spec kubeadmConfigSpec initConfiguration skipPhases", &[RollsControlPlane], "Cluster API replaces the machine that started the cluster, if it still exists.", FILTERS),
        field("spec kubeadmConfigSpec initConfiguration bootstrapTokens", &[RollsControlPlane], "Cluster API replaces the machine that started the cluster, if it still exists.", FILTERS),
        field("spec kubeadmConfigSpec initConfiguration localAPIEndpoint", &[RollsControlPlane], "Cluster API replaces the machine that started the cluster, if it still exists.", FILTERS),
        field("spec kubeadmConfigSpec initConfiguration timeouts", &[RollsControlPlane], "Cluster API replaces the machine that started the cluster, if it still exists.", FILTERS),
        field("spec kubeadmConfigSpec initConfiguration *", &[Rejected], KEPT, WEBHOOK),
        field("spec kubeadmConfigSpec joinConfiguration timeouts controlPlaneComponentHealthCheckSeconds", &[NewMachinesOnly], "Only machines that join later get the timeout.", FILTERS),
        field("spec kubeadmConfigSpec joinConfiguration discovery", &[NewMachinesOnly], "Only machines that join later use the discovery.", FILTERS),
        field("spec kubeadmConfigSpec joinConfiguration nodeRegistration", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec joinConfiguration patches", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec joinConfiguration skipPhases", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec joinConfiguration caCertPath", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec joinConfiguration controlPlane", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec joinConfiguration timeouts", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec kubeadmConfigSpec joinConfiguration *", &[Rejected], KEPT, WEBHOOK),
        field("spec kubeadmConfigSpec", &[RollsControlPlane], REPLACED, FILTERS),
        field("spec rollout after", &[RollsControlPlane], "Cluster API replaces the control plane machines after that time.", FILTERS),
        field("spec rolloutAfter", &[RollsControlPlane], "Cluster API replaces the control plane machines after that time.", FILTERS),
        field("spec rollout", &[InPlace], "The strategy applies to the next replacement of machines.", FILTERS),
        field("spec rolloutStrategy", &[InPlace], "The strategy applies to the next replacement of machines.", FILTERS),
        field("spec rolloutBefore", &[InPlace], "Cluster API replaces machines before their certificates expire.", FILTERS),
        field("spec remediation", &[InPlace], "The strategy applies to the next unhealthy machine.", CONTROLLER),
        field("spec remediationStrategy", &[InPlace], "The strategy applies to the next unhealthy machine.", CONTROLLER),
        field("spec machineNaming", &[NewMachinesOnly], "Only new machines get other names.", CONTROLLER),
        field("spec machineNamingStrategy", &[NewMachinesOnly], "Only new machines get other names.", CONTROLLER),
    ] },
    Family { kinds: &[(CONTROL_PLANES, "KubeadmControlPlaneTemplate")], is_owned: true, rows: &[
        removed(&[Deletes], "Only the template is deleted: a ClusterClass that uses it can no longer be reconciled.", TEMPLATE),
        field("spec template spec", &[Rejected], "The webhook of Cluster API rejects a change of the template.", TEMPLATE),
        field("spec template metadata", &[InPlace], "Cluster API propagates metadata without replacing machines.", TEMPLATE),
    ] },
    Family { kinds: &[(CONTROL_PLANES, "AWSManagedControlPlane")], is_owned: true, rows: &[
        removed(&[Destroys], "The provider for AWS deletes the EKS cluster and its network.", AWS_CONTROLLER),
        field("spec region", &[Rejected], AWS_REJECTS, AWS),
        field("spec eksClusterName", &[Rejected], AWS_REJECTS, AWS).only(WAS_SET),
        field("spec identityRef", &[Rejected], "The webhook of the provider for AWS rejects the removal of the identity.", AWS).only(UNSET),
        field("spec encryptionConfig", &[Rejected], "The webhook of the provider for AWS rejects the removal of the encryption.", AWS).only(UNSET),
        field("spec encryptionConfig provider", &[Rejected], AWS_REJECTS, AWS).only(WAS_SET),
        field("spec network vpc ipv6", &[Rejected], "The webhook of the provider for AWS rejects another IP family.", AWS).only(UNSET),
        field("spec network vpc ipv6", &[Rejected], "The webhook of the provider for AWS rejects another IP family.", AWS).only(SET),
        field("spec accessConfig", &[Rejected], "The webhook of the provider for AWS rejects the removal of the configuration.", AWS).only(UNSET),
        field("spec accessConfig authenticationMode", &[Rejected], "The webhook of the provider for AWS rejects the way back from the API of EKS to a ConfigMap.", AWS).only(LESS_API),
        field("spec version", &[Rejected], "The webhook of the provider for AWS rejects a lower minor version.", AWS).only(LOWER_MINOR),
        field("spec version", &[RollsControlPlane], "EKS upgrades the control plane by one minor version after the other.", AWS_CONTROLLER),
        field("spec", &[InPlace], "The provider for AWS updates the EKS cluster.", AWS_CONTROLLER),
    ] },
    Family { kinds: &[(INFRASTRUCTURE, "GCPManagedControlPlane")], is_owned: true, rows: &[
        removed(&[Destroys], "The provider for Google deletes the GKE cluster.", GCP_CONTROLLER),
        field("spec clusterName", &[Rejected], GCP_REJECTS, GCP),
        field("spec project", &[Rejected], GCP_REJECTS, GCP),
        field("spec location", &[Rejected], GCP_REJECTS, GCP),
        field("spec enableAutopilot", &[Rejected], GCP_REJECTS, GCP),
        field("spec version", &[Downgrades], "GKE decides about a lower version: the webhook of the provider accepts it.", GCP).only(LOWER),
        field("spec controlPlaneVersion", &[Downgrades], "GKE decides about a lower version: the webhook of the provider accepts it.", GCP).only(LOWER),
        field("spec version", &[RollsControlPlane], "GKE upgrades the control plane.", GCP_CONTROLLER),
        field("spec controlPlaneVersion", &[RollsControlPlane], "GKE upgrades the control plane.", GCP_CONTROLLER),
        field("spec", &[InPlace], "The provider for Google updates the GKE cluster.", GCP_CONTROLLER),
    ] },
];

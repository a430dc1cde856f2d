//! Rows of infrastructure: clusters, machine templates, managed pools and identities of providers.

use super::conditions::{LOWER, SET, UNSET, WAS_SET};
use super::effect::Consequence::{
    Deletes, Destroys, Ignored, InPlace, KeepsRunning, NewMachinesOnly, Rejected,
    RollsControlPlane, RollsNodes, Scales,
};
use super::row::{BOOTSTRAP, CONTROL_PLANES, Family, INFRASTRUCTURE, Kind, field, removed};

const AWS: &str = "Cluster API Provider AWS 2.13.0, webhooks/awscluster_webhook.go";
const AWS_CONTROLLER: &str =
    "Cluster API Provider AWS 2.13.0, controllers/awscluster_controller.go";
const AWS_MACHINE: &str = "Cluster API Provider AWS 2.13.0, webhooks/awsmachinetemplate_webhook.go";
const AWS_POOL: &str =
    "Cluster API Provider AWS 2.13.0, exp/webhooks/awsmanagedmachinepool_webhook.go";
const AWS_NODEGROUP: &str = "Cluster API Provider AWS 2.13.0, pkg/cloud/services/eks/nodegroup.go";
const AWS_SELF_POOL: &str =
    "Cluster API Provider AWS 2.13.0, exp/controllers/awsmachinepool_controller.go";
const AWS_FARGATE: &str =
    "Cluster API Provider AWS 2.13.0, exp/webhooks/awsfargateprofile_webhook.go";
const AWS_CONTROLLER_IDENTITY: &str =
    "Cluster API Provider AWS 2.13.0, webhooks/awsclustercontrolleridentity_webhook.go";
const AWS_STATIC_IDENTITY: &str =
    "Cluster API Provider AWS 2.13.0, webhooks/awsclusterstaticidentity_webhook.go";
const AWS_ROLE_IDENTITY: &str =
    "Cluster API Provider AWS 2.13.0, webhooks/awsclusterroleidentity_webhook.go";
const AZURE: &str = "Cluster API Provider Azure 1.26.0, internal/webhooks/azurecluster_webhook.go";
const AZURE_CONTROLLER: &str =
    "Cluster API Provider Azure 1.26.0, controllers/azurecluster_controller.go";
const AZURE_MACHINE: &str =
    "Cluster API Provider Azure 1.26.0, internal/webhooks/azuremachinetemplate_webhook.go";
const AKS: &str =
    "Cluster API Provider Azure 1.26.0, internal/webhooks/azuremanagedcontrolplane_webhook.go";
const AKS_VALIDATION: &str =
    "Cluster API Provider Azure 1.26.0, internal/webhooks/azuremanagedcontrolplane_validation.go";
const AKS_CONTROLLER: &str =
    "Cluster API Provider Azure 1.26.0, controllers/azuremanagedcontrolplane_controller.go";
const AKS_POOL: &str =
    "Cluster API Provider Azure 1.26.0, internal/webhooks/azuremanagedmachinepool_webhook.go";
const AKS_POOL_CONTROLLER: &str =
    "Cluster API Provider Azure 1.26.0, controllers/azuremanagedmachinepool_controller.go";
const ASO: &str =
    "Cluster API Provider Azure 1.26.0, internal/webhooks/azureasomanagedcontrolplane_webhook.go";
const ASO_CONTROLLER: &str =
    "Cluster API Provider Azure 1.26.0, controllers/azureasomanagedcontrolplane_controller.go";
const AZURE_IDENTITY: &str =
    "Cluster API Provider Azure 1.26.0, internal/webhooks/azureclusteridentity_webhook.go";
const GCP: &str = "Cluster API Provider GCP 1.13.1, webhooks/gcpcluster_webhook.go";
const GCP_CONTROLLER: &str =
    "Cluster API Provider GCP 1.13.1, controllers/gcpcluster_controller.go";
const GCP_MACHINE: &str = "Cluster API Provider GCP 1.13.1, webhooks/gcpmachinetemplate_webhook.go";
const GKE: &str = "Cluster API Provider GCP 1.13.1, exp/webhooks/gcpmanagedcluster_webhook.go";
const GKE_POOL: &str =
    "Cluster API Provider GCP 1.13.1, exp/webhooks/gcpmanagedmachinepool_webhook.go";
const GKE_POOL_CONTROLLER: &str =
    "Cluster API Provider GCP 1.13.1, exp/controllers/gcpmanagedmachinepool_controller.go";
const DEV_MACHINE: &str =
    "Cluster API 1.14.2, test/infrastructure/docker/internal/webhooks/devmachinetemplate.go";
const CONTRACT: &str =
    "Cluster API 1.14.2, docs/book/src/developer/providers/contracts/infra-machine.md";
const CLUSTER_CONTRACT: &str =
    "Cluster API 1.14.2, docs/book/src/developer/providers/contracts/infra-cluster.md";
const CAPI_CLUSTER: &str = "Cluster API 1.14.2, core/reconcilers/cluster/cluster_controller.go";
const TEMPLATES: &str = "Cluster API 1.14.2, docs/book/src/tasks/updating-machine-templates.md";

const FIXED: &str = "The webhook of the provider rejects a change of this field.";
const FIXED_TEMPLATE: &str =
    "The webhook of the provider rejects a change of the template: create one with another name.";
const CLUSTER_GONE: &str = "The provider deletes the network, the load balancers and the other cloud resources of the cluster.";
const POOL_GONE: &str = "The provider deletes the pool with its nodes.";
const TEMPLATE_GONE: &str = "Only the template is deleted: pools and control planes that use it can no longer create machines.";
const IDENTITY_GONE: &str = "Without the identity, the provider can neither change nor delete the cloud resources of its clusters.";
const IDENTITY: &str = "Clusters that use the identity get other credentials.";
const CLUSTER_CHANGED: &str = "The provider updates the cloud resources of the cluster.";

const fn infrastructure(kind: &'static str) -> Kind {
    (INFRASTRUCTURE, kind)
}

#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    Family { kinds: &[infrastructure("AWSCluster"), infrastructure("AWSManagedCluster")], is_owned: true, rows: &[
        removed(&[Destroys], CLUSTER_GONE, AWS_CONTROLLER),
        field("spec region", &[Rejected], FIXED, AWS),
        field("spec controlPlaneEndpoint", &[Rejected], FIXED, AWS).only(WAS_SET),
        field("spec network vpc id", &[Rejected], FIXED, AWS).only(WAS_SET),
        field("spec identityRef", &[Rejected], "The webhook of the provider rejects the removal of the identity.", AWS).only(UNSET),
        field("spec", &[InPlace], CLUSTER_CHANGED, AWS_CONTROLLER),
    ] },
    Family { kinds: &[infrastructure("AzureCluster")], is_owned: true, rows: &[
        removed(&[Destroys], CLUSTER_GONE, AZURE_CONTROLLER),
        field("spec resourceGroup", &[Rejected], FIXED, AZURE),
        field("spec subscriptionID", &[Rejected], FIXED, AZURE),
        field("spec location", &[Rejected], FIXED, AZURE),
        field("spec azureEnvironment", &[Rejected], FIXED, AZURE),
        field("spec controlPlaneEndpoint", &[Rejected], FIXED, AZURE).only(WAS_SET),
        field("spec bastionSpec azureBastion", &[Rejected], FIXED, AZURE).only(WAS_SET),
        field("spec networkSpec privateDNSZoneName", &[Rejected], FIXED, AZURE),
        field("spec networkSpec privateDNSZoneResourceGroup", &[Rejected], FIXED, AZURE),
        field("spec networkSpec privateDNSZone", &[Rejected], FIXED, AZURE),
        field("spec networkSpec controlPlaneOutboundLB", &[Rejected], FIXED, AZURE),
        field("spec networkSpec apiServerLB availabilityZones", &[Rejected], FIXED, AZURE),
        field("spec networkSpec nodeOutboundLB availabilityZones", &[Rejected], FIXED, AZURE),
        field("spec", &[InPlace], CLUSTER_CHANGED, AZURE_CONTROLLER),
    ] },
    Family { kinds: &[infrastructure("GCPCluster")], is_owned: true, rows: &[
        removed(&[Destroys], CLUSTER_GONE, GCP_CONTROLLER),
        field("spec project", &[Rejected], FIXED, GCP),
        field("spec region", &[Rejected], FIXED, GCP),
        field("spec credentialsRef", &[Rejected], FIXED, GCP),
        field("spec loadBalancer", &[Rejected], FIXED, GCP),
        field("spec", &[InPlace], CLUSTER_CHANGED, GCP_CONTROLLER),
    ] },
    Family { kinds: &[infrastructure("GCPManagedCluster")], is_owned: true, rows: &[
        removed(&[Destroys], CLUSTER_GONE, GKE),
        field("spec project", &[Rejected], FIXED, GKE),
        field("spec region", &[Rejected], FIXED, GKE),
        field("spec credentialsRef", &[Rejected], FIXED, GKE),
        field("spec", &[InPlace], CLUSTER_CHANGED, GKE),
    ] },
    Family { kinds: &[infrastructure("AWSMachineTemplate")], is_owned: true, rows: &[
        removed(&[Deletes], TEMPLATE_GONE, TEMPLATES),
        field("spec template spec", &[Rejected], FIXED_TEMPLATE, AWS_MACHINE),
        field("spec template metadata", &[NewMachinesOnly], "Only new machines get the metadata.", AWS_MACHINE),
    ] },
    Family { kinds: &[infrastructure("AzureMachineTemplate")], is_owned: true, rows: &[
        removed(&[Deletes], TEMPLATE_GONE, TEMPLATES),
        field("spec template spec", &[Rejected], FIXED_TEMPLATE, AZURE_MACHINE),
        field("spec template metadata", &[NewMachinesOnly], "Only new machines get the metadata.", AZURE_MACHINE),
    ] },
    Family { kinds: &[infrastructure("GCPMachineTemplate")], is_owned: true, rows: &[
        removed(&[Deletes], TEMPLATE_GONE, TEMPLATES),
        field("spec template spec additionalLabels", &[NewMachinesOnly], "The webhook of the provider accepts the change: only new machines get the labels.", GCP_MACHINE),
        field("spec template spec additionalNetworkTags", &[NewMachinesOnly], "The webhook of the provider accepts the change: only new machines get the tags.", GCP_MACHINE),
        field("spec template spec providerID", &[NewMachinesOnly], "The webhook of the provider accepts the change.", GCP_MACHINE),
        field("spec", &[Rejected], FIXED_TEMPLATE, GCP_MACHINE),
    ] },
    Family { kinds: &[infrastructure("DevMachineTemplate"), infrastructure("DockerMachineTemplate")], is_owned: true, rows: &[
        removed(&[Deletes], TEMPLATE_GONE, TEMPLATES),
        field("spec template spec", &[Rejected], FIXED_TEMPLATE, DEV_MACHINE),
        field("spec template metadata", &[NewMachinesOnly], "Only new machines get the metadata.", DEV_MACHINE),
    ] },
    Family { kinds: &[infrastructure("AWSManagedMachinePool")], is_owned: true, rows: &[
        removed(&[Destroys], POOL_GONE, AWS_NODEGROUP),
        field("spec eksNodegroupName", &[Rejected], FIXED, AWS_POOL).only(WAS_SET),
        field("spec subnetIDs", &[Rejected], FIXED, AWS_POOL),
        field("spec roleName", &[Rejected], FIXED, AWS_POOL).only(WAS_SET),
        field("spec diskSize", &[Rejected], FIXED, AWS_POOL),
        field("spec amiType", &[Rejected], FIXED, AWS_POOL),
        field("spec remoteAccess", &[Rejected], FIXED, AWS_POOL),
        field("spec capacityType", &[Rejected], FIXED, AWS_POOL).only(WAS_SET),
        field("spec availabilityZones", &[Rejected], FIXED, AWS_POOL),
        field("spec availabilityZoneSubnetType", &[Rejected], FIXED, AWS_POOL),
        field("spec awsLaunchTemplate", &[Rejected], "The webhook of the provider rejects the addition of a launch template.", AWS_POOL).only(SET),
        field("spec awsLaunchTemplate", &[Rejected], "The webhook of the provider rejects the removal of the launch template.", AWS_POOL).only(UNSET),
        field("spec awsLaunchTemplate name", &[Rejected], FIXED, AWS_POOL),
        field("spec awsLaunchTemplate", &[RollsNodes], "EKS replaces the nodes with the new launch template.", AWS_NODEGROUP),
        field("spec amiVersion", &[RollsNodes], "EKS replaces the nodes.", AWS_NODEGROUP),
        field("spec instanceType", &[Ignored], "The webhook accepts the change, and the provider does not update the node group: create another pool.", AWS_NODEGROUP),
        field("spec scaling", &[Scales], "EKS can add or remove nodes; the webhook rejects a minimum above the maximum.", AWS_NODEGROUP),
        field("spec labels", &[InPlace], "EKS updates the node group without replacing nodes.", AWS_NODEGROUP),
        field("spec taints", &[InPlace], "EKS updates the node group without replacing nodes.", AWS_NODEGROUP),
        field("spec updateConfig", &[InPlace], "EKS updates the node group without replacing nodes.", AWS_NODEGROUP),
        field("spec additionalTags", &[InPlace], "EKS updates the node group without replacing nodes.", AWS_NODEGROUP),
    ] },
    Family { kinds: &[infrastructure("AWSMachinePool")], is_owned: true, rows: &[
        removed(&[Destroys], POOL_GONE, AWS_SELF_POOL),
        field("spec awsLaunchTemplate", &[RollsNodes], "The provider replaces the instances with the new launch template, unless instance refresh is disabled.", AWS_SELF_POOL),
        field("spec minSize", &[Scales], "AWS can add or remove nodes.", AWS_SELF_POOL),
        field("spec maxSize", &[Scales], "AWS can add or remove nodes.", AWS_SELF_POOL),
        field("spec", &[InPlace], "The provider updates the Auto Scaling group.", AWS_SELF_POOL),
    ] },
    Family { kinds: &[infrastructure("AWSFargateProfile")], is_owned: true, rows: &[
        removed(&[Destroys], "The provider deletes the Fargate profile with its Pods.", AWS_FARGATE),
        field("spec additionalTags", &[InPlace], "The provider updates the tags.", AWS_FARGATE),
        field("spec", &[Rejected], FIXED, AWS_FARGATE),
    ] },
    Family { kinds: &[infrastructure("AzureManagedControlPlane")], is_owned: true, rows: &[
        removed(&[Destroys], "The provider for Azure deletes the AKS cluster.", AKS_CONTROLLER),
        field("spec subscriptionID", &[Rejected], FIXED, AKS),
        field("spec resourceGroupName", &[Rejected], FIXED, AKS),
        field("spec nodeResourceGroupName", &[Rejected], FIXED, AKS),
        field("spec location", &[Rejected], FIXED, AKS),
        field("spec sshPublicKey", &[Rejected], FIXED, AKS),
        field("spec dnsServiceIP", &[Rejected], FIXED, AKS),
        field("spec networkPlugin", &[Rejected], FIXED, AKS),
        field("spec networkPolicy", &[Rejected], FIXED, AKS),
        field("spec networkDataplane", &[Rejected], FIXED, AKS),
        field("spec loadBalancerSKU", &[Rejected], FIXED, AKS),
        field("spec httpProxyConfig", &[Rejected], FIXED, AKS),
        field("spec azureEnvironment", &[Rejected], FIXED, AKS),
        field("spec dnsPrefix", &[Rejected], FIXED, AKS).only(WAS_SET),
        field("spec outboundType", &[Rejected], FIXED, AKS),
        field("spec version", &[Rejected], "The webhook of the provider rejects a lower version.", AKS_VALIDATION).only(LOWER),
        field("spec version", &[RollsControlPlane], "AKS upgrades the control plane.", AKS_CONTROLLER),
        field("spec", &[InPlace], "The provider for Azure updates the AKS cluster, and its webhook rejects some changes.", AKS),
    ] },
    Family { kinds: &[infrastructure("AzureManagedMachinePool")], is_owned: true, rows: &[
        removed(&[Destroys], POOL_GONE, AKS_POOL_CONTROLLER),
        field("spec name", &[Rejected], FIXED, AKS_POOL),
        field("spec osType", &[Rejected], FIXED, AKS_POOL),
        field("spec sku", &[Rejected], FIXED, AKS_POOL),
        field("spec osDiskSizeGB", &[Rejected], FIXED, AKS_POOL),
        field("spec subnetName", &[Rejected], FIXED, AKS_POOL).only(WAS_SET),
        field("spec enableFIPS", &[Rejected], FIXED, AKS_POOL).only(WAS_SET),
        field("spec enableEncryptionAtHost", &[Rejected], FIXED, AKS_POOL).only(WAS_SET),
        field("spec availabilityZones", &[Rejected], FIXED, AKS_POOL),
        field("spec maxPods", &[Rejected], FIXED, AKS_POOL),
        field("spec osDiskType", &[Rejected], FIXED, AKS_POOL),
        field("spec scaleSetPriority", &[Rejected], FIXED, AKS_POOL),
        field("spec enableUltraSSD", &[Rejected], FIXED, AKS_POOL),
        field("spec enableNodePublicIP", &[Rejected], FIXED, AKS_POOL),
        field("spec nodePublicIPPrefixID", &[Rejected], FIXED, AKS_POOL),
        field("spec kubeletConfig", &[Rejected], FIXED, AKS_POOL),
        field("spec kubeletDiskType", &[Rejected], FIXED, AKS_POOL),
        field("spec linuxOSConfig", &[Rejected], FIXED, AKS_POOL),
        field("spec scaling", &[Scales], "AKS can add or remove nodes.", AKS_POOL_CONTROLLER),
        field("spec", &[InPlace], "AKS updates the pool.", AKS_POOL_CONTROLLER),
    ] },
    Family { kinds: &[infrastructure("GCPManagedMachinePool")], is_owned: true, rows: &[
        removed(&[Destroys], POOL_GONE, GKE_POOL_CONTROLLER),
        field("spec instanceType", &[Rejected], FIXED, GKE_POOL),
        field("spec nodePoolName", &[Rejected], FIXED, GKE_POOL),
        field("spec machineType", &[Rejected], FIXED, GKE_POOL),
        field("spec diskSizeGb", &[Rejected], FIXED, GKE_POOL),
        field("spec diskType", &[Rejected], FIXED, GKE_POOL),
        field("spec localSsdCount", &[Rejected], FIXED, GKE_POOL),
        field("spec management", &[Rejected], FIXED, GKE_POOL),
        field("spec maxPodsPerNode", &[Rejected], FIXED, GKE_POOL),
        field("spec nodeNetwork podRangeName", &[Rejected], FIXED, GKE_POOL),
        field("spec nodeNetwork createPodRange", &[Rejected], FIXED, GKE_POOL),
        field("spec nodeNetwork podRangeCidrBlock", &[Rejected], FIXED, GKE_POOL),
        field("spec nodeSecurity", &[Rejected], FIXED, GKE_POOL),
        field("spec preemptible", &[Rejected], FIXED, GKE_POOL),
        field("spec spot", &[Rejected], FIXED, GKE_POOL),
        field("spec scaling", &[Scales], "GKE can add or remove nodes.", GKE_POOL_CONTROLLER),
        field("spec imageType", &[RollsNodes], "GKE replaces the nodes.", GKE_POOL_CONTROLLER),
        field("spec", &[InPlace], "GKE updates the pool.", GKE_POOL_CONTROLLER),
    ] },
    Family { kinds: &[infrastructure("AzureASOManagedControlPlane"), infrastructure("AzureASOManagedCluster"), infrastructure("AzureASOManagedMachinePool")], is_owned: true, rows: &[
        removed(&[Destroys], "The provider for Azure deletes the resources that the object contains.", ASO_CONTROLLER),
        field("spec version", &[RollsControlPlane], "AKS upgrades the control plane; the webhook of the provider accepts any version.", ASO),
        field("spec", &[InPlace], "The webhook of the provider accepts the change, and Azure can reject it later.", ASO),
    ] },
    Family { kinds: &[infrastructure("AWSClusterControllerIdentity")], is_owned: false, rows: &[
        removed(&[KeepsRunning], IDENTITY_GONE, AWS_CONTROLLER_IDENTITY),
        field("spec", &[Rejected], FIXED, AWS_CONTROLLER_IDENTITY),
    ] },
    Family { kinds: &[infrastructure("AWSClusterStaticIdentity")], is_owned: false, rows: &[
        removed(&[KeepsRunning], IDENTITY_GONE, AWS_STATIC_IDENTITY),
        field("spec secretRef", &[Rejected], FIXED, AWS_STATIC_IDENTITY),
        field("spec", &[InPlace], IDENTITY, AWS_STATIC_IDENTITY),
    ] },
    Family { kinds: &[infrastructure("AWSClusterRoleIdentity")], is_owned: false, rows: &[
        removed(&[KeepsRunning], IDENTITY_GONE, AWS_ROLE_IDENTITY),
        field("spec sourceIdentityRef", &[Rejected], "The webhook of the provider rejects the removal of the source.", AWS_ROLE_IDENTITY).only(UNSET),
        field("spec", &[InPlace], IDENTITY, AWS_ROLE_IDENTITY),
    ] },
    Family { kinds: &[infrastructure("AzureClusterIdentity")], is_owned: false, rows: &[
        removed(&[KeepsRunning], IDENTITY_GONE, AZURE_IDENTITY),
        field("spec type", &[Rejected], FIXED, AZURE_IDENTITY),
        field("spec", &[InPlace], IDENTITY, AZURE_IDENTITY),
    ] },
    Family { kinds: &[infrastructure("*MachineTemplate")], is_owned: true, rows: &[
        removed(&[Deletes], TEMPLATE_GONE, TEMPLATES),
        field("spec", &[Rejected], "Templates are immutable in Cluster API, and the webhooks of most providers reject a change: create one with another name.", CONTRACT),
    ] },
    Family { kinds: &[(CONTROL_PLANES, "*Template"), (BOOTSTRAP, "*Template"), infrastructure("*Template")], is_owned: true, rows: &[
        removed(&[Deletes], TEMPLATE_GONE, TEMPLATES),
    ] },
    Family { kinds: &[infrastructure("*Cluster")], is_owned: true, rows: &[
        removed(&[Destroys], CLUSTER_GONE, CLUSTER_CONTRACT),
    ] },
    Family { kinds: &[infrastructure("*MachinePool")], is_owned: true, rows: &[
        removed(&[Destroys], POOL_GONE, CONTRACT),
    ] },
    Family { kinds: &[(CONTROL_PLANES, "*ControlPlane"), infrastructure("*ControlPlane")], is_owned: true, rows: &[
        removed(&[Destroys], "The provider deletes the control plane.", CAPI_CLUSTER),
    ] },
];

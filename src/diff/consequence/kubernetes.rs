//! Rows of kinds of Kubernetes, and of controllers for secrets and cloud resources.

use super::argocd::CONTROLLER as ARGO;
use super::conditions::{
    ARGO_CLUSTER, IMMUTABLE, IS_LOAD_BALANCER, NO_LONGER_RETAIN, NO_LONGER_RETAINED,
    OF_RESOURCE_SET, OF_SVELTOS, RETAINED, UNSET, WAS_LOAD_BALANCER, WAS_SET,
};
use super::effect::Consequence::{
    Deletes, Destroys, InPlace, KeepsRunning, Rejected, Remains, Reselects, Unguards, Upgrades,
};
use super::row::{Family, field, removed};
use super::sveltos::RESOURCE_SETS;

const CORE: &str = "Kubernetes 1.36.3, pkg/apis/core/validation/validation.go";
const NAMESPACES: &str =
    "Kubernetes 1.36.3, pkg/controller/namespace/deletion/namespaced_resources_deleter.go";
const RBAC: &str = "Kubernetes 1.36.3, pkg/apis/rbac/validation/validation.go";
const APPS: &str = "Kubernetes 1.36.3, pkg/apis/apps/validation/validation.go";
const BATCH: &str = "Kubernetes 1.36.3, pkg/apis/batch/validation/validation.go";
const CRDS: &str = "Kubernetes 1.36.3, staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go";
const CRD_FINALIZER: &str = "Kubernetes 1.36.3, staging/src/k8s.io/apiextensions-apiserver/pkg/controller/finalizer/crd_finalizer.go";
const POLICIES: &str = "Sveltos addon-controller 1.14.0, controllers/handlers_resources.go";
const ACK: &str =
    "AWS Controllers for Kubernetes, aws-controllers-k8s.github.io/docs/guides/deletion-policy";
const SECRETS: &str =
    "External Secrets, external-secrets.io/latest/guides/ownership-deletion-policy";

const SERVICES: &str =
    "Kubernetes 1.36.3, staging/src/k8s.io/cloud-provider/controllers/service/controller.go";
const VOLUMES: &str = "Kubernetes 1.36.3, pkg/controller/volume/persistentvolume/pv_controller.go";
const ARGO_SETS: &str = "Argo CD 3.5.7, applicationset/generators/cluster.go";

const OTHER_SERVER: &str = "Argo CD manages the cluster at the new address: the objects on the previous cluster keep running, and are no longer managed.";
const OTHER_NAME: &str = "Applications with the previous name of the cluster no longer find it, and their objects keep running.";
const PODS: &str = "Kubernetes replaces the Pods.";
const FIXED_SELECTOR: &str = "The API server rejects another selector.";

#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    Family { kinds: &[("", "Namespace")], is_owned: false, rows: &[
        removed(&[Destroys], "Kubernetes deletes every object in the namespace, including Clusters with their machines and cloud resources.", NAMESPACES),
        field("", &[InPlace], "The namespace is changed in place.", CORE),
    ] },
    Family { kinds: &[("apiextensions.k8s.io", "CustomResourceDefinition")], is_owned: false, rows: &[
        removed(&[Destroys], "Kubernetes deletes every object of the kind.", CRD_FINALIZER),
        field("spec group", &[Rejected], "The API server rejects another group.", CRDS),
        field("spec scope", &[Rejected], "The API server rejects another scope.", CRDS),
        field("spec names kind", &[Rejected], "The API server rejects another kind.", CRDS),
        field("spec names plural", &[Rejected], "The API server rejects another plural name.", CRDS),
        field("spec versions *", &[Rejected], "The API server rejects the removal of a version in which objects are stored.", CRDS).only(UNSET),
        field("spec", &[InPlace], "The schema applies to objects that are written later.", CRDS),
    ] },
    Family { kinds: &[("", "Secret")], is_owned: false, rows: &[
        removed(&[KeepsRunning], "Argo CD no longer reaches the cluster: Applications to it are deleted or fail, and their objects keep running.", ARGO).only(ARGO_CLUSTER),
        removed(&[Deletes], "Only the Secret is deleted: objects that need it can fail.", CORE),
        field("metadata labels argocd.argoproj.io/secret-type", &[KeepsRunning], "Argo CD no longer reaches the cluster: Applications to it are deleted or fail, and their objects keep running.", ARGO).only(ARGO_CLUSTER),
        field("metadata labels", &[Reselects], "ApplicationSets select clusters by the labels of their Secrets: Applications can be created and deleted.", ARGO_SETS).only(ARGO_CLUSTER),
        field("stringData server", &[KeepsRunning], OTHER_SERVER, ARGO).only(ARGO_CLUSTER),
        field("data server", &[KeepsRunning], OTHER_SERVER, ARGO).only(ARGO_CLUSTER),
        field("stringData name", &[KeepsRunning], OTHER_NAME, ARGO).only(ARGO_CLUSTER),
        field("data name", &[KeepsRunning], OTHER_NAME, ARGO).only(ARGO_CLUSTER),
        field("type", &[Rejected], "The API server rejects another type of a Secret.", CORE),
        field("data", &[Rejected], "The API server rejects a change of an immutable Secret.", CORE).only(IMMUTABLE),
        field("stringData", &[Rejected], "The API server rejects a change of an immutable Secret.", CORE).only(IMMUTABLE),
        field("data", &[Upgrades], "A ClusterResourceSet with `Reconcile` applies the new contents, and objects that they lack remain.", RESOURCE_SETS).only(OF_RESOURCE_SET),
        field("stringData", &[Upgrades], "A ClusterResourceSet with `Reconcile` applies the new contents, and objects that they lack remain.", RESOURCE_SETS).only(OF_RESOURCE_SET),
        field("", &[InPlace], "Controllers that read the Secret use the new contents.", CORE),
    ] },
    Family { kinds: &[("", "ConfigMap")], is_owned: false, rows: &[
        removed(&[Deletes], "Only the ConfigMap is deleted: what was applied from it follows the object that refers to it.", CORE),
        field("data", &[Rejected], "The API server rejects a change of an immutable ConfigMap.", CORE).only(IMMUTABLE),
        field("binaryData", &[Rejected], "The API server rejects a change of an immutable ConfigMap.", CORE).only(IMMUTABLE),
        field("data", &[Upgrades], "Sveltos upgrades what it deploys from the ConfigMap, and deletes objects that it lacks now.", POLICIES).only(OF_SVELTOS),
        field("", &[InPlace], "Controllers that read the ConfigMap use the new contents.", CORE),
    ] },
    Family { kinds: &[("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "ClusterRoleBinding")], is_owned: false, rows: &[
        removed(&[Deletes], "Its subjects lose the permissions.", RBAC),
        field("roleRef", &[Rejected], "The API server rejects a binding to another role.", RBAC),
        field("", &[InPlace], "Subjects gain or lose the permissions.", RBAC),
    ] },
    Family { kinds: &[("rbac.authorization.k8s.io", "Role"), ("rbac.authorization.k8s.io", "ClusterRole")], is_owned: false, rows: &[
        removed(&[Deletes], "Subjects that are bound to it lose the permissions.", RBAC),
        field("", &[InPlace], "Subjects that are bound to it gain or lose permissions.", RBAC),
    ] },
    Family { kinds: &[("", "ServiceAccount")], is_owned: false, rows: &[
        removed(&[Deletes], "Its tokens become invalid.", CORE),
        field("", &[InPlace], "The ServiceAccount is changed in place.", CORE),
    ] },
    Family { kinds: &[("apps", "Deployment"), ("apps", "DaemonSet")], is_owned: false, rows: &[
        removed(&[Deletes], "Kubernetes deletes its Pods.", APPS),
        field("spec selector", &[Rejected], FIXED_SELECTOR, APPS),
        field("spec template", &[Upgrades], PODS, APPS),
        field("spec", &[InPlace], "Kubernetes changes the number of Pods or how it replaces them.", APPS),
    ] },
    Family { kinds: &[("apps", "StatefulSet")], is_owned: false, rows: &[
        removed(&[Deletes], "Kubernetes deletes its Pods and keeps their volumes.", APPS),
        field("spec template", &[Upgrades], PODS, APPS),
        field("spec replicas", &[InPlace], "Kubernetes adds or removes Pods.", APPS),
        field("spec ordinals", &[InPlace], "Kubernetes renumbers Pods.", APPS),
        field("spec updateStrategy", &[InPlace], "The strategy applies to the next update.", APPS),
        field("spec minReadySeconds", &[InPlace], "The setting applies to the next update.", APPS),
        field("spec revisionHistoryLimit", &[InPlace], "Kubernetes keeps another number of revisions.", APPS),
        field("spec persistentVolumeClaimRetentionPolicy", &[InPlace], "The policy decides whether volumes are deleted with the StatefulSet.", APPS),
        field("spec", &[Rejected], "The API server rejects a change of this field.", APPS),
    ] },
    Family { kinds: &[("batch", "Job")], is_owned: false, rows: &[
        removed(&[Deletes], "Kubernetes deletes its Pods.", BATCH),
        field("spec template", &[Rejected], "The API server rejects another template of a Job that was started.", BATCH),
        field("spec selector", &[Rejected], FIXED_SELECTOR, BATCH),
    ] },
    Family { kinds: &[("", "Service")], is_owned: false, rows: &[
        removed(&[Destroys], "The cloud deletes the load balancer of the Service, and its address is released.", SERVICES).only(IS_LOAD_BALANCER),
        removed(&[Deletes], "The address of the Service is released.", CORE),
        field("spec type", &[Destroys], "The cloud deletes the load balancer of the Service, and its address is released.", SERVICES).only(WAS_LOAD_BALANCER),
        field("spec clusterIP", &[Rejected], "The API server rejects another address of a Service.", CORE).only(WAS_SET),
        field("spec clusterIPs", &[Rejected], "The API server rejects another address of a Service.", CORE).only(WAS_SET),
        field("spec", &[InPlace], "Kubernetes updates the Service.", CORE),
    ] },
    Family { kinds: &[("", "PersistentVolumeClaim")], is_owned: false, rows: &[
        removed(&[Destroys], "Kubernetes deletes the volume with its data, unless its reclaim policy is `Retain`.", VOLUMES),
        field("spec resources", &[InPlace], "Kubernetes enlarges the volume if its class permits that, and rejects a smaller size.", CORE),
        field("spec volumeAttributesClassName", &[InPlace], "The driver of the volume applies the other class.", CORE),
        field("spec", &[Rejected], "The API server rejects a change of this field.", CORE),
    ] },
    Family { kinds: &[("", "PersistentVolume")], is_owned: false, rows: &[
        removed(&[Destroys], "Kubernetes deletes the volume with its data, unless its reclaim policy is `Retain`.", VOLUMES),
        field("spec persistentVolumeReclaimPolicy", &[Unguards], "From now on, Kubernetes can delete the volume with its claim.", VOLUMES).only(NO_LONGER_RETAIN),
        field("spec persistentVolumeReclaimPolicy", &[InPlace], "From now on, the volume is kept when its claim is deleted.", VOLUMES),
        field("spec", &[InPlace], "The API server rejects another source of the volume.", CORE),
    ] },
    Family { kinds: &[("*.services.k8s.aws", "*")], is_owned: false, rows: &[
        removed(&[Remains], "The resource in AWS is retained.", ACK).only(RETAINED),
        removed(&[Destroys], "The controller deletes the resource in AWS.", ACK),
        field("metadata annotations services.k8s.aws/deletion-policy", &[Unguards], "From now on, the controller deletes the resource in AWS with the object.", ACK).only(NO_LONGER_RETAINED),
        field("spec", &[InPlace], "The controller updates the resource in AWS, or reports that AWS rejects the change.", ACK),
    ] },
    Family { kinds: &[("external-secrets.io", "ExternalSecret")], is_owned: false, rows: &[
        removed(&[Deletes], "With `creationPolicy: Owner`, the Secret that it created is deleted, too.", SECRETS),
        field("spec", &[InPlace], "The Secret is created again from the new settings.", SECRETS),
    ] },
    Family { kinds: &[("external-secrets.io", "SecretStore"), ("external-secrets.io", "ClusterSecretStore")], is_owned: false, rows: &[
        removed(&[Deletes], "Existing Secrets remain and are no longer refreshed.", SECRETS),
        field("spec", &[InPlace], "Secrets are read from the store with the new settings.", SECRETS),
    ] },
];

//! Namespaces, labels and annotations that controllers read, which members must not set.

/// Namespaces of controllers that a fleet uses, by default, and that [`SUFFIXES`] and [`PREFIXES`] do not contain.
const NAMESPACES: [&str; 16] = [
    "argocd",
    "argocd-image-updater",
    "argo-rollouts",
    "cert-manager",
    "default",
    "external-secrets",
    "fleet-default",
    "fleet-local",
    "karpenter",
    "kyverno",
    "mgmt",
    "projectsveltos",
    "sealed-secrets",
    "secrets-store-csi-driver",
    "vault",
    "velero",
];

/// The ends of namespaces of controllers: the providers of Cluster API, Flux, Crossplane, operators of clouds and others
/// have such names.
const SUFFIXES: [&str; 1] = ["-system"];

/// The beginnings of namespaces of Kubernetes, Open Cluster Management and Rancher.
const PREFIXES: [&str; 3] = ["kube-", "open-cluster-management", "cattle-"];

/// Domains of label and annotation keys, each with the software that reads them. Subdomains belong to it, too.
const DOMAINS: [(&str, &str); 20] = [
    ("kubectl-fleet.io", "kubectl-fleet"),
    ("argoproj.io", "Argo CD"),
    ("fluxcd.io", "Flux"),
    ("projectsveltos.io", "Sveltos"),
    ("k0rdent.mirantis.com", "k0rdent"),
    ("open-cluster-management.io", "Open Cluster Management"),
    ("cattle.io", "Rancher"),
    ("x-k8s.io", "Cluster API"),
    ("k8s.io", "Kubernetes"),
    ("kubernetes.io", "Kubernetes"),
    ("helm.sh", "Helm"),
    ("crossplane.io", "Crossplane"),
    ("external-secrets.io", "the External Secrets Operator"),
    ("cert-manager.io", "cert-manager"),
    ("services.k8s.aws", "AWS Controllers for Kubernetes"),
    ("amazonaws.com", "Amazon EKS"),
    ("azure.com", "Azure Service Operator"),
    ("azure.workload.identity", "Azure Workload Identity"),
    ("cloud.google.com", "Config Connector"),
    ("gke.io", "Google Kubernetes Engine"),
];

/// Recommended labels of Kubernetes, which applications set on their objects and no controller of a fleet reads.
const FREE: [&str; 4] = [
    "app.kubernetes.io/name",
    "app.kubernetes.io/version",
    "app.kubernetes.io/component",
    "app.kubernetes.io/part-of",
];

/// Annotations that approve the deletion of an object. People and programs set them on the live object when they
/// delete it. The first is read by the policy of `argocd install`, the second by Argo CD (`pkg/sync/common/types.go` of
/// its gitops-engine), and the third by that policy and clusterctl (`cmd/clusterctl/api/v1alpha3/annotations.go` of
/// Cluster API 1.12).
const APPROVALS: [&str; 3] = [
    "kubectl-fleet.io/confirm-deletion",
    "argocd.argoproj.io/deletion-approved",
    "clusterctl.cluster.x-k8s.io/delete-for-move",
];

/// Returns `true` for the key of an annotation that approves the deletion of the object that has it.
pub fn approves_deletion(key: &str) -> bool {
    APPROVALS.contains(&key)
}

/// Returns the software for which a label or annotation key is reserved.
pub fn reserved_for(key: &str) -> Option<&'static str> {
    let (prefix, _) = key.split_once('/')?;
    let is_in = |domain: &str| {
        let rest = prefix.strip_suffix(domain);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let mut domains = DOMAINS.iter();
    let (_, owner) = domains.find(|(domain, _)| is_in(domain))?;
    (!FREE.contains(&key)).then_some(owner)
}

/// Returns `true` for namespaces of Kubernetes and of the controllers that a fleet uses.
pub fn is_reserved_namespace(namespace: &str) -> bool {
    NAMESPACES.contains(&namespace)
        || SUFFIXES.iter().any(|suffix| namespace.ends_with(suffix))
        || PREFIXES.iter().any(|prefix| namespace.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_of_controllers_are_reserved() {
        for namespace in [
            "default",
            "kube-system",
            "orc-system",
            "cattle-fleet-system",
            "vault",
        ] {
            assert!(is_reserved_namespace(namespace), "{namespace}");
        }
        for namespace in ["team", "systems", "my-kube", "vault-team"] {
            assert!(!is_reserved_namespace(namespace), "{namespace}");
        }
    }

    #[test]
    fn keys_of_controllers_are_reserved_with_their_subdomains() {
        for (key, owner) in [
            ("kustomize.toolkit.fluxcd.io/prune", Some("Flux")),
            ("argocd.argoproj.io/hook", Some("Argo CD")),
            ("app.kubernetes.io/instance", Some("Kubernetes")),
            ("cluster.x-k8s.io/paused", Some("Cluster API")),
            ("app.kubernetes.io/name", None),
            ("notfluxcd.io/prune", None),
            ("fluxcd.io", None),
            ("team", None),
        ] {
            assert_eq!(reserved_for(key), owner, "{key}");
        }
    }
}

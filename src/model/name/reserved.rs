//! Namespaces, labels and annotations that controllers read, which members must not set.

/// Namespaces of the controllers that a fleet uses, by default.
const NAMESPACES: [&str; 14] = [
    "argocd",
    "projectsveltos",
    "flux-system",
    "capi-system",
    "capi-kubeadm-bootstrap-system",
    "capi-kubeadm-control-plane-system",
    "capa-system",
    "capz-system",
    "capg-system",
    "capd-system",
    "caaph-system",
    "cert-manager",
    "crossplane-system",
    "external-secrets",
];

/// Domains of label and annotation keys, each with the software that reads them. Subdomains belong to it, too.
const DOMAINS: [(&str, &str); 19] = [
    ("kubectl-fleet.io", "kubectl-fleet"),
    ("argoproj.io", "Argo CD"),
    ("fluxcd.io", "Flux"),
    ("projectsveltos.io", "Sveltos"),
    ("k0rdent.mirantis.com", "k0rdent"),
    ("open-cluster-management.io", "Open Cluster Management"),
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
    namespace == "default" || namespace.starts_with("kube-") || NAMESPACES.contains(&namespace)
}

#[cfg(test)]
mod tests {
    use super::*;

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

//! Settings of Argo CD for a fleet: health checks of kinds for which Argo CD has no check.

use std::fmt::Write as _;

/// A health check of some kinds.
#[derive(Debug)]
pub struct HealthCheck {
    /// The name of the YAML anchor that all of its kinds refer to.
    pub name: &'static str,
    /// The kinds, as `group_Kind`.
    pub kinds: &'static [&'static str],
    /// The Lua program that Argo CD runs.
    pub script: &'static str,
}

/// All health checks.
///
/// Each kind is written out, because a key of a `ConfigMap` must not contain a wildcard.
pub const HEALTH_CHECKS: [HealthCheck; 3] = [
    HealthCheck {
        name: "capi",
        kinds: &[
            "addons.cluster.x-k8s.io_HelmChartProxy",
            "addons.cluster.x-k8s.io_HelmReleaseProxy",
            "cluster.x-k8s.io_ClusterClass",
            "controlplane.cluster.x-k8s.io_KubeadmControlPlane",
            "infrastructure.cluster.x-k8s.io_AWSCluster",
            "infrastructure.cluster.x-k8s.io_AWSFargateProfile",
            "infrastructure.cluster.x-k8s.io_AWSMachinePool",
            "infrastructure.cluster.x-k8s.io_AWSManagedCluster",
            "infrastructure.cluster.x-k8s.io_AWSManagedMachinePool",
            "infrastructure.cluster.x-k8s.io_AzureASOManagedCluster",
            "infrastructure.cluster.x-k8s.io_AzureASOManagedControlPlane",
            "infrastructure.cluster.x-k8s.io_AzureASOManagedMachinePool",
            "infrastructure.cluster.x-k8s.io_AzureCluster",
            "infrastructure.cluster.x-k8s.io_AzureMachinePool",
            "infrastructure.cluster.x-k8s.io_AzureManagedCluster",
            "infrastructure.cluster.x-k8s.io_AzureManagedControlPlane",
            "infrastructure.cluster.x-k8s.io_AzureManagedMachinePool",
            "infrastructure.cluster.x-k8s.io_GCPCluster",
            "infrastructure.cluster.x-k8s.io_GCPMachinePool",
            "infrastructure.cluster.x-k8s.io_GCPManagedCluster",
            "infrastructure.cluster.x-k8s.io_GCPManagedControlPlane",
            "infrastructure.cluster.x-k8s.io_GCPManagedMachinePool",
        ],
        script: include_str!("health/capi.lua"),
    },
    HealthCheck {
        name: "profile",
        kinds: &[
            "config.projectsveltos.io_ClusterProfile",
            "config.projectsveltos.io_Profile",
        ],
        script: include_str!("health/profile.lua"),
    },
    HealthCheck {
        name: "summary",
        kinds: &["config.projectsveltos.io_ClusterSummary"],
        script: include_str!("health/summary.lua"),
    },
];

/// Renders the entries of `argocd-cm`.
///
/// Each script appears once; the other kinds refer to it with an alias.
pub fn render_entries() -> String {
    let mut out = String::new();
    for check in &HEALTH_CHECKS {
        for (index, kind) in check.kinds.iter().enumerate() {
            let key = format!("resource.customizations.health.{kind}");
            let name = check.name;
            if index == 0 {
                let _ = write!(out, "{key}: &{name} |\n{}", indent(check.script, 2));
            } else {
                let _ = writeln!(out, "{key}: *{name}");
            }
        }
    }
    out
}

/// Renders the entries as a `ConfigMap` to merge into the existing `argocd-cm`.
pub fn render_config_map() -> String {
    format!(
        "\
# Health checks for the objects of fleets. Other entries of argocd-cm are kept: kubectl apply --server-side -n argocd -f -
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  labels:
    app.kubernetes.io/name: argocd-cm
    app.kubernetes.io/part-of: argocd
data:
{}",
        indent(&render_entries(), 2)
    )
}

/// Renders the entries as values of the chart argo-cd.
pub fn render_values() -> String {
    format!(
        "\
# Health checks for the objects of fleets: values of the chart argo-cd.
configs:
  cm:
{}",
        indent(&render_entries(), 4)
    )
}

/// Indents each line that is not empty.
pub(super) fn indent(text: &str, spaces: usize) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for line in text.lines() {
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', spaces));
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{HEALTH_CHECKS, render_config_map, render_values};
    use crate::diagnostic::Diagnostics;
    use crate::source::Sources;
    use crate::tree::Node;
    use crate::yaml::{NoMask, parse};

    fn read(text: &str) -> Node {
        let mut diags = Diagnostics::default();
        let file = Sources::default().add("config.yaml", text.to_owned());
        let documents = parse(file, text, &NoMask, &mut diags).unwrap_or_default();
        assert_eq!(diags.errors(), 0, "{:#?}", diags.into_sorted());
        documents.into_iter().next().expect("a document")
    }

    #[test]
    fn every_kind_resolves_to_its_script() {
        let map = read(&render_config_map());
        let values = read(&render_values());
        let data = map.get("data").expect("data");
        let configs = values.get("configs").expect("configs");
        let cm = configs.get("cm").expect("configs.cm");
        for check in &HEALTH_CHECKS {
            for kind in check.kinds {
                let key = format!("resource.customizations.health.{kind}");
                for entries in [data, cm] {
                    let script = entries.get(&key).and_then(Node::text);
                    assert_eq!(script, Some(check.script), "{key}");
                }
                let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
                assert!(key.len() <= 253 && key.bytes().all(is_plain), "{key}");
            }
        }
    }

    #[test]
    fn values_contain_no_helm_template() {
        assert!(!render_values().contains("{{"));
    }
}

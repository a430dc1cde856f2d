//! The settings of Argo CD that a fleet wants: the health of kinds that Argo CD does not know.

use std::fmt::Write as _;

/// What tells the health of some kinds.
#[derive(Debug)]
pub struct Check {
    /// Its name, which is the anchor that its kinds share.
    pub name: &'static str,
    /// The kinds, as `group_Kind`.
    pub kinds: &'static [&'static str],
    /// The Lua program that Argo CD runs.
    pub script: &'static str,
}

/// Every check. A wildcard would be shorter, but a key of a `ConfigMap` cannot have one.
pub const CHECKS: [Check; 3] = [
    Check {
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
    Check {
        name: "profile",
        kinds: &[
            "config.projectsveltos.io_ClusterProfile",
            "config.projectsveltos.io_Profile",
        ],
        script: include_str!("health/profile.lua"),
    },
    Check {
        name: "summary",
        kinds: &["config.projectsveltos.io_ClusterSummary"],
        script: include_str!("health/summary.lua"),
    },
];

/// The entries of `argocd-cm`. A script is written once, and every other kind points to it.
pub fn entries() -> String {
    let mut out = String::new();
    for check in &CHECKS {
        for (index, kind) in check.kinds.iter().enumerate() {
            let key = format!("resource.customizations.health.{kind}");
            let name = check.name;
            if index == 0 {
                let _ = write!(out, "{key}: &{name} |\n{}", indented(check.script, 2));
            } else {
                let _ = writeln!(out, "{key}: *{name}");
            }
        }
    }
    out
}

/// The entries as a `ConfigMap`, which is to be merged into Argo CD's own.
pub fn config_map() -> String {
    format!(
        "\
# The health of what fleets are made of. Other entries of argocd-cm stay: kubectl apply --server-side -n argocd -f -
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  labels:
    app.kubernetes.io/name: argocd-cm
    app.kubernetes.io/part-of: argocd
data:
{}",
        indented(&entries(), 2)
    )
}

/// The entries as values of the chart argo-cd.
pub fn values() -> String {
    format!(
        "\
# The health of what fleets are made of: values of the chart argo-cd.
configs:
  cm:
{}",
        indented(&entries(), 4)
    )
}

/// A text with blanks before each line that is not empty.
pub(super) fn indented(text: &str, blanks: usize) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for line in text.lines() {
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', blanks));
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{CHECKS, config_map, values};
    use crate::diagnostic::Diagnostics;
    use crate::source::Sources;
    use crate::tree::Node;
    use crate::yaml::{Unmasked, parse};

    fn read(text: &str) -> Node {
        let mut diags = Diagnostics::default();
        let file = Sources::default().add("config.yaml", text.to_owned());
        let documents = parse(file, text, &Unmasked, &mut diags).unwrap_or_default();
        assert_eq!(diags.errors(), 0, "{:#?}", diags.into_sorted());
        documents.into_iter().next().expect("a document")
    }

    #[test]
    fn each_kind_has_its_script() {
        let map = read(&config_map());
        let values = read(&values());
        let of_map = map.get("data").expect("data");
        let of_chart = values.get("configs").and_then(|node| node.get("cm"));
        let of_chart = of_chart.expect("configs.cm");
        for check in &CHECKS {
            for kind in check.kinds {
                let key = format!("resource.customizations.health.{kind}");
                for entries in [of_map, of_chart] {
                    let script = entries.get(&key).and_then(Node::text);
                    assert_eq!(script, Some(check.script), "{key}");
                }
                let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
                assert!(key.len() <= 253 && key.bytes().all(is_plain), "{key}");
            }
        }
    }

    #[test]
    fn helm_finds_nothing_to_run() {
        assert!(!values().contains("{{"));
    }
}

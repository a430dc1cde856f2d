//! What a fleet is once everything is settled: no files, no YAML, no Kubernetes types.

pub mod cell;
pub mod cluster;
mod fleet_source;
pub mod group;
pub mod name;
pub mod selector;

pub use cell::Cell;
pub use cluster::{Cluster, Variables};
pub use fleet_source::{FleetSource, FluxSourceRef};
pub use group::Group;
pub use name::{ClusterName, NamespaceName};
pub use selector::Selector;

/// API group of Cluster API's own kinds.
pub const CAPI: &str = "cluster.x-k8s.io";

/// What holds deletions back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Clusters are deleted once somebody confirms it in Argo CD.
    Confirm,
    /// Clusters are deleted.
    Allow,
    /// Clusters are never deleted by a controller.
    Forbid,
}

/// How add-ons reach clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// By the `ClusterProfile`s of Sveltos.
    Sveltos,
    /// By Argo CD's Applications.
    ArgoCd,
    /// By Flux's `HelmRelease`s and Kustomizations.
    Flux,
    /// By Cluster API's add-on provider for Helm, and its `ClusterResourceSet`s.
    Caaph,
}

impl Delivery {
    /// All of them, each with its name.
    pub const ALL: [(&str, Self); 4] = [
        ("sveltos", Self::Sveltos),
        ("argocd", Self::ArgoCd),
        ("flux", Self::Flux),
        ("caaph", Self::Caaph),
    ];

    /// What `deliver` calls it.
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(_, one)| *one == self)
            .map_or("", |(name, _)| name)
    }

    /// Whether clusters with the same form share what is delivered, and are told apart by a label on
    /// their object. Elsewhere each cluster has objects of its own.
    pub fn shares(self) -> bool {
        self == Self::Sveltos
    }
}

/// What becomes of an add-on on a cluster that is no longer selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRemove {
    /// It is taken off the cluster.
    Uninstall,
    /// It stays.
    Leave,
}

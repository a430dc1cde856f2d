//! What a fleet is once everything is settled: no files, no YAML, no Kubernetes types.

pub mod cell;
pub mod cluster;
pub mod group;
pub mod name;
pub mod selector;

pub use cell::Cell;
pub use cluster::{Cluster, Variables};
pub use group::Group;
pub use name::{ClusterName, NamespaceName};
pub use selector::Selector;

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
}

/// What becomes of an add-on on a cluster that is no longer selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRemove {
    /// It is taken off the cluster.
    Uninstall,
    /// It stays.
    Leave,
}

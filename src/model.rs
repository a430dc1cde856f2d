//! What a fleet is once everything is settled: no files, no YAML, no Kubernetes types.

pub mod cell;
mod chart;
pub mod cluster;
pub mod delivery;
mod fleet_source;
pub mod group;
pub mod name;
pub mod selector;

pub use cell::Cell;
pub use chart::{AddOnField, Chart};
pub use cluster::{Cluster, SharedVariables, Variables};
pub use delivery::{Delivery, OnRemove};
pub use fleet_source::{FleetSource, FluxSourceRef};
pub use group::Group;
pub use name::DnsLabel;
pub use selector::Selector;

/// API group of Cluster API's own kinds.
pub const CAPI: &str = "cluster.x-k8s.io";

/// What holds deletions back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deletion {
    /// Clusters are deleted once somebody confirms it in Argo CD.
    #[default]
    Confirm,
    /// Clusters are deleted.
    Allow,
    /// Clusters are never deleted by a controller.
    Forbid,
}

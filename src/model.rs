//! The resolved fleet, without files, YAML or Kubernetes types.

pub mod cell;
pub mod cluster;
pub mod delivery;
mod fleet_source;
pub mod group;
pub mod name;
pub mod selector;

pub use cell::Cell;
pub use cluster::{Cluster, Decided, SharedVariables, Variables};
pub use delivery::{Delivery, OnRemove};
pub use fleet_source::{FleetSource, FluxSourceRef};
pub use group::Group;
pub use name::DnsLabel;
pub use selector::Selector;

/// API group of Cluster API's own kinds.
pub const CAPI: &str = "cluster.x-k8s.io";

/// Protection against deletion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deletion {
    /// Argo CD deletes a cluster only after a confirmation.
    #[default]
    Confirm,
    /// Argo CD deletes clusters.
    Allow,
    /// No controller deletes a cluster.
    Forbid,
}

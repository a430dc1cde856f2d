//! Live objects of a management cluster that a fleet no longer creates, and that no controller deletes.
//!
//! Cluster API sets an ownerReference on pools, templates and health checks. Argo CD prunes no object with an
//! ownerReference (gitops-engine `pkg/cache/cluster.go`, `GetManagedLiveObjs`), and Flux none whose pruning is
//! disabled: such an object continues to run after it was removed from a fleet.

mod fleet;
mod leftover;
mod object;
mod read;

pub use fleet::{Fleet, Found};
pub use leftover::{Leftover, Reason};
pub use object::{LiveObject, ObjectKey};
pub use read::{read, read_printed};

//! Names of the files that kubectl-fleet reads and writes, and the mark of generated files.

/// Path of the fleet's main file.
pub const FLEET: &str = "fleet.yaml";
/// Path of the lock.
pub const LOCK: &str = "fleet.lock";
/// First line of each generated file; a generated file that the output no longer contains is removed.
pub const MARK: &str = "# Printed by kubectl-fleet: edit the fleet instead.\n";

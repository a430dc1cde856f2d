//! Properties of every fleet, not only of those in `testdata/`.

mod added_members;
mod addons;
mod batches;
mod bind;
mod builtins;
mod causes;
#[cfg(target_os = "linux")]
mod decisions;
mod deliveries;
#[cfg(unix)]
mod differences;
mod directories;
mod dotenv;
mod engine_strings;
mod environment;
mod explained;
mod fleet_names;
mod hostile;
mod identities;
mod layers;
mod member_edits;
mod merged_values;
mod mutations;
mod order;
mod origins;
mod owners;
mod patch_locations;
mod patches;
mod printing;
mod products;
mod release_owners;
#[cfg(all(unix, feature = "git"))]
mod revisions;
mod rotate;
mod selectors;
mod spans;
mod split;
mod stacks;
mod teams;
mod trust;
mod variables;

use proptest::test_runner::{Config, FileFailurePersistence};

/// Runs this number of cases; a failure is reported, but not kept in a file.
pub(crate) fn cases(number: u32) -> Config {
    Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        max_shrink_iters: 200,
        ..Config::with_cases(number)
    }
}

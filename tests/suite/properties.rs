//! What holds for every fleet, not just for those of `testdata/`.

mod addons;
mod builtins;
#[cfg(target_os = "linux")]
mod directories;
#[cfg(unix)]
mod dotenv;
mod environment;
mod fleet;
mod hostile;
mod identities;
mod layers;
mod merged_values;
mod mutations;
mod order;
mod origins;
mod patch_locations;
mod patches;
mod printing;
mod products;
mod rotate;
mod selectors;
mod spans;
mod split;
mod teams;
mod variables;

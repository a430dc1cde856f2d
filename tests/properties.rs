//! What holds for every fleet, not just for those of `testdata/`.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "these tests make and read folders of fleets"
)]

#[path = "properties/addons.rs"]
mod addons;
#[path = "properties/builtins.rs"]
mod builtins;
#[cfg(unix)]
#[path = "properties/dotenv.rs"]
mod dotenv;
#[path = "properties/fleet.rs"]
mod fleet;
#[path = "properties/hostile.rs"]
mod hostile;
#[path = "properties/identities.rs"]
mod identities;
#[path = "properties/layers.rs"]
mod layers;
#[path = "properties/merged_values.rs"]
mod merged_values;
#[path = "properties/mistakes.rs"]
mod mistakes;
#[path = "properties/order.rs"]
mod order;
#[path = "properties/origins.rs"]
mod origins;
#[path = "properties/patch_locations.rs"]
mod patch_locations;
#[path = "properties/patches.rs"]
mod patches;
#[path = "properties/places.rs"]
mod places;
#[path = "properties/printing.rs"]
mod printing;
#[path = "properties/products.rs"]
mod products;
#[path = "properties/rotate.rs"]
mod rotate;
#[path = "properties/selectors.rs"]
mod selectors;
#[path = "properties/split.rs"]
mod split;
#[path = "properties/surroundings.rs"]
mod surroundings;
#[path = "properties/teams.rs"]
mod teams;
#[path = "properties/variables.rs"]
mod variables;

//! The differences between the outputs of two fleets: what changes, and which line of the input causes it.

mod causes;
pub mod change;
pub mod changed_object;
pub mod consequence;
pub mod difference;
mod fields;
pub mod group;
pub mod inputs;
mod installed;
pub mod json;
pub mod line_change;
mod manifests;
pub mod markdown;
pub mod open_files;
mod pairs;
pub mod platform;
pub mod rejection;
mod settings;
pub mod text;
mod unexplained;
pub mod value;

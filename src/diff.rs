//! The differences between the outputs of two fleets: what changes, and which line of the input causes it.

pub mod change;
pub mod consequence;

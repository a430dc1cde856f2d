//! YAML text to trees with places; the only user of the YAML crate.
//!
//! The rules are stricter than YAML's and the same for every file: no directives, no tags but
//! `!!str`, keys are strings that every reader takes for strings, nothing said twice, and budgets
//! on all that can grow.

mod build;
mod mask;
mod parse;
pub mod print;
mod rules;
pub mod text;

pub use mask::{Mask, Unmasked};
pub(crate) use parse::reserved_character;
pub use parse::{flow, parse};

//! The walk over a plan's objects, which substitutes the variables once for each subject.
//!
//! Readers, such as those that validate and render objects, use the substituted values. Before the walk, the values
//! of a template that differ between subjects are collected, each once for all readers.

pub mod collector;
pub mod constants;
pub mod unfilled;
pub mod values;
pub mod walk;

pub use collector::Collector;
pub use values::Values;
pub use walk::{Reader, Visit, Walk};

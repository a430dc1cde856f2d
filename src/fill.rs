//! The walk over a plan's objects: variables are substituted once, for each subject at a time, and
//! readers look at the values.
//!
//! `check` and `render` are such readers. A template's values that differ between subjects are collected
//! before the walk, each once, whoever reads them.

pub mod collector;
pub mod constants;
pub mod unfilled;
pub mod values;
pub mod walk;

pub use collector::Collector;
pub use values::Values;
pub use walk::{Reader, Visit, Walk};

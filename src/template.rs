//! Templates: parsing, substitution of variables, and patches.
//!
//! Every `${…}` is replaced by a placeholder, the result is parsed as YAML, and the expressions are put
//! back into the scalars and keys of the tree. So the value of a variable cannot add structure to a
//! template.

pub mod bind;
mod built_in;
pub mod decisions;
mod directive;
pub mod engine;
pub mod error;
pub mod evaluate;
pub mod fill;
pub mod function;
mod mask;
mod parse;
pub mod patch;
mod secrets;
pub mod uses;
pub mod variables;

pub use built_in::BUILT_IN;
pub(crate) use mask::RESERVED;
pub use parse::parse;
pub(crate) use secrets::{any_path, reads_secret};

//! Templates: mask, parse, fill.
//!
//! Every `${…}` is masked, the text is parsed as YAML, and the expressions are put back into the
//! scalars and keys of the tree. So a value is data: it never becomes structure that the template's
//! author did not write.

pub mod bind;
mod built_in;
pub mod decisions;
mod directive;
pub mod error;
pub mod evaluate;
pub mod fill;
pub mod function;
mod mask;
mod parse;
pub mod patch;
pub mod uses;
pub mod variables;

pub use built_in::BUILT_IN;
pub(crate) use mask::RESERVED;
pub use parse::parse;

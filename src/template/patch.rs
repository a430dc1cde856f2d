//! Patches of trees whose variables are not substituted yet: JSON Merge Patch (RFC 7386) and JSON Patch
//! (RFC 6902).
//!
//! A patch fails if its result depends on the value of a variable: for example, a patch of a field inside
//! a variable, or a `test` of a variable. Every value of the patched tree keeps its location in the
//! template or in the patch that set it.

mod change;
mod error;
mod merge;
mod operation;

pub use change::Change;
pub use error::PatchError;
pub use merge::{merge_values, merge_with_nulls_below};
pub use operation::{Action, Operation};

//! Patches of trees whose variables are not substituted yet: RFC 7386 and RFC 6902.
//!
//! A patch reads the text of the template's author. If its result depends on the value of a variable
//! (a patch that changes a field inside a variable, a `test` of one), it fails. Every value of the
//! patched tree keeps its location: in the template, or in the patch that set it.

mod change;
mod error;
mod merge;
mod operation;

pub use change::Change;
pub use error::PatchError;
pub use merge::{merge_values, merge_with_nulls_below};
pub use operation::{Action, Operation};

//! Substitution of variables in strings and trees.

mod append;
mod decide;
mod each;
mod entry;
mod json;
mod member;
mod scope;
mod substitute;
mod text;
mod traced;
mod value;
pub(crate) mod yaml;

pub use append::append;
pub use decide::{Choice, choose, is_set};
pub(super) use each::repeat;
pub use entry::{ListEntry, member_span};
pub use member::member_part;
pub(super) use scope::is_empty;
pub use scope::{Scope, lookup};
pub use substitute::{node, text};
pub use traced::traced;
pub use value::style;
pub(super) use value::{check_key, strings};

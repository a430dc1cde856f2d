//! JSON Schemas of `fleet.yaml` and of lists, for editors and portals.

mod draft;
mod fleet;
mod list;

pub use fleet::fleet;
pub use list::{list, member};

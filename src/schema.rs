//! JSON Schemas of `fleet.yaml` and of lists, for editors and portals.

mod fleet;
mod list;

pub use fleet::fleet;
pub use list::{list, member};

/// The version of JSON Schema.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

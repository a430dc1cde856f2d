//! The version of JSON Schema.

/// The URL of the version of JSON Schema.
pub(super) const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

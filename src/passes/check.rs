//! Checks rendered objects: names, labels, sizes, references, and single fields with a table of rules.

mod checked_fields;
pub(crate) mod checker;
pub(crate) mod duplicates;
pub(crate) mod existing_names;
mod formats;
mod labels;
pub(crate) mod limits;
mod list_items;
mod metadata_keys;
pub(crate) mod names;
pub(crate) mod owners;
pub(crate) mod references;
mod rotated_names;
pub(crate) mod rules;
mod sizes;
mod unknown_references;
mod written_names;

pub(crate) use sizes::MAX_OBJECT_BYTES;

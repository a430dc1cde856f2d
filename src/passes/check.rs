//! Checks rendered objects: names, labels, sizes, references, and single fields with a table of rules.

pub(crate) mod autoscaling;
mod checked_fields;
pub(crate) mod checker;
pub(crate) mod duplicates;
pub(crate) mod existing_names;
mod formats;
mod labels;
pub(crate) mod limits;
mod list_items;
pub(crate) mod literal_objects;
mod metadata_keys;
pub(crate) mod names;
pub(crate) mod object_schemas;
pub(crate) mod owners;
pub(crate) mod references;
mod rotated_names;
pub(crate) mod rules;
mod schema_messages;
mod sizes;
pub(crate) mod topologies;
mod unknown_references;
mod written_names;

pub(crate) use sizes::MAX_OBJECT_BYTES;

//! Checks of filled objects: names, labels, sizes and references. Those of single fields are a table of
//! their own.

mod checked_fields;
pub(crate) mod checker;
pub(crate) mod duplicates;
mod labels;
pub(crate) mod names;
pub(crate) mod references;
pub(crate) mod rules;
mod sizes;
pub(crate) mod texts;
mod unknown_references;

pub(crate) use sizes::OBJECT_BYTES;

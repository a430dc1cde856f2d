//! The objects with which delivery methods deploy add-ons to clusters.
//!
//! A delivery method is a file of documents. For each variant of an add-on, the data of the add-on is bound into the
//! documents. Their other expressions are substituted for each cluster.

mod by_variant;
mod content;
mod data;
mod lookups;
mod names;
pub mod profiles;
mod repository;
mod selector;
mod templates;

pub use templates::{Create, templates};

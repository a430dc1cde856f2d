//! The matrix of clusters and add-ons: what each cluster runs, why, and what a change does to it. Also its formats.

mod build;
pub mod changes;
mod compare;
pub mod csv;
#[cfg(feature = "html")]
pub mod html;
pub mod markdown;
pub mod mermaid;
pub mod table;

pub use build::build;
pub use compare::compare;

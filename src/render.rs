//! Rendering of a plan to bytes.
//!
//! Templates are compiled to literal runs and holes. Every hole is rendered before the first byte is written, so
//! that writing only copies.

pub mod cells;
mod embedded;
pub mod files;
pub mod measure;
pub mod output;
mod program;
mod renderer;
mod section;
mod stream;

pub use output::{Output, Rendered};
pub use renderer::Renderer;

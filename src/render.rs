//! The plan as bytes.
//!
//! Templates are compiled to literal runs and holes. Every hole is printed before the first byte is
//! written: writing only copies.

pub mod cells;
mod embedded;
mod files;
pub mod limits;
pub mod output;
mod program;
mod renderer;
mod section;
mod stream;

pub use output::{Output, Rendered};
pub use renderer::Renderer;

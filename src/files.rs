//! Access to a fleet's directory with four queries, and the only code that uses a disk.

mod atomic_write;
mod capture;
mod checkout;
pub mod create;
mod directory;
mod disk;
mod edits;
#[cfg(feature = "git")]
mod git;
mod glob;
mod input;
mod memory;
pub mod names;
pub mod output_dir;
mod path;
mod path_error;
mod reader;
mod resolver;

pub(crate) use capture::captures;
pub use checkout::path_in_repository;
pub use create::replace_file;
pub use directory::{DirEntry, Directory, Kind};
pub use disk::Disk;
pub use edits::Edits;
#[cfg(feature = "git")]
pub use git::Revision;
pub(crate) use glob::names_file;
pub use input::read_input;
pub use memory::Memory;
pub(crate) use path::{is_pattern, normalize};
pub use reader::Files;

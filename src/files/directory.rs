//! The interface to a fleet's directory: four queries.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// A directory on a disk, in memory or in a Git tree.
///
/// Paths are relative to the directory; the empty path is the directory itself. Paths pass through real directories
/// only, because [`Resolver`](super::resolver::Resolver) follows links before it queries.
pub trait Directory {
    /// Returns the kind of a path, with the size of a file. Fails with `NotFound` if the path does not exist.
    fn kind(&self, path: &Path) -> io::Result<Kind>;

    /// Returns the target of a link as written.
    fn link(&self, path: &Path) -> io::Result<PathBuf>;

    /// Returns the contents of a file, up to `limit` bytes.
    fn bytes(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Returns the entries of a directory in any order, up to `limit`.
    fn entries(&self, path: &Path, limit: usize) -> io::Result<Vec<DirEntry>>;
}

/// The kind of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File {
        /// The size in bytes.
        size: u64,
    },
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A FIFO, a socket or a device.
    Other,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirEntry {
    /// The name.
    pub name: OsString,
    /// Whether the entry is a directory; a link to a directory is not.
    pub is_dir: bool,
}

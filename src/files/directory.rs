//! The interface to a fleet's directory: four queries.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// A directory that a disk, memory or a Git tree holds.
///
/// Paths are relative to the directory; the empty path is the directory itself. The directories that a
/// path names are real: [`Resolver`](super::resolver::Resolver) follows links, and no query has to.
pub trait Directory {
    /// Returns what exists at a path, with the size of a file; fails with `NotFound` if nothing does.
    fn kind(&self, path: &Path) -> io::Result<Kind>;

    /// Returns the target of a link as it is written.
    fn link(&self, path: &Path) -> io::Result<PathBuf>;

    /// Returns the contents of a file, at most `limit` bytes.
    fn bytes(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Returns the entries of a directory in any order, at most `limit`.
    fn entries(&self, path: &Path, limit: usize) -> io::Result<Vec<DirEntry>>;
}

/// What exists at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File {
        /// Its size in bytes.
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
    /// Its name.
    pub name: OsString,
    /// Whether it is a directory; a link to one is not.
    pub is_dir: bool,
}

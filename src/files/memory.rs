//! A directory in memory, for tests.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::directory::{DirEntry, Directory, Kind};

/// A directory in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    items: BTreeMap<PathBuf, Item>,
}

#[derive(Clone, Debug)]
enum Item {
    File(Vec<u8>),
    Directory,
    Link(PathBuf),
    Other,
}

impl Memory {
    /// Adds a file.
    #[must_use]
    pub fn file(self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        self.add(path.into(), Item::File(bytes.into()))
    }

    /// Adds a directory.
    #[must_use]
    pub fn directory(self, path: impl Into<PathBuf>) -> Self {
        self.add(path.into(), Item::Directory)
    }

    /// Adds a symbolic link.
    #[must_use]
    pub fn link(self, path: impl Into<PathBuf>, target: impl Into<PathBuf>) -> Self {
        self.add(path.into(), Item::Link(target.into()))
    }

    /// Adds an item of another kind, such as a FIFO.
    #[must_use]
    pub fn other(self, path: impl Into<PathBuf>) -> Self {
        self.add(path.into(), Item::Other)
    }

    /// Adds an item, and the directories in its path.
    fn add(mut self, path: PathBuf, item: Item) -> Self {
        for parent in path.ancestors().skip(1) {
            let known = self.items.entry(parent.to_owned());
            known.or_insert(Item::Directory);
        }
        self.items.insert(path, item);
        self
    }

    fn item(&self, path: &Path) -> io::Result<&Item> {
        self.items.get(path).ok_or(io::ErrorKind::NotFound.into())
    }
}

impl Directory for Memory {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        Ok(match self.item(path)? {
            Item::File(bytes) => Kind::File {
                size: bytes.len() as u64,
            },
            Item::Directory => Kind::Directory,
            Item::Link(_) => Kind::Link,
            Item::Other => Kind::Other,
        })
    }

    fn link(&self, path: &Path) -> io::Result<PathBuf> {
        match self.item(path)? {
            Item::Link(target) => Ok(target.clone()),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    fn bytes(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        match self.item(path)? {
            Item::File(bytes) => {
                let limit = usize::try_from(limit).unwrap_or(usize::MAX);
                Ok(bytes[..bytes.len().min(limit)].to_vec())
            }
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    fn entries(&self, path: &Path, limit: usize) -> io::Result<Vec<DirEntry>> {
        let inside = self
            .items
            .iter()
            .filter(|(known, _)| known.parent() == Some(path));
        let entry = |(known, item): (&PathBuf, &Item)| DirEntry {
            name: known.file_name().unwrap_or_default().to_owned(),
            is_dir: matches!(item, Item::Directory),
        };
        Ok(inside.map(entry).take(limit).collect())
    }
}

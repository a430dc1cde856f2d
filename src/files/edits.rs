//! Edits of a directory on disk, kept in memory until they are written.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::atomic_write::{Durability, remove_stale_temp_files, replace};
use super::directory::{DirEntry, Directory, Kind};
use super::disk::Disk;
use super::names::LOCK;
use super::resolver::Resolver;
use crate::lines;

/// A directory on disk with edits.
pub struct Edits {
    disk: Rc<Disk>,
    /// Edits by real path.
    edits: BTreeMap<PathBuf, Edit>,
}

struct Edit {
    /// The path as it was passed.
    path: String,
    /// The new contents, or `None` if the file is removed.
    text: Option<String>,
}

impl Edits {
    /// Creates a directory without edits.
    pub fn new(disk: Rc<Disk>) -> Self {
        let edits = BTreeMap::new();
        Self { disk, edits }
    }

    /// Replaces the contents of a file, following a link. With `None`, removes the file or the link.
    pub fn edit(&mut self, path: &str, text: Option<String>) {
        let mut resolver = Resolver::new(Rc::<Disk>::clone(&self.disk));
        let real = match text {
            Some(_) => resolver.resolve(path).map(|(real, _)| real),
            None => resolver.resolve_parent(path),
        };
        let path = path.to_owned();
        let real = real.unwrap_or_else(|_| path.clone().into());
        self.edits.insert(real, Edit { path, text });
    }

    /// Returns the contents of a file on the disk.
    pub fn original(&self, path: &str) -> io::Result<String> {
        let mut resolver = Resolver::new(Rc::<Disk>::clone(&self.disk));
        self.disk.dir.read_to_string(resolver.resolve(path)?.0)
    }

    /// Returns the changes as a unified diff.
    pub fn diff(&self) -> String {
        let mut out = String::new();
        for (real, Edit { path, text }) in &self.edits {
            let before = self.disk.dir.read_to_string(real).unwrap_or_default();
            let after = text.as_deref().unwrap_or_default();
            let to = if text.is_some() { path } else { "/dev/null" };
            out += &lines::unified(&before, after, [path, to]);
        }
        out
    }

    /// Writes the edits, `fleet.lock` first, and returns the paths.
    pub fn write(&self) -> io::Result<Vec<&str>> {
        let mut edits: Vec<_> = self.edits.iter().collect();
        edits.sort_by_key(|(_, edit)| (edit.path != LOCK, &edit.path));
        for (real, edit) in &edits {
            remove_stale_temp_files(&self.disk.dir, real)?;
            match &edit.text {
                Some(text) => replace(&self.disk.dir, real, text.as_bytes(), Durability::Disk)?,
                None => self.disk.dir.remove_file(real)?,
            }
        }
        Ok(edits.iter().map(|(_, edit)| &*edit.path).collect())
    }

    /// Returns the new contents of a file, or `None` if the file is not edited.
    fn text(&self, path: &Path) -> io::Result<Option<&str>> {
        match self.edits.get(path) {
            Some(edit) => match &edit.text {
                Some(text) => Ok(Some(text)),
                None => Err(io::ErrorKind::NotFound.into()),
            },
            None => Ok(None),
        }
    }
}

impl Directory for Edits {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        match self.text(path)? {
            Some(text) => Ok(Kind::File {
                size: text.len() as u64,
            }),
            None => self.disk.kind(path),
        }
    }

    fn link(&self, path: &Path) -> io::Result<PathBuf> {
        self.disk.link(path)
    }

    fn bytes(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        match self.text(path)? {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.disk.bytes(path, limit),
        }
    }

    fn entries(&self, path: &Path, limit: usize) -> io::Result<Vec<DirEntry>> {
        let mut entries = self.disk.entries(path, limit)?;
        entries.retain(|entry| self.text(&path.join(&entry.name)).is_ok());
        Ok(entries)
    }
}

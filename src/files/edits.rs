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
            Some(_) => resolver
                .resolve(path)
                .map(|(real, _)| real)
                .or_else(|_| resolver.resolve_parent(path)),
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

    /// Returns the changes as a unified diff of the files, after `redact` has replaced secrets in each.
    pub fn diff(&self, redact: impl Fn(&str) -> String) -> String {
        let mut out = String::new();
        for (real, Edit { path, text }) in &self.edits {
            let before = self.disk.dir.read_to_string(real).ok();
            let name = |text: Option<&str>| if text.is_some() { path } else { "/dev/null" };
            let names = [before.as_deref(), text.as_deref()].map(name);
            let [before, after] =
                [before.as_deref(), text.as_deref()].map(|text| redact(text.unwrap_or_default()));
            out += &lines::unified(&before, &after, names);
        }
        out
    }

    /// Writes the edits, `fleet.lock` first, and returns the paths.
    pub fn write(&self) -> io::Result<Vec<&str>> {
        let mut edits: Vec<_> = self.edits.iter().collect();
        edits.sort_by_key(|(_, edit)| (edit.path != LOCK, &edit.path));
        for (real, edit) in &edits {
            if let (Some(dir), Some(_)) = (real.parent(), &edit.text)
                && !dir.as_os_str().is_empty()
            {
                self.disk.dir.create_dir_all(dir)?;
            }
            remove_stale_temp_files(&self.disk.dir, real)?;
            match &edit.text {
                Some(text) => replace(&self.disk.dir, real, text.as_bytes(), Durability::Disk)?,
                None => self.disk.dir.remove_file(real)?,
            }
        }
        Ok(edits.iter().map(|(_, edit)| &*edit.path).collect())
    }

    /// Returns `true` if a path is a directory that does not exist, and a written file is below it.
    fn creates(&self, path: &Path) -> bool {
        let is_below = |(real, edit): (&PathBuf, &Edit)| {
            edit.text.is_some() && real != path && real.starts_with(path)
        };
        !path.as_os_str().is_empty()
            && self.edits.iter().any(is_below)
            && self.disk.kind(path).is_err()
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
            None if self.creates(path) => Ok(Kind::Directory),
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
        let mut entries = match self.disk.entries(path, limit) {
            Err(error) if !self.creates(path) => return Err(error),
            entries => entries.unwrap_or_default(),
        };
        entries.retain(|entry| self.text(&path.join(&entry.name)).is_ok());
        let written = self.edits.iter().filter(|(_, edit)| edit.text.is_some());
        for (real, _) in written {
            let Some(name) = real
                .strip_prefix(path)
                .ok()
                .and_then(|rest| rest.iter().next())
            else {
                continue;
            };
            if entries.len() < limit && entries.iter().all(|entry| entry.name != name) {
                entries.push(DirEntry {
                    name: name.to_owned(),
                    is_dir: *real != path.join(name),
                });
            }
        }
        Ok(entries)
    }
}

//! Resolves symbolic links.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::directory::{DirEntry, Directory, Kind};
use super::path_error::outside;

/// Maximum number of links that a path can pass, as on Linux.
const MAX_LINKS: usize = 40;
/// Maximum length of a name in bytes, as on Linux.
const MAX_NAME_BYTES: usize = 255;
/// Maximum length of a path in bytes, as on Linux.
const MAX_PATH_BYTES: usize = 4096;

/// Resolves paths of a directory to real paths, and looks up each directory only once.
pub(super) struct Resolver {
    pub(super) directory: Rc<dyn Directory>,
    /// The real paths of directories; `None` for a directory that does not exist. Keys are paths as written,
    /// because comparing bytes is faster than comparing components.
    directories: BTreeMap<OsString, Option<PathBuf>>,
    /// The last result, because a file is usually read after it is found.
    last: Option<(PathBuf, Kind)>,
}

impl Resolver {
    pub(super) fn new(directory: Rc<dyn Directory>) -> Self {
        Self {
            directory,
            directories: BTreeMap::new(),
            last: None,
        }
    }

    /// Returns `true` if a path exists, including a link with a missing target, or if this is not known: reading it
    /// then reports the reason.
    pub(super) fn exists(&mut self, path: &str) -> bool {
        let real = self.resolve_parent(path);
        match real.and_then(|real| self.kind(&real)) {
            Ok(_) => true,
            Err(error) => !matches!(
                error.kind(),
                io::ErrorKind::NotFound
                    | io::ErrorKind::NotADirectory
                    | io::ErrorKind::InvalidFilename
                    | io::ErrorKind::InvalidInput
            ),
        }
    }

    /// Returns the real path of a name, without following a link of that name.
    pub(super) fn resolve_parent(&mut self, path: &str) -> io::Result<PathBuf> {
        let path = Path::new(path);
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => Ok(self.directory(parent)?.join(name)),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// Returns the real path and the kind of a file or directory.
    pub(super) fn resolve(&mut self, path: &str) -> io::Result<(PathBuf, Kind)> {
        let path = Path::new(path);
        if path.as_os_str().len() > MAX_PATH_BYTES {
            return Err(io::ErrorKind::InvalidFilename.into());
        }
        let mut parts = path.components();
        match parts.next_back() {
            None | Some(Component::CurDir) => Ok((PathBuf::new(), Kind::Directory)),
            Some(last) => {
                let parent = self.directory(parts.as_path())?;
                self.follow(parent, last)
            }
        }
    }

    /// Returns the real path of a directory.
    pub(super) fn directory(&mut self, path: &Path) -> io::Result<PathBuf> {
        if let Some(known) = self.directories.get(path.as_os_str()) {
            return known.clone().ok_or(io::ErrorKind::NotFound.into());
        }
        let mut real = PathBuf::new();
        let mut prefix = PathBuf::new();
        for part in path.components() {
            prefix.push(part);
            if let Some(Some(known)) = self.directories.get(prefix.as_os_str()) {
                real.clone_from(known);
                continue;
            }
            match self.follow(real, part) {
                Ok((found, Kind::Directory)) => real = found,
                Ok(_) => return Err(io::ErrorKind::NotADirectory.into()),
                Err(error) => {
                    if error.kind() == io::ErrorKind::NotFound {
                        self.directories.insert(path.into(), None);
                    }
                    return Err(error);
                }
            }
            self.directories
                .insert(prefix.clone().into(), Some(real.clone()));
        }
        Ok(real)
    }

    /// Returns the real path and the kind of a path segment in a real directory.
    fn follow(&mut self, mut real: PathBuf, part: Component<'_>) -> io::Result<(PathBuf, Kind)> {
        let mut links = 0;
        let mut kind = Kind::Directory;
        let mut ahead = Vec::new();
        push(&mut ahead, Path::new(part.as_os_str()))?;
        while let Some(part) = ahead.pop() {
            if kind != Kind::Directory {
                return Err(io::ErrorKind::NotADirectory.into());
            }
            if part == ".." {
                if !real.pop() {
                    return Err(outside());
                }
                continue;
            }
            check_name(&part)?;
            real.push(part);
            kind = self.kind(&real)?;
            if kind == Kind::Link {
                links += 1;
                if links > MAX_LINKS {
                    return Err(outside());
                }
                push(&mut ahead, &self.directory.link(&real)?)?;
                real.pop();
                kind = Kind::Directory;
            }
        }
        Ok((real, kind))
    }

    /// Returns the entries of a real directory, sorted, up to `limit`.
    pub(super) fn list(&self, real: &Path, limit: usize) -> io::Result<Vec<DirEntry>> {
        let mut entries = self.directory.entries(real, limit)?;
        entries.sort_unstable();
        Ok(entries)
    }

    /// Returns the kind of a real path.
    fn kind(&mut self, path: &Path) -> io::Result<Kind> {
        if let Some((last, kind)) = &self.last
            && last == path
        {
            return Ok(*kind);
        }
        let kind = self.directory.kind(path)?;
        self.last = Some((path.to_owned(), kind));
        Ok(kind)
    }
}

/// Pushes the segments of a relative path, in reverse order.
fn push(ahead: &mut Vec<OsString>, path: &Path) -> io::Result<()> {
    for part in path.components().rev() {
        match part {
            Component::Normal(_) | Component::ParentDir => ahead.push(part.as_os_str().to_owned()),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return Err(outside()),
        }
    }
    Ok(())
}

/// Checks that a name has a length that every system supports.
fn check_name(name: &OsStr) -> io::Result<()> {
    let bytes = name.as_encoded_bytes();
    if bytes.len() > MAX_NAME_BYTES || bytes.contains(&0) {
        return Err(io::ErrorKind::InvalidFilename.into());
    }
    Ok(())
}

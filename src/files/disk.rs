//! A directory on a disk.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::directory::{DirEntry, Directory, Kind};
use super::names::FLEET;
use super::path_error::reason;
use crate::diagnostic::{Code, Diagnostic, escape_control_chars};

/// A directory on a disk as a capability: neither paths nor links can leave it.
#[derive(Debug)]
pub struct Disk {
    pub(super) dir: Dir,
}

impl Disk {
    /// Opens a directory.
    ///
    /// # Errors
    ///
    /// Returns an error if the directory cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Diagnostic> {
        match Dir::open_ambient_dir(path, ambient_authority()) {
            Ok(dir) => Ok(Self { dir }),
            Err(error) => {
                let shown = |path: &Path| escape_control_chars(&path.to_string_lossy());
                if error.kind() == io::ErrorKind::NotADirectory {
                    return Err(is_file(path, &shown));
                }
                let path = shown(path);
                let message = format!("cannot open the directory `{path}`: {}", reason(&error));
                Err(Diagnostic::without_location(Code::Io, message)
                    .help("pass the directory that contains fleet.yaml"))
            }
        }
    }
}

/// Returns the error of a file that is passed in place of a directory.
fn is_file(path: &Path, shown: &dyn Fn(&Path) -> String) -> Diagnostic {
    let message = format!("`{}` is a file, not a directory", shown(path));
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let help = match (path.file_name(), parent) {
        (Some(name), None) if name == FLEET => "omit the argument, or pass `.`".to_owned(),
        (Some(name), Some(parent)) if name == FLEET => {
            format!("pass its directory: `{}`", shown(parent))
        }
        _ => "pass the directory that contains fleet.yaml".to_owned(),
    };
    Diagnostic::without_location(Code::Io, message).help(help)
}

impl Directory for Disk {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        let metadata = self.dir.symlink_metadata(path)?;
        Ok(if metadata.is_file() {
            let size = metadata.len();
            Kind::File { size }
        } else if metadata.is_dir() {
            Kind::Directory
        } else if metadata.is_symlink() {
            Kind::Link
        } else {
            Kind::Other
        })
    }

    fn link(&self, path: &Path) -> io::Result<PathBuf> {
        self.dir.read_link_contents(path)
    }

    fn bytes(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let file = self.dir.open(path)?;
        let size = file.metadata()?.len().min(limit);
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn entries(&self, path: &Path, limit: usize) -> io::Result<Vec<DirEntry>> {
        let entries = if path.as_os_str().is_empty() {
            self.dir.entries()
        } else {
            self.dir.read_dir(path)
        };
        let entry = |entry: io::Result<cap_std::fs::DirEntry>| {
            let entry = entry?;
            Ok(DirEntry {
                name: entry.file_name(),
                is_dir: entry.file_type()?.is_dir(),
            })
        };
        entries?.take(limit).map(entry).collect()
    }
}

//! Objects of a repository, within limits.

use std::cell::Cell;
use std::io;
use std::path::PathBuf;

use gix::ObjectId;
use gix::objs::Kind;

use super::super::path_error::PathError;
use super::tree::Tree;
use crate::diagnostic::Code;

/// Maximum size of a directory, with several times the entries that a fleet can have, in bytes.
const MAX_TREE_BYTES: u64 = 16 << 20;
/// Maximum size of all directories, in bytes.
const MAX_ALL_TREES_BYTES: u64 = 64 << 20;
/// Maximum length of the target of a link, as on Linux.
const MAX_LINK_BYTES: u64 = 4096;

/// The objects of a repository.
pub(super) struct Objects {
    git: gix::Repository,
    /// The size of the directories so far.
    tree_bytes: Cell<u64>,
}

impl Objects {
    pub(super) fn new(git: gix::Repository) -> Self {
        let tree_bytes = Cell::new(0);
        Self { git, tree_bytes }
    }

    /// Returns the root directory of a commit.
    pub(super) fn root(&self, commit: ObjectId) -> io::Result<Tree> {
        let commit = self.read(commit, Kind::Commit, MAX_TREE_BYTES)?;
        let tree = gix::objs::CommitRefIter::from_bytes(&commit, self.git.object_hash()).tree_id();
        self.tree(tree.map_err(|_| invalid("commit"))?)
    }

    /// Returns the entries of a directory.
    pub(super) fn tree(&self, id: ObjectId) -> io::Result<Tree> {
        let data = self.read(id, Kind::Tree, MAX_TREE_BYTES)?;
        let bytes = self.tree_bytes.get() + data.len() as u64;
        self.tree_bytes.set(bytes);
        if bytes > MAX_ALL_TREES_BYTES {
            return Err(too_many());
        }
        Tree::read(&data, self.git.object_hash()).ok_or_else(|| invalid("directory"))
    }

    /// Returns the size of a file.
    pub(super) fn size(&self, id: ObjectId) -> io::Result<u64> {
        match self.git.try_find_header(id) {
            Ok(Some(header)) if header.kind() == Kind::Blob => Ok(header.size()),
            Ok(Some(_)) => Err(invalid("file")),
            Ok(None) => Err(missing()),
            Err(error) => Err(unreadable(&error)),
        }
    }

    /// Returns the contents of a file, up to `limit` bytes.
    pub(super) fn bytes(&self, id: ObjectId, limit: u64) -> io::Result<Vec<u8>> {
        let mut data = self.read(id, Kind::Blob, u64::MAX)?;
        data.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(data)
    }

    /// Returns the target of a link.
    pub(super) fn target(&self, id: ObjectId) -> io::Result<PathBuf> {
        let target = self.read(id, Kind::Blob, MAX_LINK_BYTES)?;
        let target = gix::path::from_byte_slice(&target).map(ToOwned::to_owned);
        target.map_err(|_| io::ErrorKind::InvalidFilename.into())
    }

    /// Returns the contents of an object of at most `limit` bytes.
    fn read(&self, id: ObjectId, kind: Kind, limit: u64) -> io::Result<Vec<u8>> {
        // The size is checked before memory is allocated. A limit of the repository protects all other objects.
        if limit < u64::MAX {
            match self.git.try_find_header(id) {
                Ok(Some(header)) if header.size() > limit => {
                    return Err(match kind {
                        Kind::Blob => io::ErrorKind::InvalidFilename.into(),
                        _ => too_many(),
                    });
                }
                Ok(Some(_)) => {}
                Ok(None) => return Err(missing()),
                Err(error) => return Err(unreadable(&error)),
            }
        }
        match self.git.try_find_object(id) {
            Ok(Some(mut object)) if object.kind == kind => Ok(std::mem::take(&mut object.data)),
            Ok(Some(_)) => Err(invalid("file")),
            Ok(None) => Err(missing()),
            Err(error) => Err(unreadable(&error)),
        }
    }
}

/// Returns the error of a path that passes a submodule.
pub(super) fn submodule() -> io::Error {
    let message = "is in a submodule, whose files are in another repository";
    let help =
        "copy the files into this repository, because a revision contains no files of submodules";
    io::Error::other(PathError::new(Code::Submodule, message, help))
}

fn missing() -> io::Error {
    let message = "is missing in the repository, which contains only a part of its objects";
    let help = "fetch all objects: `git fetch --refetch --no-filter`";
    io::Error::other(PathError::new(Code::MissingObject, message, help))
}

fn invalid(what: &str) -> io::Error {
    let message = format!("is not valid in the repository: expected the object of a {what}");
    let help = "find invalid objects: `git fsck`";
    io::Error::other(PathError::new(Code::InvalidRepository, message, help))
}

fn unreadable(error: &gix::Error) -> io::Error {
    let message = format!("cannot be read from the repository: {error}");
    let help = "find invalid objects: `git fsck`";
    io::Error::other(PathError::new(Code::InvalidRepository, message, help))
}

fn too_many() -> io::Error {
    let message = format!(
        "exceeds the limit of {MAX_TREE_BYTES} bytes for a directory, or of {MAX_ALL_TREES_BYTES} for all directories"
    );
    let help = "divide the fleet into several fleets, each in its own directory";
    io::Error::other(PathError::new(Code::TooManyFiles, message, help))
}

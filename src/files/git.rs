//! A directory in a revision of a Git repository, read from its objects: no checkout, hook, filter or driver.

mod objects;
mod repository;
mod revision;
mod tree;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use gix::ObjectId;

use super::directory::{DirEntry, Directory, Kind};
use crate::diagnostic::{Code, Diagnostic};
use objects::{Objects, submodule};
use repository::Repository;
use tree::{Item, Tree};

/// Maximum number of characters of a commit's id in messages.
const SHORT_ID: usize = 12;

/// A fleet's directory in a revision of the Git repository that contains it.
pub struct Revision {
    objects: Objects,
    commit: String,
    /// The directories that were read so far, by path.
    trees: RefCell<BTreeMap<OsString, Rc<Tree>>>,
}

impl Revision {
    /// Opens a fleet's directory on disk in a revision: a branch, a tag, an id, `HEAD~2` and so on.
    ///
    /// # Errors
    ///
    /// Returns an error if the revision does not exist, or does not contain the directory.
    pub fn open(dir: &Path, revision: &str) -> Result<Self, Diagnostic> {
        let repository = Repository::find(dir)?;
        let commit = repository.commit(revision)?;
        Self::of(repository, commit)
    }

    /// Opens a fleet's directory on disk in the merge base of HEAD and the default branch.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no default branch or no merge base, or if it does not contain the directory.
    pub fn base(dir: &Path) -> Result<Self, Diagnostic> {
        let repository = Repository::find(dir)?;
        let commit = repository.base()?;
        Self::of(repository, commit)
    }

    /// Returns the short id of the commit.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    fn of(repository: Repository, commit: ObjectId) -> Result<Self, Diagnostic> {
        let Repository { git, prefix } = repository;
        let id = commit.to_hex_with_len(SHORT_ID).to_string();
        let shown = || match prefix.to_string_lossy() {
            path if path.is_empty() => ".".to_owned(),
            path => path.replace('\\', "/"),
        };
        let unreadable =
            |error: io::Error| super::path_error::PathError::from(error).in_revision(&shown(), &id);
        let objects = Objects::new(git);
        let mut tree = objects.root(commit).map_err(unreadable)?;
        for name in &prefix {
            let problem = match tree.get(name) {
                Some(Item::Directory(id)) => {
                    tree = objects.tree(*id).map_err(unreadable)?;
                    continue;
                }
                Some(Item::Submodule) => return Err(unreadable(submodule())),
                Some(Item::Link(_)) => "it passes a symbolic link",
                Some(Item::File(_)) => "it passes a file",
                None => "it does not exist",
            };
            let message = format!("revision `{id}` has no directory `{}`: {problem}", shown());
            return Err(Diagnostic::without_location(Code::NotInRevision, message)
                .help("use a revision that contains the directory of the fleet"));
        }
        let trees = BTreeMap::from([(OsString::new(), Rc::new(tree))]);
        Ok(Self {
            objects,
            commit: id,
            trees: RefCell::new(trees),
        })
    }

    /// Returns the entries of a directory.
    fn tree(&self, path: &Path) -> io::Result<Rc<Tree>> {
        if let Some(known) = self.trees.borrow().get(path.as_os_str()) {
            return Ok(Rc::clone(known));
        }
        let tree = match self.item(path)? {
            Item::Directory(id) => Rc::new(self.objects.tree(id)?),
            Item::Submodule => return Err(submodule()),
            Item::File(_) | Item::Link(_) => return Err(io::ErrorKind::NotADirectory.into()),
        };
        let key = path.as_os_str().to_owned();
        self.trees.borrow_mut().insert(key, Rc::clone(&tree));
        Ok(tree)
    }

    /// Returns the entry of a path that is not empty.
    fn item(&self, path: &Path) -> io::Result<Item> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let found = self.tree(parent)?.get(name).copied();
        found.ok_or(io::ErrorKind::NotFound.into())
    }
}

impl Directory for Revision {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        if path.as_os_str().is_empty() {
            return Ok(Kind::Directory);
        }
        Ok(match self.item(path)? {
            Item::File(id) => Kind::File {
                size: self.objects.size(id)?,
            },
            Item::Directory(_) | Item::Submodule => Kind::Directory,
            Item::Link(_) => Kind::Link,
        })
    }

    fn link(&self, path: &Path) -> io::Result<PathBuf> {
        match self.item(path)? {
            Item::Link(id) => self.objects.target(id),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    fn bytes(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        match self.item(path)? {
            Item::File(id) => self.objects.bytes(id, limit),
            Item::Directory(_) | Item::Submodule => Err(io::ErrorKind::IsADirectory.into()),
            Item::Link(_) => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    fn entries(&self, path: &Path, limit: usize) -> io::Result<Vec<DirEntry>> {
        let tree = self.tree(path)?;
        let entry = |(name, item): (&OsString, &Item)| DirEntry {
            name: name.clone(),
            is_dir: matches!(item, Item::Directory(_) | Item::Submodule),
        };
        Ok(tree.iter().map(entry).take(limit).collect())
    }
}

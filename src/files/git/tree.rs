//! The entries of a tree object.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use gix::ObjectId;
use gix::objs::TreeRefIter;
use gix::objs::tree::EntryKind;

/// An entry of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    /// A file, executable or not.
    File(ObjectId),
    Directory(ObjectId),
    /// A symbolic link.
    Link(ObjectId),
    /// A commit of another repository.
    Submodule,
}

/// A directory.
#[derive(Debug, Default)]
pub(super) struct Tree {
    items: BTreeMap<OsString, Item>,
}

impl Tree {
    /// Reads a tree object; returns `None` if Git cannot have written it.
    pub(super) fn read(data: &[u8], hash: gix::hash::Kind) -> Option<Self> {
        let mut items = BTreeMap::new();
        for entry in TreeRefIter::from_bytes(data, hash) {
            let entry = entry.ok()?;
            let id = entry.oid.to_owned();
            let item = match entry.mode.kind() {
                EntryKind::Tree => Item::Directory(id),
                EntryKind::Blob | EntryKind::BlobExecutable => Item::File(id),
                EntryKind::Link => Item::Link(id),
                EntryKind::Commit => Item::Submodule,
            };
            let bytes: &[u8] = entry.filename;
            let is_name = !matches!(bytes, b"" | b"." | b"..") && !bytes.contains(&b'/');
            let name = gix::path::from_bstr(entry.filename).ok()?;
            let name = name.as_ref().as_os_str().to_owned();
            if !is_name || items.insert(name, item).is_some() {
                return None;
            }
        }
        Some(Self { items })
    }

    pub(super) fn get(&self, name: &OsStr) -> Option<&Item> {
        self.items.get(name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&OsString, &Item)> {
        self.items.iter()
    }
}

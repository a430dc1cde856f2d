//! A directory on disk and the same directory in a revision return the same answers.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use kubectl_fleet::files::{DirEntry, Directory, Disk, Files, Kind, Revision};
use proptest::prelude::*;
use proptest::sample::select;

use super::directories::{answers, path, pattern, written};
use crate::git::Repository;

#[derive(Clone, Debug)]
enum Item {
    File(&'static [u8], bool),
    Link(String),
}

fn item() -> impl Strategy<Value = Item> {
    let contents = select(vec![
        &b"a: b\n"[..],
        b"",
        b"\xff",
        b"a\0b",
        b"a\r\nb\r\n",
        b"$Id$\n",
    ]);
    prop_oneof![
        3 => (contents, any::<bool>()).prop_map(|(bytes, is_executable)| Item::File(bytes, is_executable)),
        2 => written().prop_filter("a target", |path| !path.is_empty()).prop_map(Item::Link),
    ]
}

/// Creates the items; omits an item if its path exists already, or if Git does not store it.
fn create(dir: &Path, items: &[(PathBuf, Item)]) {
    for (path, item) in items {
        let place = dir.join(path);
        let kind = |path: &Path| fs::symlink_metadata(dir.join(path)).ok();
        let mut parents = path.ancestors().skip(1).filter_map(kind);
        let is_stored = path.iter().all(|name| name != ".git");
        if !is_stored || kind(path).is_some() || !parents.all(|parent| parent.is_dir()) {
            continue;
        }
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        match item {
            Item::File(bytes, is_executable) => {
                fs::write(&place, bytes).unwrap();
                let mode = if *is_executable { 0o755 } else { 0o644 };
                fs::set_permissions(&place, Permissions::from_mode(mode)).unwrap();
            }
            Item::Link(target) => symlink(target, &place).unwrap(),
        }
    }
}

fn sorted(entries: io::Result<Vec<DirEntry>>) -> io::Result<Vec<DirEntry>> {
    let mut entries = entries?;
    entries.sort();
    Ok(entries)
}

/// Compares all answers about a real path, and about the paths below it.
fn compare(disk: &Disk, revision: &Revision, path: &Path) {
    let answer = |directory: &dyn Directory| {
        let kind = directory.kind(path).map_err(|error| error.kind());
        let is_file = matches!(kind, Ok(Kind::File { .. }));
        let bytes = is_file.then(|| [0, 2, 1 << 20].map(|limit| directory.bytes(path, limit).ok()));
        let is_link = matches!(kind, Ok(Kind::Link));
        let link = directory.link(path).map_err(|error| error.kind());
        let entries = (!is_link).then(|| sorted(directory.entries(path, 99)).ok());
        (kind, link, bytes, entries)
    };
    // Only the entries of the directory itself are queried.
    if path.as_os_str().is_empty() {
        let entries = |directory: &dyn Directory| sorted(directory.entries(path, 99)).ok();
        assert_eq!(entries(disk), entries(revision));
    } else {
        assert_eq!(answer(disk), answer(revision), "{}", path.display());
    }
    if let Ok(entries) = revision.entries(path, 99) {
        for entry in entries {
            compare(disk, revision, &path.join(&entry.name));
        }
    }
}

proptest! {
    #![proptest_config(super::cases(48))]

    #[test]
    fn disk_and_revision_return_the_same_answers(
        items in proptest::collection::vec((path(), item()), 1..14),
        paths in proptest::collection::vec(written(), 1..12),
        patterns in proptest::collection::vec(pattern(), 1..6),
        is_packed in any::<bool>(),
    ) {
        let repository = Repository::empty();
        repository.0.write("repo/fleet/first", "");
        let dir = repository.0.path("repo/fleet");
        create(&dir, &items);
        repository.commit("x");
        if is_packed {
            repository.git("repo", &["repack", "-adq"]);
        }
        let disk = Disk::open(&dir).unwrap();
        let revision = Revision::open(&dir, "HEAD").unwrap();
        for path in ["", "absent", "first", "first/below"] {
            compare(&disk, &revision, path.as_ref());
        }
        let of_disk = answers(Files::open(&dir).unwrap(), &paths, &patterns);
        let of_revision = answers(Files::new(Rc::new(revision)), &paths, &patterns);
        prop_assert_eq!(of_disk, of_revision);
    }
}

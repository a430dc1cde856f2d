//! A directory in memory and the same directory on disk return the same contents and errors.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use kubectl_fleet::diagnostic::Code;
use kubectl_fleet::files::{Files, Memory};
use kubectl_fleet::source::Span;
use proptest::prelude::*;
use proptest::sample::select;
use tempfile::TempDir;

#[derive(Clone, Debug)]
enum Item {
    File(&'static [u8]),
    /// A file of this many zeros.
    Zeros(usize),
    Directory,
    Link(String),
    Other,
}

const NAMES: [&[u8]; 8] = [
    b"a",
    b"b",
    b"A",
    b"c.yaml",
    b"d.yaml",
    "\u{fc}".as_bytes(),
    b"\xff.yaml",
    b".git",
];

fn name() -> impl Strategy<Value = &'static OsStr> {
    select(&NAMES[..]).prop_map(OsStr::from_bytes)
}

pub(super) fn path() -> impl Strategy<Value = PathBuf> {
    proptest::collection::vec(name(), 1..4).prop_map(|names| names.iter().collect())
}

/// A path as in a fleet, or the target of a link.
pub(super) fn written() -> impl Strategy<Value = String> {
    let part = select(vec![
        "a", "b", "c.yaml", "d.yaml", "x", ".", "..", "", "\u{fc}", ".git",
    ]);
    proptest::collection::vec(part, 1..5).prop_map(|parts| parts.join("/"))
}

pub(super) fn pattern() -> impl Strategy<Value = String> {
    let part = select(vec![
        "a", "b", "*", "**", "*.yaml", "{a,b}", "?", "{x}", "{y}.yaml", "..", "[",
    ]);
    proptest::collection::vec(part, 1..4).prop_map(|parts| parts.join("/"))
}

fn item() -> impl Strategy<Value = Item> {
    prop_oneof![
        4 => select(vec![&b"a: b\n"[..], b"", b"\xff", b"a\0b"]).prop_map(Item::File),
        1 => select(vec![4 << 20, (4 << 20) + 1]).prop_map(Item::Zeros),
        2 => Just(Item::Directory),
        4 => written().prop_filter("a target", |path| !path.is_empty()).prop_map(Item::Link),
        1 => Just(Item::Other),
    ]
}

/// Creates both directories; omits an item if its path exists already.
fn directories(items: &[(PathBuf, Item)]) -> (TempDir, Memory) {
    let disk = TempDir::new().unwrap();
    let mut memory = Memory::default();
    for (path, item) in items {
        let place = disk.path().join(path);
        let kind = |path: &Path| fs::symlink_metadata(disk.path().join(path)).ok();
        let mut parents = path.ancestors().skip(1).filter_map(kind);
        if kind(path).is_none() && parents.all(|parent| parent.is_dir()) {
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            memory = create(&place, path, item, memory);
        }
    }
    (disk, memory)
}

fn create(place: &Path, path: &Path, item: &Item, memory: Memory) -> Memory {
    match item {
        Item::File(bytes) => {
            fs::write(place, bytes).unwrap();
            memory.file(path, *bytes)
        }
        Item::Zeros(size) => {
            File::create(place).unwrap().set_len(*size as u64).unwrap();
            memory.file(path, vec![0; *size])
        }
        Item::Directory => {
            fs::create_dir(place).unwrap();
            memory.directory(path)
        }
        Item::Link(target) => {
            symlink(target, place).unwrap();
            memory.link(path, target)
        }
        Item::Other => {
            UnixListener::bind(place).unwrap();
            memory.other(path)
        }
    }
}

/// Returns the answers of a directory to all queries.
pub(super) fn answers(mut files: Files, paths: &[String], patterns: &[String]) -> Vec<String> {
    let span = Span::new(files.add_builtin("fleet.yaml", ""), 0..0);
    let mut answers = Vec::new();
    for path in paths {
        let found = files.read(path, Some(span));
        let found = found.map(|file| (files.sources.path(file), files.sources.text(file)));
        answers.push(format!("{path} {found:?}"));
        answers.push(format!("{path} {}", files.has(path)));
    }
    for pattern in patterns {
        let found = files.glob_with_captures(pattern, span);
        answers.push(format!("{pattern} {found:?}"));
        for (path, _) in found.unwrap_or_default() {
            let found = files.read(&path, Some(span));
            answers.push(format!("{path} {found:?}"));
        }
    }
    answers
}

fn compare(disk: &Path, memory: Memory, paths: &[String], patterns: &[String]) -> Vec<String> {
    let of_disk = answers(Files::open(disk).unwrap(), paths, patterns);
    let of_memory = answers(Files::new(Rc::new(memory)), paths, patterns);
    assert_eq!(of_disk, of_memory);
    of_disk
}

proptest! {
    #[test]
    fn disk_and_memory_return_the_same_files(
        items in proptest::collection::vec((path(), item()), 1..12),
        paths in proptest::collection::vec(written(), 1..12),
        patterns in proptest::collection::vec(pattern(), 1..6),
    ) {
        let (disk, memory) = directories(&items);
        compare(disk.path(), memory, &paths, &patterns);
    }
}

#[test]
fn disk_and_memory_have_the_same_file_limit() {
    let disk = TempDir::new().unwrap();
    let mut memory = Memory::default();
    for number in 0..20_001 {
        let name = format!("{number}.yaml");
        File::create(disk.path().join(&name)).unwrap();
        memory = memory.file(&name, "");
    }
    let patterns = ["*.yaml".to_owned(), "1*.yaml".to_owned()];
    for answer in compare(disk.path(), memory, &[], &patterns) {
        assert!(
            answer.contains(&format!("{:?}", Code::TooManyFiles)),
            "{answer}"
        );
    }
}

#[test]
fn disk_and_memory_have_the_same_byte_limit() {
    let items = (0..17).map(|number| (format!("{number}").into(), Item::Zeros(4 << 20)));
    let (disk, memory) = directories(&items.collect::<Vec<_>>());
    let paths: Vec<String> = (0..17).map(|number| number.to_string()).collect();
    let answers = compare(disk.path(), memory, &paths, &[]);
    assert!(
        answers[32].contains(&format!("{:?}", Code::TooManyFiles)),
        "{}",
        answers[32]
    );
}

//! The files of this repository.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the contents of a file of the repository.
#[track_caller]
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the entries of a directory of the repository, sorted.
pub(crate) fn entries(dir: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(dir)).expect(dir);
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Returns the paths of all files below a directory, relative to it and sorted. A link is a file.
pub(crate) fn files(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(prefix) = open.pop() {
        let Ok(entries) = fs::read_dir(dir.join(&prefix)) else {
            continue;
        };
        for entry in entries {
            let entry = entry.unwrap();
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type().unwrap().is_dir() {
                open.push(format!("{path}/"));
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Returns the Rust files below a directory of the repository, by path and with their contents.
pub(crate) fn sources(dir: &str) -> Vec<(String, String)> {
    let mut paths = files(&root().join(dir));
    paths.retain(|path| Path::new(path).extension() == Some("rs".as_ref()));
    let read = |path: &String| {
        let path = format!("{dir}/{path}");
        let contents = read(&path);
        (path, contents)
    };
    paths.iter().map(read).collect()
}

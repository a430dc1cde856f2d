//! Rules of this repository that the compiler does not check.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use crate::repository::{self, entries, read};

/// Maximum number of lines of a file.
const MAX_LINES: usize = 400;
/// A file with more lines should be split.
const MANY_LINES: usize = 300;
/// Maximum median of the lines of the files of `src/`.
const MAX_MEDIAN_LINES: usize = 140;
/// Maximum number of lines of ARCHITECTURE.md, so that it is read.
const MAP_LINES: usize = 150;

/// Returns all files below directories of the repository, by path.
fn files(dirs: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for dir in dirs {
        let files = repository::files(&repository::root().join(dir));
        found.extend(files.iter().map(|path| format!("{dir}/{path}")));
    }
    found
}

/// Returns every Rust file, by path and with its contents.
fn sources() -> Vec<(String, String)> {
    let dirs = ["src", "tests", "benches", "fuzz/targets"];
    dirs.into_iter().flat_map(repository::sources).collect()
}

#[test]
fn files_are_short() {
    let mut too_long = Vec::new();
    let mut of_src = Vec::new();
    for (name, text) in sources() {
        let lines = text.lines().count();
        if name.starts_with("src/") {
            of_src.push(lines);
        }
        if lines > MAX_LINES {
            too_long.push(format!("{name} has {lines} lines"));
        } else if lines > MANY_LINES {
            println!("{name} has {lines} lines: should it be split?");
        }
    }
    assert!(too_long.is_empty(), "{too_long:#?}");
    of_src.sort_unstable();
    let median = of_src[of_src.len() / 2];
    assert!(median <= MAX_MEDIAN_LINES, "a median of {median} lines");
}

#[test]
fn every_module_has_documentation() {
    for (name, text) in sources() {
        assert!(
            text.starts_with("//! "),
            "{name} does not begin with `//! `"
        );
    }
}

#[test]
fn no_unfinished_code_remains() {
    // Split into two parts, so that this file does not contain the words.
    let marks = [
        concat!("todo", "!("),
        concat!("unimple", "mented!("),
        concat!("dbg", "!("),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
    ];
    for (name, text) in sources() {
        for mark in marks {
            assert!(!text.contains(mark), "{name} holds {mark}");
        }
    }
}

#[test]
fn no_machine_specific_paths() {
    let homes = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
        concat!("C:", "\\Users"),
    ];
    let mut paths = files(&[
        ".ci",
        "docs",
        "examples",
        "fuzz/targets",
        "testdata",
        "tests/conformance",
    ]);
    let top = entries(".").into_iter();
    let top = top.filter(|path| path.is_file() && !path.ends_with(".git"));
    paths.extend(top.map(|path| path.to_string_lossy().into_owned()));
    let texts = paths.into_iter().filter_map(|path| {
        let text = fs::read_to_string(repository::root().join(&path)).ok()?;
        Some((path, text))
    });
    for (name, text) in texts.chain(sources()) {
        // The only path that is the same on every machine with the plugin.
        let text = text.replace("/home/argocd/cmp-server", "");
        for home in homes {
            assert!(!text.contains(home), "{name} holds {home}");
        }
    }
}

#[test]
fn dependencies_come_from_crates_io_and_are_not_banned() {
    let lock = read("Cargo.lock");
    for source in lock
        .lines()
        .filter_map(|line| line.strip_prefix("source = "))
    {
        assert_eq!(
            source,
            "\"registry+https://github.com/rust-lang/crates.io-index\""
        );
    }
    let deny = read("deny.toml");
    let banned: Vec<&str> = deny
        .lines()
        .filter_map(|line| line.trim().strip_prefix("{ crate = \"")?.split('"').next())
        .collect();
    for name in ["serde_yaml", "socket2", "mio", "rustls", "tokio"] {
        assert!(banned.contains(&name), "{banned:?}");
    }
    for name in banned {
        assert!(
            !lock.contains(&format!("name = \"{name}\"\n")),
            "{name} is banned by deny.toml"
        );
    }
}

#[test]
fn every_dependency_has_a_reason() {
    let manifest = read("Cargo.toml");
    let lines: Vec<&str> = manifest.lines().collect();
    let mut inside = false;
    for pair in lines.windows(2) {
        let [before, line] = pair else { continue };
        if line.starts_with('[') {
            inside = *line == "[dependencies]";
        } else if inside && line.contains(" = ") {
            assert!(before.starts_with("# "), "no comment above `{line}`");
        }
    }
}

#[test]
fn architecture_lists_every_module() {
    let map = read("ARCHITECTURE.md");
    let lines = map.lines().count();
    assert!(lines < MAP_LINES, "{lines} lines");
    for path in entries("src") {
        let name = path.file_name().unwrap().to_string_lossy();
        let is_part = path.is_dir() && path.with_extension("rs").exists();
        let shown = if path.is_dir() {
            format!("`{name}/`")
        } else {
            format!("`{name}`")
        };
        assert!(is_part || map.contains(&shown), "{name} is not on the map");
    }
}

#[test]
fn architecture_names_existing_paths() {
    let map = read("ARCHITECTURE.md");
    let rows = map.lines().filter(|line| line.starts_with('|'));
    let words = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    let is_path = |word: &&str| {
        let extension = Path::new(word).extension();
        let extension = extension.and_then(OsStr::to_str);
        word.contains('/') || matches!(extension, Some("rs" | "md"))
    };
    let paths: Vec<&str> = words
        .filter(|word| !word.contains(' '))
        .filter(is_path)
        .collect();
    assert!(paths.len() > 40, "{paths:?}");
    for path in paths {
        let root = repository::root();
        let is_there = ["", "src", "tests/suite"].map(|dir| root.join(dir).join(path).exists());
        assert!(is_there.contains(&true), "`{path}` does not exist");
    }
}

#[test]
fn required_lints_are_enabled() {
    let manifest = read("Cargo.toml");
    for rule in [
        "unsafe_code = \"forbid\"",
        "missing_docs = \"warn\"",
        "pedantic = { level = \"warn\"",
        "unwrap_used = \"warn\"",
        "print_stdout = \"warn\"",
        "disallowed_methods = \"deny\"",
        "disallowed_types = \"deny\"",
    ] {
        assert!(manifest.contains(rule), "Cargo.toml lacks {rule}");
    }
    let clippy = read("clippy.toml");
    for rule in [
        "std::fs::read_to_string",
        "std::fs::write",
        "std::env::var",
        "std::time::SystemTime::now",
        "std::process::Command::new",
        "std::net::TcpStream::connect",
        "std::collections::HashMap",
    ] {
        assert!(clippy.contains(rule), "clippy.toml lacks {rule}");
    }
    // A lint that is disabled for a whole file is disabled only in tests.
    for (name, text) in sources()
        .iter()
        .filter(|(name, _)| name.starts_with("src/"))
    {
        assert!(
            !text.contains("#![expect(") && !text.contains("#![allow("),
            "{name}"
        );
    }
}

#[test]
fn toolchain_is_the_same_in_every_file() {
    let toolchain = read("rust-toolchain.toml");
    let version = toolchain.split('"').nth(1).expect("a channel");
    let image = read("Dockerfile");
    assert!(
        image.contains(&format!("FROM rust:{version}-alpine AS build\n")),
        "{version}"
    );
}

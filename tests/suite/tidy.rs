//! Rules of the house that the compiler does not know.

use std::fs;
use std::path::{Path, PathBuf};

/// The most lines of a file.
const MOST_LINES: usize = 500;
/// Beyond this a file should be split.
const MANY_LINES: usize = 300;
/// The most lines of ARCHITECTURE.md: a map that is longer is not read.
const MAP_LINES: usize = 150;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let entry = entry.expect("an entry");
            if entry.file_type().expect("a type").is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// Every Rust file of ours, by its path in the repository, with its text.
fn sources() -> Vec<(String, String)> {
    let folders = ["src", "tests", "benches", "fuzz/targets"];
    let all = folders
        .iter()
        .flat_map(|folder| files(&repository().join(folder)));
    let rust = all.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| {
        let name = path.strip_prefix(repository()).expect("a path inside");
        let name = name.to_string_lossy().replace('\\', "/");
        let text = text(&name);
        (name, text)
    })
    .collect()
}

#[test]
fn files_are_short() {
    let mut too_long = Vec::new();
    for (name, text) in sources() {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            too_long.push(format!("{name} has {lines} lines"));
        } else if lines > MANY_LINES {
            println!("{name} has {lines} lines: should it be split?");
        }
    }
    assert!(too_long.is_empty(), "{too_long:#?}");
}

#[test]
fn every_module_says_what_it_is_for() {
    for (name, text) in sources() {
        assert!(
            text.starts_with("//! "),
            "{name} does not begin with `//! `"
        );
    }
}

#[test]
fn nothing_is_left_unfinished() {
    // Written in two parts, so that this file does not hold them.
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
    let folders = [
        ".ci",
        "docs",
        "examples",
        "fuzz/targets",
        "testdata",
        "tests/conformance",
    ];
    let top = fs::read_dir(repository())
        .expect("the repository")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file() && !path.ends_with(".git"));
    let others = folders
        .iter()
        .flat_map(|folder| files(&repository().join(folder)));
    let texts = top.chain(others).filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        Some((path.to_string_lossy().into_owned(), text))
    });
    for (name, text) in texts.chain(sources()) {
        // The one place that is the same on every machine that has the plugin.
        let text = text.replace("/home/argocd/cmp-server", "");
        for home in homes {
            assert!(!text.contains(home), "{name} holds {home}");
        }
    }
}

#[test]
fn dependencies_come_from_one_place_and_none_is_banned() {
    let lock = text("Cargo.lock");
    for source in lock
        .lines()
        .filter_map(|line| line.strip_prefix("source = "))
    {
        assert_eq!(
            source,
            "\"registry+https://github.com/rust-lang/crates.io-index\""
        );
    }
    let deny = text("deny.toml");
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
    let manifest = text("Cargo.toml");
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
    let map = text("ARCHITECTURE.md");
    let lines = map.lines().count();
    assert!(lines < MAP_LINES, "{lines} lines");
    for entry in fs::read_dir(repository().join("src")).expect("src") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_part = entry.path().is_dir() && entry.path().with_extension("rs").exists();
        let shown = if entry.path().is_dir() {
            format!("`{name}/`")
        } else {
            format!("`{name}`")
        };
        assert!(is_part || map.contains(&shown), "{name} is not on the map");
    }
}

#[test]
fn required_lints_are_enabled() {
    let manifest = text("Cargo.toml");
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
    let clippy = text("clippy.toml");
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
    // A rule that is switched off for a whole file is switched off for its tests alone.
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
fn the_toolchain_is_the_same_everywhere() {
    let toolchain = text("rust-toolchain.toml");
    let version = toolchain.split('"').nth(1).expect("a channel");
    let image = text("Dockerfile");
    assert!(
        image.contains(&format!("FROM rust:{version}-alpine AS build\n")),
        "{version}"
    );
}

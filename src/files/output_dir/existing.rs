//! What exists in an output directory: generated files, and everything else, which must not change.

use std::io::{self, Read as _};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, FileType};

use crate::diagnostic::{Code, Diagnostic, escape_control_chars};
use crate::files::atomic_write::is_temporary;
use crate::files::names::{MARK_LENGTH, marked_fleet};

/// The name of the fleet of a generated file, if the fleet has one.
pub(super) type Fleet = Option<String>;

/// Opens the output directory, or returns `None` if it does not exist. A link could lead into another directory.
pub(super) fn open_dir(path: &Path) -> Result<Option<Dir>, Diagnostic> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the path is not in a directory yet"
    )]
    let metadata = std::fs::symlink_metadata(path);
    let shown = || escape_control_chars(&path.to_string_lossy());
    let failed = |error: io::Error| {
        let message = format!("cannot open the directory `{}`: {error}", shown());
        Diagnostic::without_location(Code::Io, message)
            .help("pass a directory that you can write to")
    };
    match metadata {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
        Ok(metadata) if metadata.is_dir() => Dir::open_ambient_dir(path, ambient_authority())
            .map(Some)
            .map_err(failed),
        Ok(metadata) => {
            let found = if metadata.is_symlink() {
                "symbolic link"
            } else {
                "file"
            };
            Err(in_the_way(&shown(), found, "a directory"))
        }
    }
}

/// Checks that a path is a directory, or does not exist.
pub(super) fn check_dir(dir: &Dir, path: &str, shown: &str) -> Result<(), Diagnostic> {
    match file_type(dir, path) {
        None => Ok(()),
        Some(kind) if kind.is_dir() => Ok(()),
        Some(kind) => Err(in_the_way(shown, describe(kind), "a directory")),
    }
}

/// Checks that a path is a generated file, or does not exist.
pub(super) fn check_file(dir: &Dir, path: &str, shown: &str) -> Result<(), Diagnostic> {
    match file_type(dir, path) {
        None => Ok(()),
        Some(kind) if kind.is_file() => {
            if generated_for(dir, path).is_some() {
                return Ok(());
            }
            let message = format!("`{shown}` exists, and kubectl-fleet did not generate it");
            Err(Diagnostic::without_location(Code::FileExists, message)
                .help("pass another directory to `-o dir=`, or move the existing file"))
        }
        Some(kind) => Err(in_the_way(shown, describe(kind), "a generated file")),
    }
}

/// Returns the generated files in a directory and its subdirectories, each with the name of its fleet, and what killed
/// runs left there, without a fleet.
pub(super) fn generated_files(dir: &Dir) -> io::Result<Vec<(String, Option<Fleet>)>> {
    let mut found = Vec::new();
    for entry in dir.entries()? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if kind.is_file() {
            found.push(name);
        } else if kind.is_dir() {
            for below in dir.read_dir(&name)? {
                let below = below?;
                let is_file = below.file_type()?.is_file();
                if let Some(file) = below.file_name().to_str().filter(|_| is_file) {
                    found.push(format!("{name}/{file}"));
                }
            }
        }
    }
    let files = found.into_iter().filter_map(|path| {
        let name = Path::new(&path).file_name();
        if name.is_some_and(is_temporary) {
            return Some((path, None));
        }
        let fleet = generated_for(dir, &path)?;
        Some((path, Some(fleet)))
    });
    Ok(files.collect())
}

/// Creates the error about a file of another fleet.
pub(super) fn of_another_fleet(
    shown: &str,
    found: Option<&str>,
    expected: Option<&str>,
) -> Diagnostic {
    let describe = |fleet: Option<&str>| match fleet {
        Some(name) => format!("the fleet `{}`", escape_control_chars(name)),
        None => "a fleet without a name".to_owned(),
    };
    let message = format!(
        "`{shown}` was generated for {}, and this is {}",
        describe(found),
        describe(expected)
    );
    Diagnostic::without_location(Code::FileExists, message)
        .help("pass another directory to `-o dir=`; if you changed `metadata.name`, delete the directory first")
}

/// Returns the fleet in the mark that a regular file begins with, or `None` if the file was not generated.
fn generated_for(dir: &Dir, path: &str) -> Option<Fleet> {
    let mut start = Vec::with_capacity(MARK_LENGTH);
    let file = dir.open(path).ok()?;
    file.take(MARK_LENGTH as u64).read_to_end(&mut start).ok()?;
    let start = String::from_utf8_lossy(&start);
    marked_fleet(&start).map(|fleet| fleet.map(ToOwned::to_owned))
}

/// Returns the type of a path without following a link.
fn file_type(dir: &Dir, path: &str) -> Option<FileType> {
    let metadata = dir.symlink_metadata(path).ok()?;
    Some(metadata.file_type())
}

fn describe(kind: FileType) -> &'static str {
    if kind.is_symlink() {
        "symbolic link"
    } else if kind.is_dir() {
        "directory"
    } else if kind.is_file() {
        "file"
    } else {
        "pipe, a socket or a device"
    }
}

fn in_the_way(shown: &str, found: &str, expected: &str) -> Diagnostic {
    let message = format!("`{shown}` must be {expected}, but is a {found}");
    Diagnostic::without_location(Code::FileExists, message)
        .help("pass another directory to `-o dir=`, or remove what is at this path")
}

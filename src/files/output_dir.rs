//! A directory of generated manifests. Nothing in it changes except files that begin with the mark.

mod existing;

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::atomic_write::{Durability, replace};
use super::glob::matcher;
use super::reader::Inputs;
use crate::diagnostic::{Code, Diagnostic, escape_control_chars};
use existing::{check_dir, check_file, generated_files, of_another_fleet, open_dir};

/// Changes to a directory in a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The number of files that are new or differ.
    pub written: usize,
    /// The number of removed files, which the output no longer contains.
    pub removed: usize,
}

/// The generated files of a directory by path: `NAME.yaml`, or `CELL/NAME.yaml`.
pub type GeneratedFiles = BTreeMap<String, Vec<u8>>;

/// A directory in which every file that would be replaced or removed was generated.
pub struct OutputDir<'a> {
    path: PathBuf,
    files: &'a GeneratedFiles,
    /// Generated files that the output no longer contains.
    stale: Vec<String>,
}

impl<'a> OutputDir<'a> {
    /// Checks that a directory can be written for a fleet. With `cell`, the files are those of one cell, and others are
    /// removed only from its directory. The directory must not contain any input, and no pattern of the inputs may match
    /// a file.
    ///
    /// # Errors
    ///
    /// Returns an error if anything in the way was not generated, or if a generated file is of another fleet.
    pub fn check(
        path: &Path,
        (files, fleet): (&'a GeneratedFiles, Option<&str>),
        cell: Option<&str>,
        inputs: &Inputs,
    ) -> Result<Self, Diagnostic> {
        // Without a trailing slash, which would follow a link.
        let path = without_missing_parents(path);
        let mut checked = Self {
            path,
            files,
            stale: Vec::new(),
        };
        let dir = open_dir(&checked.path)?;
        checked.check_inputs(&inputs.paths)?;
        checked.check_patterns(&inputs.patterns)?;
        let Some(dir) = dir else {
            return Ok(checked);
        };
        let mut last_cell = "";
        for path in files.keys() {
            if let Some((cell, _)) = path.split_once('/')
                && cell != last_cell
            {
                check_dir(&dir, cell, &checked.shown(cell))?;
                last_cell = cell;
            }
            check_file(&dir, path, &checked.shown(path))?;
        }
        let prefix = cell.map_or(String::new(), |cell| format!("{cell}/"));
        let is_stale = |path: &String| path.starts_with(&prefix) && !files.contains_key(path);
        let known = generated_files(&dir).map_err(|error| checked.failed(&error))?;
        let other = known.iter().find_map(|(path, found)| {
            let found = found.as_ref().filter(|found| found.as_deref() != fleet)?;
            Some(of_another_fleet(
                &checked.shown(path),
                found.as_deref(),
                fleet,
            ))
        });
        if let Some(error) = other {
            return Err(error);
        }
        let known = known.into_iter().map(|(path, _)| path);
        checked.stale = known.filter(is_stale).collect();
        Ok(checked)
    }

    /// Writes the files, each atomically, and removes the stale ones.
    ///
    /// # Errors
    ///
    /// Returns the error of the operating system. Some of the files might be written.
    pub fn write(&self) -> Result<Changes, Diagnostic> {
        self.try_write().map_err(|error| self.failed(&error))
    }

    fn try_write(&self) -> io::Result<Changes> {
        Dir::create_ambient_dir_all(&self.path, ambient_authority())?;
        let dir = Dir::open_ambient_dir(&self.path, ambient_authority())?;
        let mut changes = Changes::default();
        for (path, bytes) in self.files {
            if dir.read(path).is_ok_and(|known| known == *bytes) {
                continue;
            }
            if let Some((cell, _)) = path.split_once('/') {
                dir.create_dir_all(cell)?;
            }
            replace(&dir, Path::new(path), bytes, Durability::Cache)?;
            changes.written += 1;
        }
        for path in &self.stale {
            dir.remove_file(path)?;
            changes.removed += 1;
            if let Some((cell, _)) = path.split_once('/') {
                // Other files keep the directory.
                let _ = dir.remove_dir(cell);
            }
        }
        Ok(changes)
    }

    /// Reports an input of the fleet in the directory: it would be next to output, and output could become input.
    fn check_inputs(&self, inputs: &[PathBuf]) -> Result<(), Diagnostic> {
        #[expect(clippy::disallowed_methods, reason = "this is `files`")]
        let Ok(real) = self.path.canonicalize() else {
            return Ok(());
        };
        let Some(input) = inputs.iter().find(|input| input.starts_with(&real)) else {
            return Ok(());
        };
        let input = escape_control_chars(&input.to_string_lossy());
        let message = format!(
            "`{}` contains `{input}`, which the fleet reads",
            self.shown("")
        );
        Err(Diagnostic::without_location(Code::FileExists, message)
            .help("pass a directory that contains only generated files, such as `-o dir=rendered`"))
    }

    /// Reports a file that a pattern of the fleet would match, so that the next run would read it.
    fn check_patterns(&self, patterns: &[(PathBuf, String)]) -> Result<(), Diagnostic> {
        let real = real_path(&self.path);
        for (dir, pattern) in patterns {
            let Ok(below) = real.strip_prefix(dir) else {
                continue;
            };
            let Ok(matcher) = matcher(pattern) else {
                continue;
            };
            if let Some(file) = self
                .files
                .keys()
                .find(|file| matcher.is_match(below.join(file)))
            {
                let file = self.shown(file);
                let pattern = escape_control_chars(pattern);
                let message = format!(
                    "the next run would read `{file}`: it matches the pattern `{pattern}` of the fleet"
                );
                return Err(Diagnostic::without_location(Code::FileExists, message)
                    .help("pass a directory that no pattern matches, such as `-o dir=rendered`"));
            }
        }
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> Diagnostic {
        let message = format!("cannot write to `{}`: {error}", self.shown(""));
        Diagnostic::without_location(Code::Io, message)
            .help("pass a directory that you can write to")
    }

    /// Returns a path in the directory for messages.
    fn shown(&self, path: &str) -> String {
        let path = match path {
            "" => self.path.clone(),
            path => self.path.join(path),
        };
        escape_control_chars(&path.to_string_lossy())
    }
}

/// Returns the path without `x/..` for each `x` that does not exist, so that no `x` is created.
fn without_missing_parents(path: &Path) -> PathBuf {
    let mut left = PathBuf::new();
    for part in path.components() {
        let is_missing = |path: &Path| path.symlink_metadata().is_err();
        match part {
            Component::ParentDir if left.file_name().is_some() && is_missing(&left) => {
                left.pop();
            }
            part => left.push(part),
        }
    }
    left
}

/// Returns the real path of a directory that might not exist yet.
fn real_path(path: &Path) -> PathBuf {
    for known in path.ancestors() {
        let known_or_here = if known.as_os_str().is_empty() {
            Path::new(".")
        } else {
            known
        };
        #[expect(clippy::disallowed_methods, reason = "this is `files`")]
        if let Ok(real) = known_or_here.canonicalize() {
            let missing = path.strip_prefix(known).unwrap_or(Path::new(""));
            return real.join(missing);
        }
    }
    path.to_owned()
}

//! Fleets in temporary directories. The program and the library compile them.

mod compiled;
mod files;
mod run;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::repository;
pub(crate) use compiled::{Printed, Rejected, compile_dir, identity};
pub(crate) use files::FleetFiles;
pub(crate) use run::{PROGRAM, Run, command, run};

/// A fleet, or another set of files, in a temporary directory.
pub(crate) struct Fleet(TempDir);

impl Fleet {
    /// Returns an empty directory.
    pub(crate) fn empty() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// Returns a directory with these files.
    pub(crate) fn new<const N: usize>(files: [(&str, &str); N]) -> Self {
        let add = |fleet: Self, (path, contents)| fleet.with(path, contents);
        files.into_iter().fold(Self::empty(), add)
    }

    /// Adds a file, or replaces it.
    pub(crate) fn with(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        self.write(path, contents);
        self
    }

    /// Returns the path of the directory.
    pub(crate) fn dir(&self) -> &Path {
        self.0.path()
    }

    /// Returns the path of a file.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir().join(path)
    }

    /// Writes a file, and creates its parent directories.
    pub(crate) fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    /// Returns the contents of a file.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect(path)
    }

    /// Replaces a string that a file contains.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let contents = self.read(path);
        assert!(contents.contains(from), "{path} contains {from:?}");
        self.write(path, contents.replace(from, to));
    }

    /// Returns the contents of all files below a directory.
    pub(crate) fn files(&self, dir: &str) -> BTreeMap<String, String> {
        let dir = self.path(dir);
        let paths = repository::files(&dir).into_iter();
        let read = |path: String| {
            let contents = fs::read_to_string(dir.join(&path)).expect(&path);
            (path, contents)
        };
        paths.map(read).collect()
    }

    /// Returns the command that runs the program in the directory.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.command_of(PROGRAM, args)
    }

    /// Returns the command that runs another program, such as one that traces this one.
    pub(crate) fn command_of(&self, program: &str, args: &[&str]) -> Command {
        command(self.dir(), program, args)
    }

    /// Runs the program in the directory.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        run(self.dir(), args)
    }

    /// Returns the output of a run that succeeds.
    #[track_caller]
    pub(crate) fn print(&self, args: &[&str]) -> String {
        self.run(args).output()
    }

    /// Returns the messages of a run that ends with an exit code, without output.
    #[track_caller]
    pub(crate) fn fail(&self, args: &[&str], code: i32) -> String {
        self.run(args).messages(code)
    }
}

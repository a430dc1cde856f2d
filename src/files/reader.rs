//! Reads the files of a fleet, each once, within limits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::directory::{Directory, Kind};
use super::disk::Disk;
use super::path::{is_pattern, join, normalize, split};
use super::path_error::PathError;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic, Suggestions, escape_control_chars};
use crate::source::{FileId, Sources, Span};

/// Maximum size of a file in bytes.
const MAX_FILE_BYTES: u64 = 4 << 20;
/// Maximum size of all files in bytes.
const MAX_TOTAL_BYTES: u64 = 64 << 20;
/// The fix of a fleet with too many or too large files.
const SPLIT: &str = "divide the fleet into several fleets, each in its own directory";
/// The beginning of a file whose contents are in Git LFS.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";
/// Maximum number of files, and of entries of directories.
pub(super) const MAX_FILES: usize = 20_000;

/// The files of a fleet's directory.
pub struct Files {
    pub(super) resolver: Resolver,
    /// The contents of all files so far.
    pub sources: Sources,
    read: BTreeMap<String, FileId>,
    bytes: u64,
    suggestions: Suggestions,
    /// Number of entries of directories so far.
    pub(super) listed: usize,
    /// Patterns so far: the real directory before the first wildcard, and the rest.
    pub(super) patterns: BTreeSet<(PathBuf, String)>,
}

/// What a run read.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The real paths of all files.
    pub paths: Vec<PathBuf>,
    /// All patterns: a real directory, and a pattern of paths below it.
    pub patterns: Vec<(PathBuf, String)>,
}

impl Files {
    /// Creates a reader of a directory.
    pub fn new(directory: Rc<dyn Directory>) -> Self {
        Self {
            resolver: Resolver::new(directory),
            sources: Sources::default(),
            read: BTreeMap::new(),
            bytes: 0,
            suggestions: Suggestions::default(),
            listed: 0,
            patterns: BTreeSet::new(),
        }
    }

    /// Creates a reader of a directory on disk.
    pub fn open(path: &Path) -> Result<Self, Diagnostic> {
        Ok(Self::new(Rc::new(Disk::open(path)?)))
    }

    /// Adds contents that are not in the directory, such as a built-in template.
    pub fn add_builtin(&mut self, name: &str, text: &str) -> FileId {
        self.sources.add(name, text.to_owned())
    }

    /// Returns `true` if the directory contains an entry with this name.
    pub fn has(&mut self, path: &str) -> bool {
        self.resolver.exists(path)
    }

    /// Returns what was read so far. `root` is the directory of the fleet.
    pub fn inputs(&mut self, root: &Path) -> Inputs {
        #[expect(clippy::disallowed_methods, reason = "this is `files`")]
        let Ok(root) = root.canonicalize() else {
            return Inputs::default();
        };
        let mut real = |path: &String| Some(root.join(self.resolver.resolve(path).ok()?.0));
        Inputs {
            paths: self.read.keys().filter_map(&mut real).collect(),
            patterns: self
                .patterns
                .iter()
                .map(|(dir, rest)| (root.join(dir), rest.clone()))
                .collect(),
        }
    }

    /// Returns a path in the fleet's directory for a path that is written relative to a file.
    pub fn relative(&self, path: &str, declared_at: Span) -> String {
        match split(self.sources.path(declared_at.file)).0 {
            dir if !path.starts_with('/') => join(dir, path),
            _ => path.to_owned(),
        }
    }

    /// Reads a file, or returns its contents if it was read before.
    pub fn read(&mut self, path: &str, referenced_at: Option<Span>) -> Result<FileId, Diagnostic> {
        let shown = escape_control_chars(path);
        let path = normalize(path, referenced_at)?;
        if let Some(id) = self.read.get(&path) {
            return Ok(*id);
        }
        let bytes = self.bytes(&path).map_err(|error| {
            let is_missing = error.code == Code::NoSuchFile;
            let diagnostic = error.diagnostic(&shown, referenced_at);
            if is_missing {
                diagnostic.help(self.path_help(&path))
            } else {
                diagnostic
            }
        })?;
        let unreadable = |message| {
            Diagnostic::new(Code::UnreadableFile, referenced_at, message)
                .help("save the file as UTF-8")
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            unreadable(format!(
                "`{shown}` is not UTF-8: invalid byte at offset {at}"
            ))
        })?;
        if let Some(at) = text.find('\0') {
            let message = format!("`{shown}` contains a NUL byte at offset {at}");
            return Err(unreadable(message));
        }
        let id = self.sources.add(&path, text);
        if let Some(at) = find_conflict(&self.sources.text(id)) {
            let span = Span::new(id, at..at + CONFLICT.len());
            let message = format!("`{shown}` contains an unresolved merge conflict");
            let help = "resolve the conflict, and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`";
            return Err(Diagnostic::new(Code::MergeConflict, span, message).help(help));
        }
        self.read.insert(path, id);
        Ok(id)
    }

    /// Returns the contents of a regular file, after checking its size.
    fn bytes(&mut self, path: &str) -> Result<Vec<u8>, PathError> {
        let (real, kind) = self.resolver.resolve(path)?;
        if real.components().any(|part| part.as_os_str() == ".git") {
            let message = "points into .git, which does not belong to the fleet";
            let help = "move the file out of `.git`";
            return Err(PathError::new(Code::OutsideFolder, message, help));
        }
        let size = match kind {
            Kind::File { size } => size,
            Kind::Directory => {
                let message = "is a directory, not a file";
                let help = "write the path of a file in this directory";
                return Err(PathError::new(Code::NotAFile, message, help));
            }
            Kind::Link | Kind::Other => {
                let message = "is not a regular file";
                let help = "replace it with a regular file";
                return Err(PathError::new(Code::NotAFile, message, help));
            }
        };
        if size > MAX_FILE_BYTES {
            let message =
                format!("has {size} bytes, more than the limit of {MAX_FILE_BYTES} for a file");
            return Err(PathError::new(
                Code::FileTooLarge,
                message,
                "split the file",
            ));
        }
        self.bytes += size;
        check_count(self.read.len() + 1)?;
        if self.bytes > MAX_TOTAL_BYTES {
            let message =
                format!("exceeds the limit of {MAX_TOTAL_BYTES} bytes for all files of a fleet");
            return Err(PathError::new(Code::TooManyFiles, message, SPLIT));
        }
        // The file could grow while it is read.
        let bytes = self.resolver.directory.bytes(&real, MAX_FILE_BYTES + 1)?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            let message = "grew beyond the limit while it was read";
            return Err(PathError::new(
                Code::FileTooLarge,
                message,
                "split the file",
            ));
        }
        if bytes.starts_with(LFS_POINTER) {
            let message = "is a pointer of Git LFS, not the contents of the file";
            let help = "store the file in Git: remove its pattern from .gitattributes, then `git add --renormalize .`";
            return Err(PathError::new(Code::LfsPointer, message, help));
        }
        Ok(bytes)
    }

    /// Returns the help for a path that does not exist.
    pub(super) fn path_help(&mut self, path: &str) -> String {
        if is_pattern(path) {
            return "write the path of one file, without wildcards".to_owned();
        }
        let (dir, name) = split(path);
        let real = self.resolver.directory(Path::new(dir));
        let entries = real.and_then(|real| self.resolver.list(&real, MAX_FILES));
        let Ok(entries) = entries else {
            return format!("directory `{dir}` does not exist");
        };
        let names = || entries.iter().filter_map(|entry| entry.name.to_str());
        match self.suggestions.closest(name, names) {
            Some(similar) if similar == name => {
                "create the target of this symbolic link".to_owned()
            }
            Some(similar) => format!("did you mean `{}`?", join(dir, similar)),
            None => "correct the path, or add the file".to_owned(),
        }
    }
}

/// The beginning of the first line of a merge conflict.
const CONFLICT: &str = "<<<<<<<";

/// Returns the offset of the first merge conflict.
fn find_conflict(text: &str) -> Option<usize> {
    let begin = text.starts_with("<<<<<<< ").then_some(0);
    let at = begin.or_else(|| Some(text.find("\n<<<<<<< ")? + 1))?;
    text[at..].contains("\n>>>>>>> ").then_some(at)
}

/// Checks the number of files of a fleet.
pub(super) fn check_count(files: usize) -> Result<(), PathError> {
    if files > MAX_FILES {
        let message = format!("exceeds the limit of {MAX_FILES} files for a fleet");
        return Err(PathError::new(Code::TooManyFiles, message, SPLIT));
    }
    Ok(())
}

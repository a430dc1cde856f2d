//! The only code that touches the disk: a fleet's folder as a capability.
//!
//! No path and no link leaves the folder, sizes are checked before anything is read, and what is
//! read becomes a [`Sources`] entry once.

mod capture;
pub mod created;
mod edited;
mod links;
pub mod names;
pub mod rendered;
mod replace;

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Component, Path};
use std::rc::Rc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use unicode_normalization::UnicodeNormalization as _;

use capture::Captures;
use links::Links;

use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::report::printable;
use crate::source::{FileId, Sources, Span};

/// What the captures of a path are, in the order of the pattern.
pub type Found = Vec<(Rc<str>, Rc<str>)>;

/// The largest file, in bytes.
const FILE_BYTES: u64 = 4 << 20;
/// The largest folder: all that is read, in bytes.
const TREE_BYTES: u64 = 64 << 20;
/// The most files and folders that are looked at.
const TREE_FILES: usize = 20_000;

/// A fleet's folder and what was read of it.
#[derive(Debug)]
pub struct Files {
    folder: Dir,
    /// All texts that were read.
    pub sources: Sources,
    read: BTreeMap<String, FileId>,
    /// Whether a folder is there.
    folders: BTreeMap<String, bool>,
    links: Links,
    /// What stands for files that are edited; none for one that is taken away.
    edited: BTreeMap<String, Option<String>>,
    bytes: u64,
    listed: usize,
}

impl Files {
    /// Opens a folder.
    pub fn open(folder: &Path) -> Result<Self, Diagnostic> {
        let folder = Dir::open_ambient_dir(folder, ambient_authority()).map_err(|error| {
            let message = format!(
                "cannot open the folder `{}`: {}",
                printable(&folder.to_string_lossy()),
                reason(&error)
            );
            Diagnostic::without_place(Code::Io, message)
                .help("name the folder that holds fleet.yaml")
        })?;
        Ok(Self::of(folder))
    }

    fn of(folder: Dir) -> Self {
        Self {
            folder,
            sources: Sources::default(),
            read: BTreeMap::new(),
            folders: BTreeMap::new(),
            links: Links::default(),
            edited: BTreeMap::new(),
            bytes: 0,
            listed: 0,
        }
    }

    /// Keeps a text that is not in the folder, such as a built-in template.
    pub fn add_builtin(&mut self, name: &str, text: &str) -> FileId {
        self.sources.add(name, text.to_owned())
    }

    /// Whether the folder has something of this name. Many names are asked for that are not there, most of them
    /// in folders that are not there either: each folder is looked for once.
    pub fn has(&mut self, path: &str) -> bool {
        if let Some(edited) = self.edited.get(path) {
            return edited.is_some();
        }
        let has_folder = path.rsplit_once('/').is_none_or(|(folder, _)| {
            if let Some(known) = self.folders.get(folder) {
                return *known;
            }
            let found = self.folder.symlink_metadata(folder).is_ok();
            self.folders.insert(folder.to_owned(), found);
            found
        });
        has_folder && self.links.look(&self.folder, Path::new(path)).is_ok()
    }

    /// A path that a file of the fleet says, seen from the fleet's folder: it is relative to the
    /// folder of the file that says it.
    pub fn relative(&self, path: &str, said_at: Span) -> String {
        match self.sources.path(said_at.file).rsplit_once('/') {
            Some((folder, _)) if !path.starts_with('/') => join(folder, path),
            _ => path.to_owned(),
        }
    }

    /// Reads a file; a file that was read before is not read again. `asked_at` is where the path
    /// was written.
    pub fn read(&mut self, path: &str, asked_at: Option<Span>) -> Result<FileId, Diagnostic> {
        let say = |code, message: String| match asked_at {
            Some(span) => Diagnostic::new(code, span, message),
            None => Diagnostic::without_place(code, message),
        };
        let shown = printable(path);
        let path = clean(path).ok_or_else(|| {
            let inside = "a path is relative to fleet.yaml and stays in its folder";
            say(
                Code::OutsideFolder,
                format!("the path `{shown}` leaves the fleet's folder"),
            )
            .help(inside)
        })?;
        if let Some(id) = self.read.get(&path) {
            return Ok(*id);
        }
        let bytes = self.bytes_of(&path).map_err(|(code, message)| {
            let diagnostic = say(code, format!("`{shown}` {message}"));
            match code {
                Code::NoSuchFile => diagnostic.help(self.near(&path)),
                _ => diagnostic,
            }
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let message = format!(
                "`{shown}` is not UTF-8 text: the byte at offset {at} does not belong there"
            );
            say(Code::UnreadableFile, message).help("save the file as UTF-8")
        })?;
        if let Some(at) = text.find('\0') {
            let message = format!("`{shown}` holds a NUL byte at offset {at}: it is no text");
            return Err(say(Code::UnreadableFile, message).help("save the file as UTF-8"));
        }
        let id = self.sources.add(&path, text);
        self.read.insert(path, id);
        Ok(id)
    }

    /// The content of a regular file, its size checked first.
    fn bytes_of(&mut self, path: &str) -> Result<Vec<u8>, (Code, String)> {
        match self.edited.get(path) {
            Some(Some(text)) => return Ok(text.clone().into_bytes()),
            Some(None) => return Err((Code::NoSuchFile, "does not exist".to_owned())),
            None => {}
        }
        let failed = |error: io::Error| (code_of(&error), reason(&error));
        let (target, metadata) = self.links.target(&self.folder, path).map_err(failed)?;
        if target.components().any(|part| part.as_os_str() == ".git") {
            return Err((
                Code::OutsideFolder,
                "leads into .git, which is no part of the fleet".to_owned(),
            ));
        }
        if metadata.is_dir() {
            return Err((Code::NotAFile, "is a folder, not a file".to_owned()));
        }
        if !metadata.is_file() {
            return Err((Code::NotAFile, "is not a regular file".to_owned()));
        }
        if metadata.len() > FILE_BYTES {
            let message = format!(
                "has {} bytes, more than the {FILE_BYTES} that a file may have",
                metadata.len()
            );
            return Err((Code::FileTooLarge, message));
        }
        self.bytes += metadata.len();
        refuse_count(self.read.len() + 1)?;
        if self.bytes > TREE_BYTES {
            let message =
                format!("makes the fleet larger than the {TREE_BYTES} bytes that it may have");
            return Err((Code::TooManyFiles, message));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
        let file = self.folder.open(&target).map_err(failed)?;
        // A file that grows while it is read is cut off at its budget and refused.
        file.take(FILE_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > FILE_BYTES {
            return Err((
                Code::FileTooLarge,
                "grew beyond its budget while it was read".to_owned(),
            ));
        }
        Ok(bytes)
    }

    /// What to do about a path that does not exist.
    fn near(&self, path: &str) -> String {
        if is_pattern(path) {
            return "name one file: a template's path takes no wildcard".to_owned();
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let entries = if folder.is_empty() {
            self.folder.entries()
        } else {
            self.folder.read_dir(folder)
        };
        let Ok(entries) = entries else {
            return format!("there is no folder `{folder}`");
        };
        let names = entries
            .take(TREE_FILES)
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        match nearest(name, names.iter().map(String::as_str)) {
            Some(near) if near == name => "it is a link, and leads to nothing".to_owned(),
            Some(near) => format!("did you mean `{}`?", join(folder, near)),
            None => "correct the path, or add the file".to_owned(),
        }
    }

    /// The files that a path names: itself, or what its wildcards match, sorted.
    pub fn matching(&mut self, pattern: &str, asked_at: Span) -> Result<Vec<String>, Diagnostic> {
        let shown = printable(pattern);
        let Some(pattern) = clean(pattern) else {
            let message = format!("the path `{shown}` leaves the fleet's folder");
            let inside = "a path is relative to fleet.yaml and stays in its folder";
            return Err(Diagnostic::new(Code::OutsideFolder, asked_at, message).help(inside));
        };
        if !is_pattern(&pattern) {
            return Ok(vec![pattern]);
        }
        let invalid = |error: &globset::Error| {
            Diagnostic::new(
                Code::InvalidPath,
                asked_at,
                format!("`{shown}` is no path pattern: {}", error.kind()),
            )
        };
        let mut builder = globset::GlobBuilder::new(&pattern);
        let glob = builder
            .literal_separator(true)
            .build()
            .map_err(|error| invalid(&error))?
            .compile_matcher();
        // Only folders that can hold a match are listed: those under the part without wildcards.
        let fixed: Vec<&str> = pattern
            .split('/')
            .take_while(|part| !is_pattern(part))
            .collect();
        let depth = if pattern.contains("**") {
            usize::MAX
        } else {
            pattern.split('/').count() - fixed.len()
        };
        let mut found = Vec::new();
        let folder = fixed.join("/");
        let walked = self.walk(&folder, depth, &|path| glob.is_match(path), &mut found);
        let is_missing = matches!(walked, Err((Code::NoSuchFile, _)));
        if !is_missing {
            walked.map_err(|(code, message)| {
                Diagnostic::new(code, asked_at, format!("`{shown}` {message}"))
            })?;
        }
        found.retain(|path| self.edited.get(path).is_none_or(Option::is_some));
        found.sort_unstable();
        refuse_twins(&found, asked_at)?;
        if found.is_empty() {
            let message = format!("`{shown}` matches no file");
            let help = if is_missing {
                format!("there is no folder `{folder}`: {}", self.near(&folder))
            } else {
                "correct the path, or remove the entry".to_owned()
            };
            return Err(Diagnostic::new(Code::NoSuchFile, asked_at, message).help(help));
        }
        Ok(found)
    }

    /// The same for a path with captures: each file, and what the captures of its path are.
    pub fn captured(
        &mut self,
        pattern: &str,
        asked_at: Span,
    ) -> Result<Vec<(String, Found)>, Diagnostic> {
        let captures = Captures::of(pattern);
        let invalid = |message: String| Diagnostic::new(Code::InvalidPath, asked_at, message);
        let names = captures.names.iter().enumerate();
        let mut twice = names.filter(|(at, name)| captures.names[..*at].contains(name));
        if let Some((_, name)) = twice.next() {
            let message = format!("`{}` captures `{name}` twice", printable(pattern));
            return Err(invalid(message).help("capture it once, and write `*` for the other"));
        }
        let paths = self.matching(&captures.glob, asked_at)?;
        if captures.names.is_empty() {
            return Ok(paths.into_iter().map(|path| (path, Vec::new())).collect());
        }
        let matcher = captures
            .matcher()
            .ok_or_else(|| invalid(format!("`{}` is no path pattern", printable(pattern))))?;
        let found = |path: String| {
            let found = matcher.captures(path.as_bytes());
            let texts = found.iter().flat_map(|found| found.iter().skip(1));
            let texts = texts.map(|text| text.map(|text| String::from_utf8_lossy(text.as_bytes())));
            let pairs = captures.names.iter().zip(texts);
            let pairs = pairs
                .map(|(name, text)| (Rc::clone(name), Rc::from(text.unwrap_or_default().as_ref())));
            let pairs = pairs.collect();
            (path, pairs)
        };
        Ok(paths.into_iter().map(found).collect())
    }

    fn walk(
        &mut self,
        folder: &str,
        depth: usize,
        wanted: &dyn Fn(&str) -> bool,
        found: &mut Vec<String>,
    ) -> Result<(), (Code, String)> {
        let failed = |error: io::Error| (code_of(&error), reason(&error));
        if depth == 0 {
            return Ok(());
        }
        let entries = if folder.is_empty() {
            self.folder.entries()
        } else {
            self.folder.read_dir(folder)
        };
        for entry in entries.map_err(failed)? {
            let entry = entry.map_err(failed)?;
            self.listed += 1;
            refuse_count(self.listed)?;
            let name = entry.file_name();
            let path = join(folder, &name.to_string_lossy());
            // Links to folders are not followed: a wildcard finds a file at one path only.
            let is_folder = entry.file_type().map_err(failed)?.is_dir();
            if is_folder && name != ".git" {
                self.walk(&path, depth - 1, wanted, found)?;
            } else if !is_folder && wanted(&path) && !replace::is_unfinished(&path) {
                if name.to_str().is_none() {
                    let message =
                        format!("matches `{}`, whose name is not UTF-8", printable(&path));
                    return Err((Code::InvalidPath, message));
                }
                found.push(path);
            }
        }
        Ok(())
    }
}

fn refuse_count(files: usize) -> Result<(), (Code, String)> {
    if files > TREE_FILES {
        let message =
            format!("belongs to a fleet of more than {TREE_FILES} files, the most it may have");
        return Err((Code::TooManyFiles, message));
    }
    Ok(())
}

/// Whether a path has a wildcard.
pub(crate) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// The names that a path captures.
pub(crate) fn captures(path: &str) -> Vec<Rc<str>> {
    Captures::of(path).names
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// The path without `.` parts, if it is relative and stays in its folder.
fn clean(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    })
}

/// Two names that one file system keeps apart and another does not would make two fleets of one
/// commit.
fn refuse_twins(paths: &[String], asked_at: Span) -> Result<(), Diagnostic> {
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    for path in paths {
        let folded: String = if path.is_ascii() {
            path.to_ascii_lowercase()
        } else {
            path.nfc().flat_map(char::to_lowercase).nfc().collect()
        };
        if let Some(twin) = seen.insert(folded, path) {
            let (a, b) = (printable(twin), printable(path));
            let message = format!("the file names `{a}` and `{b}` are one on some systems");
            let help =
                "rename one of them: they differ only in case or in how letters are composed";
            return Err(Diagnostic::new(Code::TwinFiles, asked_at, message).help(help));
        }
    }
    Ok(())
}

fn code_of(error: &io::Error) -> Code {
    match error.kind() {
        io::ErrorKind::NotFound => Code::NoSuchFile,
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => Code::NotAFile,
        io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput => Code::InvalidPath,
        io::ErrorKind::PermissionDenied if error.raw_os_error().is_none() => Code::OutsideFolder,
        io::ErrorKind::PermissionDenied => Code::UnreadableFile,
        _ if error.to_string().contains("symbolic links") => Code::OutsideFolder,
        _ => Code::Io,
    }
}

fn reason(error: &io::Error) -> String {
    match code_of(error) {
        Code::NoSuchFile => "does not exist".to_owned(),
        Code::NotAFile => "is not a regular file".to_owned(),
        Code::InvalidPath => "has a name that this system does not take".to_owned(),
        Code::OutsideFolder => "leads out of the fleet's folder".to_owned(),
        Code::UnreadableFile => "may not be read".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

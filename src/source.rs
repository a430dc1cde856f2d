//! The contents of files that were read, and locations in them.

use std::cell::{Cell, OnceCell};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// A file of [`Sources`], ordered by when it was read. Also states whether its content comes from members: values
/// keep that after substitution, with their locations.
#[derive(Clone, Copy, Debug)]
pub struct FileId(u32);

/// The bit of a [`FileId`] that marks a file of members.
const MEMBERS: u32 = 1 << 31;

impl FileId {
    /// Returns the same file, read as one whose content comes from members.
    #[must_use]
    pub fn of_members(self) -> Self {
        Self(self.0 | MEMBERS)
    }

    fn index(self) -> u32 {
        self.0 & !MEMBERS
    }
}

// A file is the same file regardless of its role.
impl PartialEq for FileId {
    fn eq(&self, other: &Self) -> bool {
        self.index() == other.index()
    }
}

impl Eq for FileId {}

impl PartialOrd for FileId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for FileId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.index().cmp(&other.index())
    }
}

impl Hash for FileId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index().hash(state);
    }
}

/// A range of bytes in a file. Files are limited to a few MiB, so 32 bits are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// Creates the span of `range` in `file`, limited to 32 bits.
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let fit = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            file,
            start: fit(range.start),
            end: fit(range.end),
        }
    }

    /// Returns `true` if a member wrote what is at this location.
    pub fn is_of_member(self) -> bool {
        self.file.0 & MEMBERS != 0
    }

    /// Returns the same location, for a value with a part that a member wrote.
    #[must_use]
    pub fn of_members(self) -> Self {
        Self {
            file: self.file.of_members(),
            ..self
        }
    }

    /// Returns the same location, for a value that is trusted because it was checked or is not the member's own.
    #[must_use]
    pub fn trusted(self) -> Self {
        Self {
            file: FileId(self.file.index()),
            ..self
        }
    }

    /// Returns the span from the start of `self` to the end of `other`, which must be in the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            end: self.end.max(other.end),
            ..self
        }
    }
}

/// A value with its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The location.
    pub span: Span,
}

/// A line and a column, counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// The contents of one file.
#[derive(Debug)]
struct Source {
    path: String,
    text: Rc<str>,
    /// The offset of each line, computed for the first message.
    lines: OnceCell<Vec<u32>>,
    /// The last offset, and the number of characters before it in its line. Messages are sorted, and many can be in one
    /// long line.
    last: Cell<(usize, usize)>,
}

/// The contents of all files of a run, for messages.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file. Line ends are normalized to `\n`.
    pub fn add(&mut self, path: &str, text: String) -> FileId {
        let text = if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text
        };
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source {
            path: path.to_owned(),
            text: text.into(),
            lines: OnceCell::new(),
            last: Cell::default(),
        });
        id
    }

    /// Returns all files with their paths, in the order in which they were read.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &str)> {
        let numbered = (0..).map(FileId).zip(&self.files);
        numbered.map(|(id, source)| (id, source.path.as_str()))
    }

    /// Returns the path of a file, relative to the fleet's directory.
    pub fn path(&self, file: FileId) -> &str {
        &self.files[file.index() as usize].path
    }

    /// Returns the contents of a file.
    pub fn text(&self, file: FileId) -> Rc<str> {
        Rc::clone(&self.files[file.index() as usize].text)
    }

    /// Returns the location of a file's start.
    pub fn start(&self, file: FileId) -> Span {
        Span::new(file, 0..0)
    }

    /// Returns the line and column of a location's start.
    pub fn position(&self, span: Span) -> Position {
        let source = &self.files[span.file.index() as usize];
        let lines = source.lines.get_or_init(|| {
            let breaks = source
                .text
                .match_indices('\n')
                .map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(breaks).collect()
        });
        let line = lines.partition_point(|start| *start <= span.start);
        let start = lines[line - 1] as usize;
        let end = span.start as usize;
        let (known, counted) = match source.last.get() {
            (known, counted) if (start..=end).contains(&known) => (known, counted),
            _ => (start, 0),
        };
        let before = source.text.get(known..end).unwrap_or_default();
        // A byte order mark is not a character of the first line.
        let before = match known {
            0 => before.trim_start_matches('\u{feff}'),
            _ => before,
        };
        let counted = counted + before.chars().count();
        source.last.set((end, counted));
        Position {
            line,
            column: counted + 1,
        }
    }
}

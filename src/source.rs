//! Texts that were read, and places in them.

use std::cell::OnceCell;
use std::rc::Rc;

/// A file of [`Sources`]; ordered as the files were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of bytes of one file. Both ends fit 32 bits because a file is at most a few MiB.
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
    /// The bytes `range` of `file`; ends beyond 32 bits are cut.
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let fit = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            file,
            start: fit(range.start),
            end: fit(range.end),
        }
    }

    /// From the beginning of `self` to the end of `other`, which is in the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            end: self.end.max(other.end),
            ..self
        }
    }
}

/// Something and the place where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// A line and a column, both counted from 1; columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// One text that was read.
#[derive(Debug)]
struct Source {
    path: String,
    text: Rc<str>,
    /// The offset of each line's first byte, made when the first message asks for it.
    lines: OnceCell<Vec<u32>>,
}

/// Every text of one run, for messages.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Keeps a text. Line ends are made `\n`, so that a file means the same with `\r\n` and `\r`.
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
        });
        id
    }

    /// The path of a file, relative to the fleet's folder.
    pub fn path(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].path
    }

    /// The text of a file.
    pub fn text(&self, file: FileId) -> Rc<str> {
        Rc::clone(&self.files[file.0 as usize].text)
    }

    /// Where a file begins.
    pub fn start(&self, file: FileId) -> Span {
        Span::new(file, 0..0)
    }

    /// The line and column where a place begins.
    pub fn position(&self, span: Span) -> Position {
        let source = &self.files[span.file.0 as usize];
        let lines = source.lines.get_or_init(|| {
            let breaks = source
                .text
                .match_indices('\n')
                .map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(breaks).collect()
        });
        let line = lines.partition_point(|start| *start <= span.start);
        let start = lines[line - 1] as usize;
        let before = source
            .text
            .get(start..span.start as usize)
            .unwrap_or_default();
        Position {
            line,
            column: before.chars().count() + 1,
        }
    }
}

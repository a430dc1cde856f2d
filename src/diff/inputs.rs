//! The lines of the input files that an edit touched.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::lines::{Hunk, hunks};
use crate::report::SafeLines;
use crate::source::{FileId, Sources, Span};

/// A side of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// The revision before the change.
    Base,
    /// The revision after the change.
    Head,
}

/// A line that the edit touched. A line that replaces another one is that of the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    /// The number of the file.
    file: usize,
    /// The side that has the line.
    at: At,
    /// The number of the line, from 0.
    number: usize,
}

/// A line of the input that causes changes, as shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputLine {
    /// The path of the file.
    pub path: String,
    /// The side that has the line.
    pub at: At,
    /// The number of the line, from 1.
    pub number: usize,
    /// The line that it replaces, without secrets; `None` if the head adds the line.
    pub before: Option<String>,
    /// The line, without secrets; `None` if the head removes it.
    pub after: Option<String>,
}

/// Maximum length of a line that is compared with another one, in bytes.
const MAX_LINE_BYTES: usize = 4096;
/// Maximum number of lines of an only change that are shown.
const MAX_SOLE: usize = 6;
/// Maximum number of lines on each side of a change whose lines are paired by their keys.
const MAX_PAIRED_BY_KEY: usize = 64;

struct File {
    path: String,
    ids: [Option<FileId>; 2],
    hunks: Vec<Hunk>,
    lines: [OnceCell<SafeLines>; 2],
}

/// A file whose contents differ.
pub(super) struct Pair<'i> {
    pub(super) number: usize,
    pub(super) path: &'i str,
    pub(super) ids: [Option<FileId>; 2],
}

/// The files of both sides, and the lines that differ.
pub(super) struct Inputs<'a> {
    sources: [&'a Sources; 2],
    files: Vec<File>,
    numbers: [BTreeMap<FileId, usize>; 2],
}

impl<'a> Inputs<'a> {
    /// Compares the files that the runs of both sides read.
    pub(super) fn new(base: &'a Sources, head: &'a Sources) -> Self {
        let sources = [base, head];
        let mut by_path: BTreeMap<&str, [Option<FileId>; 2]> = BTreeMap::new();
        for (side, sources) in sources.iter().enumerate() {
            for (id, path) in sources.files() {
                by_path.entry(path).or_default()[side] = Some(id);
            }
        }
        let mut numbers = [BTreeMap::new(), BTreeMap::new()];
        let mut files = Vec::new();
        for (path, ids) in by_path {
            for (side, id) in ids.iter().enumerate() {
                numbers[side].extend(id.map(|id| (id, files.len())));
            }
            let text = |side: usize| ids[side].map(|id| sources[side].text(id));
            let (old, new) = (text(0).unwrap_or_default(), text(1).unwrap_or_default());
            files.push(File {
                path: path.to_owned(),
                ids,
                lines: Default::default(),
                // A side that does not use a built-in template has not read it.
                hunks: if old == new || path.starts_with("builtin:") {
                    Vec::new()
                } else {
                    hunks(&old, &new)
                },
            });
        }
        Self {
            sources,
            files,
            numbers,
        }
    }

    /// Returns the text at a location, which is short unless it is a block of text.
    pub(super) fn written(&self, at: At, span: Span) -> String {
        let text = self.sources[at as usize].text(span.file);
        let start = span.start as usize;
        let range = start..(span.end as usize).min(start + MAX_LINE_BYTES);
        text.get(range).unwrap_or_default().to_owned()
    }

    /// Returns the first touched line of a location.
    pub(super) fn touched(&self, at: At, span: Span) -> Option<Line> {
        let file = self.number(at, span.file)?;
        if self.files[file].hunks.is_empty() {
            return None;
        }
        // The contents of a whole file have the location of its start.
        let lines = if (span.start, span.end) == (0, 0) {
            0..self.length(at, span.file)
        } else {
            self.lines(at, span)
        };
        self.touched_lines(at, span.file, lines).next()
    }

    /// Returns the first touched line of each change in a range of lines of a file.
    pub(super) fn touched_lines(
        &self,
        at: At,
        id: FileId,
        lines: Range<usize>,
    ) -> impl Iterator<Item = Line> + use<'_> {
        let file = self.number(at, id);
        let hunks = file.map_or(&[][..], |file| &self.files[file].hunks);
        let first = hunks.partition_point(|hunk| side(hunk, at).end <= lines.start);
        let hunks = hunks[first..].iter();
        let inside = hunks.take_while({
            let end = lines.end;
            move |hunk| side(hunk, at).start < end
        });
        inside.filter_map(move |hunk| {
            let changed = side(hunk, at);
            let line = changed.start.max(lines.start);
            let file = file?;
            (!changed.is_empty()).then(|| {
                self.canonical(
                    Line {
                        file,
                        at,
                        number: line,
                    },
                    hunk,
                )
            })
        })
    }

    /// Returns the lines of the only change, if there is exactly one; of a long one, the first line.
    pub(super) fn sole(&self) -> Vec<Line> {
        let mut all = self.all();
        let (Some(first), None) = (all.next(), all.next()) else {
            return Vec::new();
        };
        let hunks = &self.files[first.file].hunks;
        let length = hunks.first().map_or(1, |hunk| side(hunk, first.at).len());
        let count = if length > MAX_SOLE { 1 } else { length };
        let line = |more| Line {
            number: first.number + more,
            ..first
        };
        (0..count).map(line).collect()
    }

    /// Returns the first line of each change.
    pub(super) fn all(&self) -> impl Iterator<Item = Line> + use<'_> {
        let files = self.files.iter().enumerate();
        files.flat_map(move |(file, entry)| {
            entry.hunks.iter().map(move |hunk| {
                let at = if hunk.after.is_empty() {
                    At::Base
                } else {
                    At::Head
                };
                let line = side(hunk, at).start;
                Line {
                    file,
                    at,
                    number: line,
                }
            })
        })
    }

    /// Returns `true` if some lines are of all changes, except those that `is_other` excludes.
    pub(super) fn are_all(
        &self,
        lines: &BTreeSet<Line>,
        is_other: &dyn Fn(usize, &Hunk) -> bool,
    ) -> bool {
        self.files.iter().enumerate().all(|(file, entry)| {
            entry.hunks.iter().all(|hunk| {
                let is_of =
                    |line: &Line| line.file == file && side(hunk, line.at).contains(&line.number);
                lines.iter().any(is_of) || is_other(file, hunk)
            })
        })
    }

    /// Returns `true` if a change is in a file that both sides have.
    pub(super) fn is_of_both(&self, file: usize) -> bool {
        self.files[file].ids.iter().all(Option::is_some)
    }

    /// Returns the number of a file.
    pub(super) fn file(&self, at: At, id: FileId) -> Option<usize> {
        self.number(at, id)
    }

    /// Returns the lines of a location.
    pub(super) fn lines(&self, at: At, span: Span) -> Range<usize> {
        let sources = self.sources[at as usize];
        let first = sources.position(span).line - 1;
        let text = sources.text(span.file);
        let inside = text.get(span.start as usize..span.end as usize);
        let more = inside.map_or(0, |text| text.trim_end().matches('\n').count());
        first..first + more + 1
    }

    /// Returns the lines of the item of a sequence that contains a location: those around it that are indented at least
    /// as much, from the one that begins with `-`.
    pub(super) fn item(&self, at: At, span: Span) -> Range<usize> {
        let here = self.lines(at, span).start;
        let lines = self
            .number(at, span.file)
            .and_then(|file| self.safe_lines(file, at));
        let line = |number: usize| lines.and_then(|lines| lines.written(number));
        // A `-` is a part of the indentation of the keys of its item.
        let content = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
        let indent = line(here).map_or(0, content);
        let is_start = |line: &str| content(line) == indent && line.trim_start().starts_with('-');
        let is_inside =
            |line: &str| line.trim().is_empty() || line.len() - line.trim_start().len() >= indent;
        let mut first = here;
        while first > 0 && !line(first).is_some_and(is_start) {
            if !line(first - 1).is_some_and(|line| is_inside(line) || is_start(line)) {
                break;
            }
            first -= 1;
        }
        if !line(first).is_some_and(is_start) {
            return here..here + 1;
        }
        let below = (here + 1..).take_while(|number| line(*number).is_some_and(is_inside));
        first..here + 1 + below.count()
    }

    /// Returns the files of a side.
    pub(super) fn sources(&self, at: At) -> &'a Sources {
        self.sources[at as usize]
    }

    /// Returns the files whose contents differ.
    pub(super) fn touched_files(&self) -> impl Iterator<Item = Pair<'_>> {
        let files = self.files.iter().enumerate();
        let touched = files.filter(|(_, file)| !file.hunks.is_empty());
        touched.map(|(number, file)| Pair {
            number,
            path: &file.path,
            ids: file.ids,
        })
    }

    /// Returns the first touched line of a file.
    pub(super) fn first_of(&self, file: usize) -> Option<Line> {
        self.all().find(|line| line.file == file)
    }

    /// Returns the number of lines of a file.
    pub(super) fn length(&self, at: At, file: FileId) -> usize {
        let lines = self
            .number(at, file)
            .and_then(|file| self.safe_lines(file, at));
        lines.map_or(0, SafeLines::len)
    }

    fn number(&self, at: At, id: FileId) -> Option<usize> {
        self.numbers[at as usize].get(&id).copied()
    }

    /// Returns the line of the head that replaces a line of the base.
    fn canonical(&self, line: Line, hunk: &Hunk) -> Line {
        if line.at == At::Head {
            return line;
        }
        match self.counterpart(line, hunk) {
            Some(replaced) => Line {
                at: At::Head,
                number: replaced,
                ..line
            },
            None => line,
        }
    }

    /// Returns the line of the other side that a line replaces, or that replaces it.
    fn counterpart(&self, line: Line, hunk: &Hunk) -> Option<usize> {
        let (own, other, at) = match line.at {
            At::Base => (&hunk.before, &hunk.after, At::Head),
            At::Head => (&hunk.after, &hunk.before, At::Base),
        };
        if own.len() == other.len() {
            return Some(other.start + (line.number - own.start));
        }
        if own.len().max(other.len()) > MAX_PAIRED_BY_KEY {
            return None;
        }
        let lines = |at| self.safe_lines(line.file, at);
        let key = key(lines(line.at)?.written(line.number)?)?;
        let others = lines(at)?;
        let has_key = |at: &usize| others.written(*at).and_then(self::key) == Some(key);
        let mut same = other.clone().filter(has_key);
        same.next().filter(|_| same.next().is_none())
    }

    fn safe_lines(&self, file: usize, at: At) -> Option<&SafeLines> {
        let side = at as usize;
        let file = &self.files[file];
        let id = file.ids[side]?;
        Some(file.lines[side].get_or_init(|| SafeLines::new(self.sources[side].text(id))))
    }

    /// Returns a line as it is shown.
    pub(super) fn shown(&self, line: Line) -> InputLine {
        let file = &self.files[line.file];
        let next = file
            .hunks
            .partition_point(|hunk| side(hunk, line.at).end <= line.number);
        let hunk = file.hunks.get(next);
        let other = hunk.and_then(|hunk| self.counterpart(line, hunk));
        let opposite = |at| match at {
            At::Base => At::Head,
            At::Head => At::Base,
        };
        let text = |at, number| {
            self.safe_lines(line.file, at)?
                .shown(number, MAX_LINE_BYTES)
        };
        let own = text(line.at, line.number);
        let other = other.and_then(|other| text(opposite(line.at), other));
        let (before, after) = match line.at {
            At::Base => (own, other),
            At::Head => (other, own),
        };
        InputLine {
            path: file.path.clone(),
            at: line.at,
            number: line.number + 1,
            before,
            after,
        }
    }
}

pub(super) fn side(hunk: &Hunk, at: At) -> &Range<usize> {
    match at {
        At::Base => &hunk.before,
        At::Head => &hunk.after,
    }
}

/// Returns the key that a line sets.
fn key(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("- ");
    Some(&line[..line.find([':', '='])?])
}

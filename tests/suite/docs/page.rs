//! A Markdown page of the documentation.

use std::fs;
use std::sync::Mutex;

use crate::repository;

/// Tests run in parallel, and two of them write pages.
static WRITING: Mutex<()> = Mutex::new(());

/// A Markdown page.
pub(crate) struct Page {
    /// Path in the repository.
    pub(crate) path: String,
    /// Fenced code blocks, in order.
    pub(crate) fences: Vec<Fence>,
    lines: Vec<String>,
}

/// A fenced code block.
pub(crate) struct Fence {
    /// Info string after the first backticks.
    pub(crate) info: String,
    /// Contents.
    pub(crate) text: String,
    /// Line of the first backticks.
    pub(crate) line: usize,
    /// Heading above, and its number.
    pub(crate) heading: String,
    pub(crate) section: usize,
}

/// Returns all pages.
pub(crate) fn pages() -> Vec<Page> {
    let docs = repository::files(&repository::root().join("docs"));
    let mut paths: Vec<String> = docs.iter().map(|path| format!("docs/{path}")).collect();
    let others = [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ];
    paths.extend(others.map(ToOwned::to_owned));
    let optional = [
        "fuzz/README.md",
        "tests/conformance/README.md",
        "testdata/README.md",
    ];
    paths.extend(
        optional
            .into_iter()
            .filter(|path| repository::root().join(path).exists())
            .map(ToOwned::to_owned),
    );
    paths.iter().map(|path| Page::read(path)).collect()
}

impl Page {
    /// Reads a page.
    pub(crate) fn read(path: &str) -> Self {
        let lines: Vec<String> = repository::read(path)
            .lines()
            .map(ToOwned::to_owned)
            .collect();
        let mut fences: Vec<Fence> = Vec::new();
        let mut open: Option<Fence> = None;
        let (mut heading, mut section) = (String::new(), 0);
        for (index, line) in lines.iter().enumerate() {
            match (line.strip_prefix("```"), &mut open) {
                (Some(info), None) => {
                    open = Some(Fence {
                        info: info.to_owned(),
                        text: String::new(),
                        line: index + 1,
                        heading: heading.clone(),
                        section,
                    });
                }
                (Some(_), Some(_)) => fences.extend(open.take()),
                (None, Some(fence)) => {
                    fence.text.push_str(line);
                    fence.text.push('\n');
                }
                (None, None) if line.starts_with('#') => {
                    heading.clone_from(line);
                    section += 1;
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{path}: a fence is not closed");
        Self {
            path: path.to_owned(),
            fences,
            lines,
        }
    }

    /// Returns `true` for a page about messages, whose examples are errors.
    pub(crate) fn is_messages(&self) -> bool {
        self.path.starts_with("docs/reference/messages/")
    }

    /// Returns the number of lines.
    pub(crate) fn lines(&self) -> usize {
        self.lines.len()
    }

    /// Returns the headings of the second level that are one name in backticks, without these.
    pub(crate) fn codes(&self) -> Vec<String> {
        self.headings()
            .filter_map(|heading| heading.strip_prefix("## `")?.strip_suffix('`'))
            .map(ToOwned::to_owned)
            .collect()
    }

    /// Returns the lines outside fences.
    fn prose(&self) -> impl Iterator<Item = &str> {
        let mut inside = false;
        self.lines.iter().map(String::as_str).filter(move |line| {
            let is_mark = line.starts_with("```");
            inside ^= is_mark;
            !inside && !is_mark
        })
    }

    pub(crate) fn headings(&self) -> impl Iterator<Item = &str> {
        self.prose().filter(|line| line.starts_with('#'))
    }

    /// Returns the fences under a heading.
    pub(crate) fn under(&self, heading: &str) -> impl Iterator<Item = &Fence> {
        self.fences
            .iter()
            .filter(move |fence| fence.heading == heading)
    }

    /// Returns the lines from a heading to the next one.
    pub(crate) fn body(&self, heading: &str) -> String {
        let from = self.lines.iter().position(|line| line == heading);
        let rest = &self.lines[from.expect(heading) + 1..];
        let end = rest.iter().position(|line| line.starts_with("##"));
        rest[..end.unwrap_or(rest.len())]
            .iter()
            .flat_map(|line| [line.as_str(), "\n"])
            .collect()
    }

    /// Returns the cells of a table, without the backticks around them.
    pub(crate) fn rows(&self, head: &str) -> Vec<Vec<String>> {
        Self::cells(self.prose(), head)
    }

    /// Returns the cells of the table under a heading; no cells if there is no such table.
    pub(crate) fn rows_under(&self, heading: &str, head: &str) -> Vec<Vec<String>> {
        Self::cells(self.body(heading).lines(), head)
    }

    fn cells<'a>(lines: impl Iterator<Item = &'a str>, head: &str) -> Vec<Vec<String>> {
        let rows = lines.skip_while(|line| *line != head).skip(2);
        rows.take_while(|line| line.starts_with('|'))
            .map(|row| {
                let cells = row.trim_matches('|').split(" | ");
                cells
                    .map(|cell| {
                        let cell = cell.trim();
                        let bare = cell
                            .strip_prefix('`')
                            .and_then(|cell| cell.strip_suffix('`'));
                        bare.unwrap_or(cell).to_owned()
                    })
                    .collect()
            })
            .collect()
    }

    /// Returns the targets of links to files of the repository and headings of this page.
    pub(crate) fn links(&self) -> Vec<String> {
        let prose: String = self.prose().flat_map(|line| [line, "\n"]).collect();
        let targets = prose.split("](").skip(1);
        targets
            .filter_map(|rest| rest.split_once(')'))
            .map(|(target, _)| target.to_owned())
            .filter(|target| !target.contains("://"))
            .collect()
    }

    /// Returns the path of a link's target in the repository, and its anchor.
    pub(crate) fn target<'l>(&self, link: &'l str) -> (String, &'l str) {
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let target = match path {
            "" => self.path.clone(),
            path => self.beside(path),
        };
        (target, anchor)
    }

    /// Returns a path that is relative to this page.
    fn beside(&self, path: &str) -> String {
        let mut names: Vec<&str> = self.path.split('/').collect();
        names.pop();
        for name in path.split('/') {
            match name {
                ".." => assert!(names.pop().is_some(), "{}: {path}", self.path),
                name => names.push(name),
            }
        }
        names.join("/")
    }

    /// Returns the anchors of the headings.
    pub(crate) fn anchors(&self) -> Vec<String> {
        self.headings()
            .map(|heading| anchor(heading.trim_start_matches('#')))
            .collect()
    }
}

/// Returns the anchor that GitHub generates for a heading.
pub(crate) fn anchor(title: &str) -> String {
    let lower = title.trim().to_lowercase();
    let kept = lower
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

impl Fence {
    /// Returns the path of a file.
    pub(crate) fn path(&self) -> Option<&str> {
        self.info.strip_prefix("yaml ")
    }

    /// Returns the commands, each with its output.
    pub(crate) fn commands(&self) -> Vec<(&str, String)> {
        let mut commands: Vec<(&str, String)> = Vec::new();
        for line in self.text.lines() {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command, String::new())),
                (None, Some((_, shown))) => {
                    shown.push_str(line);
                    shown.push('\n');
                }
                (None, None) => panic!("line {}: output without a command", self.line),
            }
        }
        commands
    }
}

/// Returns `true` if `SNAPSHOTS=overwrite` requests the current output in pages.
pub(crate) fn is_overwriting() -> bool {
    std::env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite")
}

/// Replaces a part of a page.
pub(crate) fn overwrite(path: &str, found: &str, expected: &str) {
    let _guard = WRITING.lock();
    let page = repository::read(path).replacen(found, expected, 1);
    fs::write(repository::root().join(path), page).unwrap();
}

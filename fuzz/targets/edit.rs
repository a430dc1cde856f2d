//! Changes to the files of a fleet.

use std::fs;
use std::path::Path;

use libfuzzer_sys::arbitrary::{self, Arbitrary};

use crate::fleet::Fleet;

impl Fleet {
    /// Reads a directory recursively, and sorts the files.
    pub fn read(folder: &Path) -> Self {
        let mut fleet = Self::default();
        fleet.walk(folder, "");
        fleet.files.sort();
        fleet
    }

    fn walk(&mut self, folder: &Path, prefix: &str) {
        for entry in fs::read_dir(folder).expect("a directory") {
            let entry = entry.expect("an entry");
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                self.walk(&entry.path(), &format!("{path}/"));
            } else {
                self.files
                    .push((path, fs::read(entry.path()).expect("a file")));
            }
        }
    }
}

/// A change to one file.
#[derive(Debug, Arbitrary)]
pub struct Edit {
    file: u8,
    change: Change,
}

#[derive(Debug, Arbitrary)]
enum Change {
    /// Replaces a word with another.
    Word {
        word: u16,
        text: Text,
    },
    /// Inserts a string before a word.
    Insert {
        word: u16,
        text: Text,
    },
    /// Replaces everything after the first colon of a line.
    Value {
        line: u16,
        text: Text,
    },
    /// Inserts a line with the indentation of the next line.
    Line {
        line: u16,
        text: Text,
    },
    Remove {
        line: u16,
        count: u8,
    },
    Duplicate {
        line: u16,
    },
    Swap {
        line: u16,
        other: u16,
    },
    /// Inserts arbitrary bytes anywhere.
    Bytes {
        at: u16,
        bytes: Vec<u8>,
    },
    /// Converts to the line endings of other systems.
    Ends {
        with: bool,
    },
}

#[derive(Debug, Arbitrary)]
enum Text {
    Known(u8),
    Entry(u8, u8),
    Expression {
        name: u8,
        operator: u8,
        argument: Box<Text>,
    },
    Free(String),
    Many(u8, u8),
}

const WORDS: [&str; 62] = [
    "",
    "x",
    "ann",
    "staging",
    "production",
    "us-east-1",
    "1",
    "2.50",
    "012",
    "1e400",
    "-0",
    "yes",
    "~",
    "null",
    "true",
    "\"quoted\"",
    "''",
    "\"\\ud83d\\ude00\"",
    "\"\\x7f\"",
    "\"\\u2028\"",
    "\"\\ue0000\\ue001\"",
    "[]",
    "{}",
    "[a, b]",
    "{a: b}",
    "[[{a: [1]}]]",
    "{<<: ${LABELS}}",
    "&a b",
    "*a",
    "&a [*a]",
    "!!str 1",
    "!!int 1",
    "|",
    ">-",
    "|\n  text\n   more",
    "- a",
    "a: b",
    "? a",
    "#",
    "---",
    "...",
    "\n---\n",
    "%YAML 1.2",
    "<<",
    "$$",
    "${",
    "}",
    "{{ x }}",
    "../x",
    "/x",
    "*",
    "**/*.yaml",
    "lists",
    "\"a\\0b\"",
    "builtin:eks",
    "Namespace",
    "Cluster",
    "List",
    "v1",
    "2026-01-01",
    "\u{feff}",
    "Zoë\u{301}",
];

const NAMES: [&str; 30] = [
    "CLUSTER_NAME",
    "NAMESPACE",
    "LABELS",
    "CELL",
    "region",
    "user",
    "type",
    "tags",
    "tags.owner",
    "nodes",
    "cidr",
    "pods",
    "key",
    "value",
    "name",
    "namespace",
    "labels",
    "fields",
    "variables",
    "selector",
    "file",
    "list",
    "default",
    "unique",
    "pattern",
    "$ref",
    "items",
    "metadata",
    "<<",
    "apiVersion",
];

const OPERATORS: [&str; 14] = [
    "", ":=", "=", ":-", "^^", ",", ":", "#", "##", "%", "/a/", "//", "/#", ":1:",
];

impl Text {
    fn write(&self) -> String {
        match self {
            Self::Known(word) => pick(&WORDS, usize::from(*word)).to_owned(),
            Self::Entry(name, word) => {
                let (name, word) = (pick(&NAMES, usize::from(*name)), usize::from(*word));
                format!("{name}: {}", pick(&WORDS, word))
            }
            Self::Expression {
                name,
                operator,
                argument,
            } => {
                let name = pick(&NAMES, usize::from(*name));
                let operator = pick(&OPERATORS, usize::from(*operator));
                let argument = if operator.is_empty() {
                    String::new()
                } else {
                    argument.write()
                };
                format!("${{{name}{operator}{argument}}}")
            }
            Self::Free(text) => text.clone(),
            Self::Many(word, count) => {
                let count = 1 << (count % 12);
                pick(&WORDS, usize::from(*word)).repeat(count)
            }
        }
    }
}

fn pick<'a, T: ?Sized>(from: &[&'a T], index: usize) -> &'a T {
    from[index % from.len()]
}

impl Edit {
    /// Changes a file. If the contents are not UTF-8, only changes of bytes apply.
    pub fn apply(self, fleet: &mut Fleet) {
        let index = usize::from(self.file) % fleet.files.len();
        let content = &mut fleet.files[index].1;
        if let Change::Bytes { at, bytes } = self.change {
            let at = usize::from(at) % (content.len() + 1);
            content.splice(at..at, bytes);
        } else if let Ok(text) = std::str::from_utf8(content) {
            *content = self.change.apply(text).into_bytes();
        }
    }
}

impl Change {
    fn apply(&self, text: &str) -> String {
        match self {
            Self::Word { word, text: new } => replace_word(text, *word, true, &new.write()),
            Self::Insert { word, text: new } => replace_word(text, *word, false, &new.write()),
            Self::Ends { with: true } => text.replace('\n', "\r\n"),
            Self::Ends { with: false } => text.replace('\n', "\r"),
            _ => self.apply_to_lines(text.split('\n').map(ToOwned::to_owned).collect()),
        }
    }

    fn apply_to_lines(&self, mut lines: Vec<String>) -> String {
        let length = lines.len();
        let at = |line: &u16| usize::from(*line) % length;
        match self {
            Self::Value { line, text } => {
                let line = &mut lines[at(line)];
                let end = line.find(": ").map_or(0, |colon| colon + 2);
                line.replace_range(end.., &text.write());
            }
            Self::Line { line, text } => {
                let at = at(line);
                let indent = lines[at].len() - lines[at].trim_start().len();
                lines.insert(at, format!("{}{}", " ".repeat(indent), text.write()));
            }
            Self::Remove { line, count } => {
                let from = at(line);
                let to = (from + 1 + usize::from(count % 4)).min(length);
                lines.drain(from..to);
            }
            Self::Duplicate { line } => lines.insert(at(line), lines[at(line)].clone()),
            Self::Swap { line, other } => lines.swap(at(line), at(other)),
            _ => {}
        }
        lines.join("\n")
    }
}

/// Replaces a word with a string, or inserts the string before the word.
fn replace_word(text: &str, word: u16, is_replaced: bool, new: &str) -> String {
    let is_inner = |c: char| c.is_alphanumeric() || "_-.$".contains(c);
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|(at, c)| is_inner(*c) && !text[..*at].ends_with(is_inner))
        .map(|(at, _)| at)
        .collect();
    if starts.is_empty() {
        return format!("{text}{new}");
    }
    let start = starts[usize::from(word) % starts.len()];
    let length = text[start..]
        .find(|c| !is_inner(c))
        .unwrap_or(text.len() - start);
    let end = if is_replaced { start + length } else { start };
    format!("{}{new}{}", &text[..start], &text[end..])
}

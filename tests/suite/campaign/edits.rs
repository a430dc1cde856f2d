//! The edits of a fleet: of every file, and of every key and item of its files.

use std::collections::BTreeMap;

use super::FleetFiles;

/// An edit of one file.
pub(super) struct Edit {
    /// The path of the file.
    pub(super) file: String,
    /// The path of the edited key or item in the file; empty for the whole file.
    pub(super) path: String,
    /// `delete`, `empty`, `rename` (a key) or `change` (a value).
    pub(super) change: &'static str,
    /// The contents after the edit; `None` if the file is deleted.
    pub(super) after: Option<String>,
    /// What the edit names: the paths, and the lines that it changes.
    pub(super) names: String,
}

/// The directories of manifests, in which other keys are only other contents.
const CONTENTS: [&str; 5] = [
    "templates/",
    "rings/",
    "values/",
    "platform/crds/",
    "platform/profiles/",
];

/// Returns all edits, in the order of the files and their lines.
pub(super) fn edits(fleet: &FleetFiles) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (file, text) in fleet {
        let whole = |change, after| Edit {
            file: file.clone(),
            path: String::new(),
            change,
            after,
            names: file.clone(),
        };
        edits.push(whole("delete", None));
        edits.push(whole("empty", Some(String::new())));
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        if file.strip_suffix(".yaml").is_some() {
            of_yaml(file, &lines, &mut edits);
        } else {
            of_lines(file, &lines, &mut edits);
        }
    }
    edits
}

/// Adds edits of a file whose lines are not YAML: each line is deleted or changed.
fn of_lines(file: &str, lines: &[&str], edits: &mut Vec<Edit>) {
    for (at, line) in lines.iter().enumerate() {
        let mut add = |change, with: String| {
            edits.push(Edit {
                file: file.to_owned(),
                path: format!("line {}", at + 1),
                change,
                after: Some(lines[..at].concat() + &with + &lines[at + 1..].concat()),
                names: format!("{file} {line}"),
            });
        };
        add("delete", String::new());
        // The last letter of the first value.
        let ends = line.char_indices().filter(|(end, letter)| {
            let next = line[end + letter.len_utf8()..].chars().next();
            letter.is_alphanumeric() && !next.is_some_and(char::is_alphanumeric)
        });
        if let Some((end, _)) = ends.take(2).last() {
            add("change", format!("{}x{}", &line[..=end], &line[end + 1..]));
        }
    }
}

/// An enclosing key or item.
struct Outer {
    indent: usize,
    is_item: bool,
    path: String,
}

/// Adds edits of the keys and items of a file in block style.
fn of_yaml(file: &str, lines: &[&str], edits: &mut Vec<Edit>) {
    let mut outer: Vec<Outer> = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut document = String::new();
    for (at, line) in lines.iter().enumerate() {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        if content == "---" {
            document.push('+');
            outer.clear();
        }
        if content.is_empty() || content.starts_with('#') || content == "---" {
            continue;
        }
        let is_item = content.starts_with("- ");
        while outer.last().is_some_and(|last| {
            last.indent > indent || (last.indent == indent && (!is_item || last.is_item))
        }) {
            outer.pop();
        }
        let mut parent = outer
            .last()
            .map_or(document.clone(), |last| last.path.clone());
        let mut column = indent;
        let block = Block { file, lines, at };
        if is_item {
            let count = counts.entry(parent.clone()).or_default();
            parent = format!("{parent}[{count}]");
            *count += 1;
            let end = block.end(indent, false);
            edits.push(block.edit(&parent, "delete", end, ""));
            column += 2;
            let path = parent.clone();
            outer.push(Outer {
                indent,
                is_item,
                path,
            });
        }
        let rest = &line[column..].trim_end();
        let Some((key, value)) = key_and_value(rest) else {
            let with = format!("{}{}\n", &line[..column], changed(rest));
            edits.push(block.edit(&parent, "change", at + 1, &with));
            continue;
        };
        let path = match parent.as_str() {
            parent if parent.is_empty() || parent.ends_with('+') => format!("{parent}{key}"),
            parent => format!("{parent}.{key}"),
        };
        let end = block.end(column, true);
        if !is_item {
            edits.push(block.edit(&path, "delete", end, ""));
        }
        let start = &line[..column];
        let is_content = CONTENTS.iter().any(|directory| file.starts_with(directory));
        let quoted = format!("{start}{key}x: {value}\n").replace("\"x:", "x\":");
        if !is_content {
            edits.push(block.edit(&path, "empty", end, &format!("{start}{key}:\n")));
            edits.push(block.edit(&path, "rename", at + 1, &quoted));
        }
        if !value.is_empty() {
            let with = format!("{start}{key}: {}\n", changed(value));
            edits.push(block.edit(&path, "change", at + 1, &with));
        }
        outer.push(Outer {
            indent: column,
            is_item: false,
            path,
        });
    }
}

/// Returns the key and the value of a line, or `None` if it has no key.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    match line.strip_suffix(':') {
        Some(key) if !key.contains(": ") => Some((key, "")),
        _ => line
            .split_once(": ")
            .filter(|(key, _)| !key.starts_with('{')),
    }
}

/// Returns another value: the first item of a sequence is missing, or the end of a string is another one.
fn changed(value: &str) -> String {
    if let Some(items) = value.strip_prefix('[') {
        let rest = items.split_once(", ").map_or("]", |(_, rest)| rest);
        return format!("[{rest}");
    }
    let end = value.trim_end_matches(['"', '}', ']']).len();
    format!("{}x{}", &value[..end], &value[end..])
}

/// A line, with the lines below it.
struct Block<'a> {
    file: &'a str,
    lines: &'a [&'a str],
    at: usize,
}

impl Block<'_> {
    /// Returns the end of the lines that belong to the line.
    fn end(&self, column: usize, is_key: bool) -> usize {
        let belongs = |line: &&&str| {
            let indent = line.len() - line.trim_start().len();
            let is_item_of_key = is_key && indent == column && line.trim_start().starts_with("- ");
            line.trim() != "---" && (indent > column || is_item_of_key)
        };
        let below = self.lines[self.at + 1..].iter();
        self.at + 1 + below.take_while(belongs).count()
    }

    /// Returns the edit that replaces the lines up to `end`.
    fn edit(&self, path: &str, change: &'static str, end: usize, with: &str) -> Edit {
        let before = self.lines[..self.at].concat();
        let edited = self.lines[self.at..end].concat();
        Edit {
            file: self.file.to_owned(),
            path: path.to_owned(),
            change,
            after: Some(before + with + &self.lines[end..].concat()),
            names: format!("{} {path} {edited}", self.file),
        }
    }
}

//! Blocks of prose: paragraphs, comments and strings, each joined to one line, without code.

use std::path::Path;

use super::source;
use crate::repository::{self, read, root};

/// A paragraph, a comment or a string.
pub(super) struct Block {
    pub(super) path: String,
    /// The first line, counted from 1.
    pub(super) line: usize,
    pub(super) text: String,
}

/// Collects the lines of paragraphs and comments.
pub(super) struct Blocks {
    path: String,
    pub(super) found: Vec<Block>,
    open: Option<Block>,
}

impl Blocks {
    pub(super) fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            found: Vec::new(),
            open: None,
        }
    }

    /// Adds a line to the open block, or opens a block.
    pub(super) fn add(&mut self, number: usize, line: &str) {
        let block = self.open.get_or_insert_with(|| Block {
            path: self.path.clone(),
            line: number + 1,
            text: String::new(),
        });
        block.text.push(' ');
        block.text.push_str(line.trim());
    }

    /// Closes the open block. Code between backticks is not prose.
    pub(super) fn close(&mut self) {
        if let Some(mut block) = self.open.take() {
            let parts: Vec<&str> = block.text.split('`').step_by(2).collect();
            let prose = parts.join("`");
            prose.trim().clone_into(&mut block.text);
            self.found.push(block);
        }
    }

    /// Adds a string of a source file as one block, if it contains a space.
    pub(super) fn add_string(&mut self, number: usize, string: &str) {
        self.close();
        if string.contains(' ') {
            let words: Vec<&str> = string.split_whitespace().collect();
            self.add(number, &words.join(" "));
            self.close();
        }
    }
}

/// Returns the paragraphs, list items, table rows and headings of Markdown pages, without code blocks.
pub(super) fn pages() -> Vec<Block> {
    let top = [
        "README",
        "ARCHITECTURE",
        "CHANGELOG",
        "CONTRIBUTING",
        "SECURITY",
    ];
    let mut paths: Vec<String> = top.iter().map(|name| format!("{name}.md")).collect();
    let docs = repository::files(&root().join("docs")).into_iter();
    paths.extend(docs.map(|path| format!("docs/{path}")));
    paths.retain(|path| Path::new(path).extension() == Some("md".as_ref()));
    let page = |path: &String| {
        let mut blocks = Blocks::new(path);
        let mut is_code = false;
        for (number, line) in read(path).lines().enumerate() {
            let start = line.trim_start();
            let is_fence = start.starts_with("```");
            let is_item = ["- ", "* ", "|", "#", "<"]
                .iter()
                .any(|sign| start.starts_with(sign));
            if is_fence || is_code || is_item || start.is_empty() {
                blocks.close();
            }
            is_code ^= is_fence;
            if !is_code && !is_fence && !start.is_empty() {
                blocks.add(number, line);
            }
        }
        blocks.close();
        blocks.found
    };
    paths.iter().flat_map(page).collect()
}

/// Returns the comments and the strings with spaces of Rust and Go files.
pub(super) fn sources() -> Vec<Block> {
    let mut found = Vec::new();
    for dir in ["src", "tests", "benches", "fuzz/targets"] {
        for path in repository::files(&root().join(dir)) {
            let path = format!("{dir}/{path}");
            let is_go = match Path::new(&path)
                .extension()
                .and_then(|extension| extension.to_str())
            {
                Some("rs") => false,
                Some("go") => true,
                _ => continue,
            };
            // The phrases themselves.
            if path != "tests/suite/wording.rs" {
                found.extend(source::blocks(&path, &read(&path), is_go));
            }
        }
    }
    found
}

/// Returns the comments that begin with `#` in configuration, scripts and built-in templates.
pub(super) fn configurations() -> Vec<Block> {
    let mut paths: Vec<String> = [
        ".ci/run",
        "Cargo.toml",
        "Dockerfile",
        "clippy.toml",
        "deny.toml",
        "plugin.yaml",
    ]
    .map(str::to_owned)
    .to_vec();
    for dir in ["src/builtin", "tests/conformance", "examples"] {
        let files = repository::files(&root().join(dir)).into_iter();
        let is_checked = |path: &String| {
            let extension = Path::new(path).extension();
            extension
                .is_none_or(|extension| ["sh", "yaml", "env"].iter().any(|one| extension == *one))
        };
        paths.extend(files.filter(is_checked).map(|path| format!("{dir}/{path}")));
    }
    let comments = |path: &String| {
        let mut blocks = Blocks::new(path);
        for (number, line) in read(path).lines().enumerate() {
            match line.trim_start().strip_prefix('#') {
                Some(comment) if !comment.trim().is_empty() => blocks.add(number, comment),
                _ => blocks.close(),
            }
        }
        blocks.close();
        blocks.found
    };
    paths.iter().flat_map(comments).collect()
}

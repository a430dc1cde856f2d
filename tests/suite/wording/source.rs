//! Comments and strings of Rust and Go files.

use super::blocks::{Block, Blocks};

/// Returns the comments and the strings with spaces of a file.
pub(super) fn blocks(path: &str, contents: &str, is_go: bool) -> Vec<Block> {
    let mut blocks = Blocks::new(path);
    let mut at = 0;
    let mut number = 0;
    let mut is_line_start = true;
    while let Some(next) = contents[at..].chars().next() {
        let rest = &contents[at..];
        let (length, string) = if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            let comment = rest[2..end].trim_start_matches(['/', '!']);
            if !is_line_start || comment.trim().is_empty() {
                blocks.close();
            }
            if !comment.trim().is_empty() {
                blocks.add(number, comment);
            }
            (end, None)
        } else if next.is_whitespace() {
            (next.len_utf8(), None)
        } else {
            blocks.close();
            let before = contents[..at].chars().next_back();
            token(rest, before, is_go)
        };
        is_line_start = next == '\n' || (is_line_start && next.is_whitespace());
        if let Some(string) = string {
            blocks.add_string(number, &string.replace("\\n", " ").replace("\\\n", " "));
        }
        number += rest[..length].matches('\n').count();
        at += length;
    }
    blocks.close();
    blocks.found
}

/// Returns the length of the token at the start of `rest`, and the contents of a string.
fn token(rest: &str, before: Option<char>, is_go: bool) -> (usize, Option<&str>) {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    let is_word = before.is_some_and(|before| before.is_alphanumeric() || before == '_');
    if let Some(raw) = rest.strip_prefix('r').filter(|_| !is_go && !is_word) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let start = hashes + 2;
            let end = format!("\"{}", "#".repeat(hashes));
            let length = rest[start..].find(&end).unwrap_or(rest.len() - start);
            return (
                start + length + end.len(),
                Some(&rest[start..start + length]),
            );
        }
    }
    if is_go && rest.starts_with('`') {
        let length = rest[1..].find('`').unwrap_or(rest.len() - 1);
        return (length + 2, Some(&rest[1..=length]));
    }
    if let Some(string) = rest.strip_prefix('"') {
        let mut is_escaped = false;
        let end = string.find(|next| {
            let is_end = next == '"' && !is_escaped;
            is_escaped = next == '\\' && !is_escaped;
            is_end
        });
        let length = end.unwrap_or(string.len() - 1);
        return (length + 2, Some(&string[..length]));
    }
    // A character can be a quote; a lifetime has no end.
    if let Some(escape) = rest.strip_prefix("'\\") {
        return (escape.find('\'').map_or(2, |end| end + 3), None);
    }
    let mut characters = rest.char_indices();
    if rest.starts_with('\'') && characters.nth(2).is_some_and(|(_, third)| third == '\'') {
        let inner = rest[1..].chars().next().map_or(1, char::len_utf8);
        return (inner + 2, None);
    }
    (first, None)
}

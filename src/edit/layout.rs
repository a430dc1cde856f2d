//! Lines and blocks of a list.

use crate::source::Span;
use crate::tree::{Entry, Node};

/// A character with which editors begin a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Returns the offset of the first character of the line at an offset.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let begin = text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len();
    text[..at].rfind('\n').map_or(begin, |end| end + 1)
}

/// Returns the spans of the entries of a mapping or the items of a sequence.
pub(super) fn members_of(node: &Node) -> Option<Vec<Span>> {
    match (node.entries(), node.items()) {
        (Some(entries), _) => Some(entries.iter().map(extent).collect()),
        (_, Some(items)) => Some(items.iter().map(|item| item.span).collect()),
        _ => None,
    }
}

/// Returns the span of an entry's key and value.
fn extent(entry: &Entry) -> Span {
    entry.key.span.to(entry.value.span)
}

/// Returns the end of the block that begins in the line at `start`: before the next line with at most
/// the same indentation, and before the comments above that line.
pub(super) fn block_end(text: &str, start: usize, column: usize) -> usize {
    let mut end = start;
    let mut at = start;
    for (number, line) in text[start..].split_inclusive('\n').enumerate() {
        let content = line.trim();
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_loose = content.is_empty() || (content.starts_with('#') && indent <= column);
        if number > 0 && !is_loose && indent <= column {
            return end;
        }
        at += line.len();
        if !is_loose {
            end = at;
        }
    }
    end
}

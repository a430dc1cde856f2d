//! Removal of ranges from a file that keeps its line ends.

use std::ops::Range;

/// Returns a file without ranges. The ranges are sorted, do not overlap, and count each line end as one byte. If the
/// file has no line end at its end, neither has the result.
pub fn cut(file: &str, ranges: &[Range<usize>]) -> String {
    let mut kept = String::with_capacity(file.len());
    let mut at = 0;
    let mut ranges = ranges.iter().peekable();
    let mut bytes = file.char_indices().peekable();
    while let Some((start, found)) = bytes.next() {
        let mut end = start + found.len_utf8();
        let mut size = found.len_utf8();
        if found == '\r' && bytes.next_if(|(_, next)| *next == '\n').is_some() {
            end += 1;
            size = 1;
        }
        while ranges.next_if(|range| range.end <= at).is_some() {}
        if ranges.peek().is_none_or(|range| range.start > at) {
            kept.push_str(&file[start..end]);
        }
        at += size;
    }
    if !file.ends_with('\n') {
        let end = kept.trim_end_matches(['\r', '\n']).len();
        kept.truncate(end);
    }
    kept
}

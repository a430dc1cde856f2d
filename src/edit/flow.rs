//! Removal of a member from a mapping or sequence in flow style, such as JSON.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::source::Span;

/// Returns `true` if the mapping or sequence that ends with the member `last` is in flow style.
pub(super) fn is_flow(text: &str, last: Span) -> bool {
    let next = after_blank(text, last.end as usize);
    let next = match text[next..].strip_prefix(',') {
        Some(_) => after_blank(text, next + 1),
        None => next,
    };
    text[next..].starts_with([']', '}'])
}

/// Returns the ranges to remove for some members: each member, its comma, the lines that would be blank, and the comma
/// after the last member that is kept if nothing follows it.
pub(super) fn ranges(text: &str, spans: &[Span], removed: &BTreeSet<usize>) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = removed.iter().map(|at| range(text, spans[*at])).collect();
    let last = spans.len() - 1;
    let kept = (0..=last).rev().find(|at| !removed.contains(at));
    if let Some(kept) = kept.filter(|kept| *kept < last)
        && comma_after(text, spans[last].end as usize).is_none()
        && let Some(comma) = comma_after(text, spans[kept].end as usize)
    {
        let next = spans[kept + 1].start as usize;
        let is_blank = text[comma + 1..next].trim_matches(' ').is_empty();
        ranges.push(comma..if is_blank { next } else { comma + 1 });
    }
    ranges
}

/// Returns the range of a member, with its comma, and with its lines if nothing else is in them.
fn range(text: &str, span: Span) -> Range<usize> {
    let (start, end) = (span.start as usize, span.end as usize);
    let own = comma_after(text, end);
    let end = own.map_or(end, |comma| comma + 1);
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let rest = text[end..].split('\n').next().unwrap_or_default();
    let is_rest_blank = rest.trim().is_empty() || rest.trim_start().starts_with('#');
    let line_end = end + rest.len();
    if text[line..start].trim().is_empty() && is_rest_blank && line_end < text.len() {
        line..line_end + 1
    } else if own.is_some() {
        start..end + (rest.len() - rest.trim_start_matches(' ').len())
    } else {
        start..end
    }
}

/// Returns the offset of the comma after a member.
pub(super) fn comma_after(text: &str, end: usize) -> Option<usize> {
    let at = after_blank(text, end);
    text[at..].starts_with(',').then_some(at)
}

/// Returns the offset of the first byte that belongs to no blank and no comment.
fn after_blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let found = rest.trim_start();
        at += rest.len() - found.len();
        if !found.starts_with('#') {
            return at;
        }
        at += found.find('\n').unwrap_or(found.len());
    }
}

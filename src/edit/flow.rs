//! Removal of a member from a mapping or sequence in flow style, such as JSON.

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

/// Returns the ranges to remove for the member `spans[at]`: the member, its comma or, for the last one, the comma
/// before it, and the lines that would be blank.
pub(super) fn ranges(text: &str, spans: &[Span], at: usize) -> Vec<Range<usize>> {
    let (start, end) = (spans[at].start as usize, spans[at].end as usize);
    let own = comma_after(text, end);
    let end = own.map_or(end, |comma| comma + 1);
    let previous = at.checked_sub(1).filter(|_| own.is_none());
    let previous = previous.and_then(|at| comma_after(text, spans[at].end as usize));
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let rest = text[end..].split('\n').next().unwrap_or_default();
    let is_rest_blank = rest.trim().is_empty() || rest.trim_start().starts_with('#');
    let line_end = end + rest.len();
    let member = if text[line..start].trim().is_empty() && is_rest_blank && line_end < text.len() {
        line..line_end + 1
    } else if own.is_some() {
        start..end + (rest.len() - rest.trim_start_matches(' ').len())
    } else {
        start..end
    };
    match previous {
        Some(comma) if text[comma + 1..start].trim_matches(' ').is_empty() => {
            std::iter::once(comma..member.end).collect()
        }
        Some(comma) => vec![comma..comma + 1, member],
        None => vec![member],
    }
}

/// Returns the offset of the comma after a member.
fn comma_after(text: &str, end: usize) -> Option<usize> {
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

//! Insertion of a member after the last one, in the layout of that one.

use super::flow::{comma_after, is_flow};
use super::layout::{block_end, line_start, members_of};
use super::new_member::{NewMember, NewValue};
use super::style::Style;
use crate::source::Span;
use crate::tree::Node;

/// A string to insert at an offset, at which each line end counts as one byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// The offset.
    pub at: usize,
    /// The text, with `\n` as line end.
    pub text: String,
}

/// Returns what to insert for a new member of a mapping or a sequence, or `None` if its layout is not supported.
pub fn insertions(
    text: &str,
    parent: &Node,
    member: &NewMember,
    is_json: bool,
) -> Option<Vec<Insertion>> {
    let members = members_of(parent)?;
    let Some(last) = members.last().copied() else {
        let start = parent.span.start as usize;
        let style = Style::new(is_json);
        let is_collection = text[start..].starts_with(['{', '[']);
        return is_collection.then(|| vec![insertion(start + 1, style.line(member))]);
    };
    let written = text.get(last.start as usize..last.end as usize)?;
    let style =
        Style::new(is_json || written.starts_with(['"', '\'']) || written.starts_with("{\""));
    if is_flow(text, last) {
        Some(into_flow(text, last, member, style))
    } else {
        let value = match (parent.entries(), parent.items()) {
            (Some(entries), _) => &entries.last()?.value,
            (_, Some(items)) => items.last()?,
            _ => return None,
        };
        into_block(text, last, value, member, style)
    }
}

/// Returns what to insert at the end of a file without members.
pub fn append(text: &str, member: &NewMember) -> Vec<Insertion> {
    let line = Style::new(false).line(member);
    vec![line_at(text, text.len(), &line)]
}

/// Returns the contents of a file with the fields of one member.
pub fn document(fields: &[(String, Node)], is_json: bool) -> String {
    let style = Style::new(is_json);
    if fields.is_empty() {
        return "{}\n".to_owned();
    }
    if is_json {
        return format!("{}\n", style.pretty(fields, "", "  "));
    }
    style.lines(fields)
}

fn insertion(at: usize, text: String) -> Insertion {
    Insertion { at, text }
}

/// Returns the insertion of a line at an offset, which is the start of a line or the end of the file.
fn line_at(text: &str, at: usize, line: &str) -> Insertion {
    let before = &text[..at];
    let is_start = before.is_empty() || before.ends_with('\n');
    insertion(
        at,
        if is_start {
            format!("{line}\n")
        } else {
            format!("\n{line}")
        },
    )
}

/// Returns what to insert into a mapping or sequence in flow style: on a line of its own if the last member is so.
fn into_flow(text: &str, last: Span, member: &NewMember, style: Style) -> Vec<Insertion> {
    let (start, end) = (last.start as usize, last.end as usize);
    let comma = comma_after(text, end);
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let indent = &text[line..start];
    let after = comma.map_or(end, |comma| comma + 1);
    let rest = text[after..].split('\n').next().unwrap_or_default();
    let is_rest_blank = rest.trim().is_empty() || rest.trim_start().starts_with('#');
    let line_end = after + rest.len();
    let is_own_line =
        line > 0 && indent.trim().is_empty() && is_rest_blank && line_end < text.len();
    if !is_own_line {
        return match comma {
            None => vec![insertion(end, format!(", {}", style.line(member)))],
            Some(comma) => vec![insertion(comma + 1, format!("{},", style.line(member)))],
        };
    }
    let second = text[start..end].split('\n').nth(1);
    let inner = second.map(|line| &line[..line.len() - line.trim_start().len()]);
    let shown = match (
        inner.and_then(|inner| inner.strip_prefix(indent)),
        &member.value,
    ) {
        (Some(unit), NewValue::Fields(fields)) if !fields.is_empty() && !unit.is_empty() => {
            style.keyed(member, &style.pretty(fields, indent, unit))
        }
        _ => style.line(member),
    };
    let mut found = Vec::new();
    if comma.is_none() {
        found.push(insertion(end, ",".to_owned()));
    }
    let comma = if comma.is_some() { "," } else { "" };
    found.push(insertion(line_end, format!("\n{indent}{shown}{comma}")));
    found
}

/// Returns the lines to insert into a mapping or sequence in block style, or `None` if the line of the last member
/// contains something else.
fn into_block(
    text: &str,
    last: Span,
    value: &Node,
    member: &NewMember,
    style: Style,
) -> Option<Vec<Insertion>> {
    let (start, end) = (last.start as usize, last.end as usize);
    let line = line_start(text, start);
    let before = text[line..start].trim_start_matches(' ');
    if !(before.is_empty() || before.trim_end() == "-") {
        return None;
    }
    let column = (start - line) - before.len();
    // A block scalar can end after lines that look blank.
    let mut at = block_end(text, line, column);
    if end > at {
        let rest = text[end..]
            .find('\n')
            .map_or(text.len(), |line| end + line + 1);
        at = if text[..end].ends_with('\n') {
            end
        } else {
            rest
        };
    }
    let indent = " ".repeat(column);
    let first = value.entries().and_then(<[_]>::first);
    let inner = first
        .map(|first| first.key.span.start as usize)
        .filter(|_| {
            // The mapping is in block style if it does not begin with a brace.
            !text[value.span.start as usize..].starts_with('{')
        });
    let shown = match (&member.value, inner) {
        (NewValue::Lines(lines), _) => style.keyed(member, &block_scalar(lines, column + 2)),
        (NewValue::Fields(fields), Some(inner)) if !fields.is_empty() => {
            let width = inner.checked_sub(line_start(text, inner))?;
            let lines = style
                .lines(fields)
                .replace('\n', &format!("\n{}", " ".repeat(width)));
            let lines = lines.trim_end();
            match &member.key {
                Some(key) => {
                    let width = " ".repeat(width);
                    format!("{}:\n{width}{lines}", style.key(key))
                }
                None => format!("-{}{lines}", " ".repeat(width.checked_sub(column + 1)?)),
            }
        }
        _ => style.line(member),
    };
    let dash = if member.key.is_none() && !shown.starts_with('-') {
        "- "
    } else {
        ""
    };
    Some(vec![line_at(text, at, &format!("{indent}{dash}{shown}"))])
}

/// Returns lines as a block scalar in a column.
fn block_scalar(lines: &str, column: usize) -> String {
    let indent = " ".repeat(column);
    let lines: Vec<String> = lines
        .lines()
        .map(|line| format!("\n{indent}{line}"))
        .collect();
    format!("|{}", lines.concat())
}

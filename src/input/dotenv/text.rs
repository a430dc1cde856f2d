//! What stands at an offset of a text, before its quotes are read.

/// The name that a text begins with at an offset; may be empty.
pub(super) fn name_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let end = rest.bytes().position(|byte| !is_part(byte));
    match &rest[..end.unwrap_or(rest.len())] {
        digit if digit.starts_with(|first: char| first.is_ascii_digit()) => "",
        name => name,
    }
}

/// What stands at an offset up to a blank, an operator or a line end, whatever its quotes say.
pub(super) fn bare_word(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = rest.bytes().position(is_separator);
    &rest[..end.unwrap_or(rest.len())]
}

/// Whether a byte ends a word where it is not quoted.
pub(super) fn is_separator(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\n' | b';' | b'|' | b'&' | b'<' | b'>' | b'(' | b')'
    )
}

/// Where the line of an offset ends.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end)
}

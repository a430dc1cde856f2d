//! Functions that find names, words and line ends at an offset.

/// Returns the name of a variable at an offset; it can be empty.
pub(super) fn name_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let end = rest.bytes().position(|byte| !is_part(byte));
    match &rest[..end.unwrap_or(rest.len())] {
        digit if digit.starts_with(|first: char| first.is_ascii_digit()) => "",
        name => name,
    }
}

/// Returns the word at an offset up to whitespace, an operator or a line end, regardless of quotes.
pub(super) fn bare_word(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = rest.bytes().position(is_separator);
    &rest[..end.unwrap_or(rest.len())]
}

/// Returns `true` if a byte ends a word when it is not quoted.
pub(super) fn is_separator(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\n' | b';' | b'|' | b'&' | b'<' | b'>' | b'(' | b')'
    )
}

/// Returns the offset of the end of the line.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end)
}
